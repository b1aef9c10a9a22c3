/// Tests the part of JSON Schema that is read, keyword by keyword.

import Dialects
import Testing

@testable import ResponseDiff

@Suite("SchemaCheck")
struct SchemaCheckTests {
  private func violation(_ value: String, _ schema: String) throws -> SchemaCheck.Violation? {
    SchemaCheck(try #require(JSONTree(text: schema))).violation(by: try #require(JSONTree(text: value)))
  }

  @Test(
    "Each keyword accepts and refuses",
    arguments: [
      (#"{"type":"string"}"#, #""a""#, "1"), (#"{"type":"integer"}"#, "1.0", "1.5"),
      (#"{"type":"integer"}"#, "1e3", "1e-3"),
      (#"{"type":["null","boolean"]}"#, "null", "0"), (#"{"enum":[1,"a"]}"#, "1.0", #""b""#),
      (#"{"const":{"a":[1,2]}}"#, #"{"a":[1,2.0]}"#, #"{"a":[2,1]}"#), (#"{"required":["a"]}"#, #"{"a":null}"#, "{}"),
      (#"{"properties":{"a":{"type":"number"}}}"#, #"{"b":""}"#, #"{"a":""}"#),
      (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#),
      (#"{"additionalProperties":{"type":"string"}}"#, #"{"a":"x"}"#, #"{"a":1}"#),
      (#"{"items":{"type":"number"}}"#, "[1,2]", #"[1,"2"]"#),
      (#"{"prefixItems":[{"const":1}],"items":{"const":2}}"#, "[1,2,2]", "[1,2,1]"),
      (#"{"prefixItems":[{"const":1}],"items":false}"#, "[1]", "[1,2]"),
      (#"{"anyOf":[{"type":"string"},{"minimum":3}]}"#, "3", "2"),
      (#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "1", "2"), (#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, "2", "3"),
      (#"{"not":{"type":"null"}}"#, "1", "null"), (#"{"exclusiveMinimum":1}"#, "1.1", "1"),
      (#"{"exclusiveMaximum":1}"#, "0", "1"), (#"{"minLength":2}"#, #""äö""#, #""ä""#),
      (#"{"maxLength":1}"#, #""ä""#, #""ab""#), (#"{"minItems":1}"#, "[0]", "[]"), (#"{"maxItems":1}"#, "[0]", "[0,0]"),
      (#"{"minProperties":1}"#, #"{"a":0}"#, "{}"), (#"{"maxProperties":0}"#, "{}", #"{"a":0}"#),
      (##"{"$defs":{"x":{"type":"null"}},"$ref":"#/$defs/x"}"##, "null", "1"),
      (##"{"$defs":{"a/b":{"type":"null"}},"$ref":"#/$defs/a~1b"}"##, "null", "1"),
      (
        ##"{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##, #"{"next":{"next":{}}}"#,
        #"{"next":{"n":1}}"#
      ),
      ("true", "1", ""), ("false", "", "1"),
    ])
  func keywords(schema: String, good: String, bad: String) throws {
    if !good.isEmpty { #expect(try violation(good, schema) == nil) }
    if !bad.isEmpty { #expect(try violation(bad, schema) != nil) }
  }

  @Test("A violation says where and by which keyword")
  func place() throws {
    let schema = #"{"properties":{"a":{"items":{"required":["b"]}}}}"#
    #expect(
      try violation(#"{"a":[{"b":1},{}]}"#, schema) == SchemaCheck.Violation(path: ".a[1].b", keyword: "required"))
  }

  @Test(
    "What is not read or is elsewhere refuses nothing",
    arguments: [
      #"{"pattern":"^x"}"#, #"{"format":"date"}"#, #"{"$ref":"https://example.com/s"}"#, ##"{"$ref":"#/nowhere"}"##,
      #"{"type":"any"}"#, #"{"type":3}"#, #"{"minimum":"x"}"#, "[]", "null",
    ])
  func unknown(schema: String) throws {
    #expect(try violation(#""y""#, schema) == nil)
  }

  @Test("A schema that refers to itself without end is given up, not followed")
  func endless() throws {
    #expect(try violation("1", ##"{"$ref":"#"}"##) == nil)
    #expect(try violation("1", ##"{"allOf":[{"$ref":"#"},{"$ref":"#"},{"not":{"$ref":"#"}}]}"##) == nil)
    #expect(try violation("1", ##"{"oneOf":[{"$ref":"#"},{"$ref":"#"}]}"##) == nil)
  }
}
