import Foundation
import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("SchemaInstance")
struct SchemaInstanceTests {
  private func instance(_ schema: String, seed: UInt64 = 1, variety: Double = 0, manner: UInt64 = 1) throws -> String {
    let body = ByteBuffer(string: schema)
    let bytes = body.readableBytesUInt8Span
    let parsed = JSONValue(bytes, 0..<bytes.count)
    let value = try #require(parsed)
    let wording = Wording(phrasebook: .english, variety: variety, manner: SeededRandom(seed: manner))
    var instance = SchemaInstance(schema: value, content: SeededRandom(seed: seed), wording: wording)
    return instance.text()
  }

  private func object(_ schema: String, seed: UInt64 = 1) throws -> [String: Any] {
    try Wire.object(try instance(schema, seed: seed))
  }

  @Test(
    "Every kind of value is of its kind and within its bounds, whatever is drawn", arguments: 0..<50 as Range<UInt64>)
  func kinds(seed: UInt64) throws {
    let found = try object(
      #"""
      {"type":"object","required":["city","unit","days","share","on","none","when","tags","id","code","odd"],"properties":{
        "city":{"type":"string","minLength":3,"maxLength":12},"unit":{"enum":["C","F"]},
        "days":{"type":"integer","minimum":3,"maximum":9},"share":{"type":"number","exclusiveMinimum":0,"maximum":1},
        "on":{"type":"boolean"},"none":{"type":"null"},"when":{"type":"string","format":"date"},
        "tags":{"type":"array","items":{"type":"string"},"minItems":3},"id":{"const":"x-1"},
        "code":{"type":["null","integer"],"exclusiveMaximum":-2},"odd":{"type":"integer","multipleOf":7,"minimum":8}}}
      """#, seed: seed)
    #expect((3...12).contains((found["city"] as? String)?.count ?? 0))
    #expect(["C", "F"].contains(found["unit"] as? String))
    #expect((3...9).contains(found["days"] as? Int ?? 0))
    let share = found["share"] as? Double ?? 0
    #expect(share > 0 && share <= 1)
    #expect(found["on"] is Bool && found["none"] is NSNull)
    #expect((found["when"] as? String)?.wholeMatch(of: /2026-11-[12][0-9]/) != nil)
    #expect((found["tags"] as? [String])?.count ?? 0 >= 3)
    #expect(found["id"] as? String == "x-1")
    #expect((found["code"] as? Int ?? 0) < -2)
    let odd = found["odd"] as? Int ?? 0
    #expect(odd >= 8 && odd % 7 == 0)
  }

  @Test("References, choices and parts are followed, a schema that contains itself comes to an end")
  func composed() throws {
    for seed in 0..<20 as Range<UInt64> {
      let found = try object(
        ##"""
        {"$defs":{"Node":{"type":"object","required":["name","next"],"properties":{"name":{"type":"string"},
          "next":{"anyOf":[{"$ref":"#/$defs/Node"},{"type":"null"}]}}},"Named":{"properties":{"title":{"type":"string"}},
          "required":["title"]}},
         "allOf":[{"$ref":"#/$defs/Named"},{"properties":{"tree":{"$ref":"#/$defs/Node"}},"required":["tree"]}]}
        """##, seed: seed)
      #expect(found["title"] is String)
      let tree = try #require(found["tree"] as? [String: Any])
      #expect(tree["name"] is String && tree["next"] != nil)
    }
  }

  @Test("The draws alone decide: variety changes the wording of strings, never the shape")
  func variety() throws {
    let schema = #"""
      {"type":"object","properties":{"note":{"type":"string"},"list":{"type":"array","items":{"type":"string"}},
       "n":{"type":"integer"}},"required":["note","list","n"]}
      """#
    let plain = try instance(schema)
    #expect(try instance(schema, manner: 2) == plain)
    let varied = try (0..<20 as Range<UInt64>).map { try instance(schema, variety: 1, manner: $0) }
    #expect(Set(varied).count > 5)
    for text in varied {
      let found = try Wire.object(text)
      #expect(Set(found.keys) == ["note", "list", "n"])
      #expect(found["n"] as? Int == (try Wire.object(plain))["n"] as? Int)
      #expect((found["list"] as? [Any])?.count == ((try Wire.object(plain))["list"] as? [Any])?.count)
    }
  }

  @Test(
    "What is no schema, or cannot be satisfied, is answered with some JSON",
    arguments: [
      "{}", "[]", "true", ##"{"$ref":"#/nowhere"}"##, ##"{"$ref":"#"}"##, #"{"type":"array","minItems":1e9}"#,
      #"{"type":"integer","minimum":5,"maximum":1}"#, #"{"type":"string","minLength":1e300}"#,
      #"{"type":"number","multipleOf":0}"#, #"{"multipleOf":-inf,"minimum":-1}"#,
      #"{"maxItems":-3,"items":{}}"#, #"{"type":"integer","minimum":1e300}"#, #"{"maximum":-1e308}"#,
      #"{"enum":[]}"#, #"{"anyOf":[]}"#, ##"{"allOf":[{"$ref":"#"}]}"##, #"{"required":["a","a"]}"#,
    ])
  func hostile(schema: String) throws {
    let text = try instance(schema)
    let found = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    #expect(found is NSNull == (text == "null"))
    #expect(text.utf8.count < 100_000)
  }
}
