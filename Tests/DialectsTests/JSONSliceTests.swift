import Dialects
import Testing

@Suite struct JSONSliceTests {
  @Test("what is taken out of a text keeps its spelling")
  func spelling() throws {
    let slice = try #require(JSONSlice(Array(#" {"a": [1.50, "\u00e9\/"], "\u0062": {"c":null}, "a" :true} "#.utf8)))
    #expect(String(decoding: slice["b"]?.raw ?? [], as: UTF8.self) == #"{"c":null}"#)
    // The last of one name counts.
    #expect(slice["a"]?.isTrue == true)
    var names: [String?] = []
    slice.forEachMember { key, _ in names.append(key.text) }
    #expect(names == ["a", "b", "a"])
    #expect(slice["b"]?["c"]?.isNull == true)
    #expect(slice["d"] == nil)
  }

  @Test("what is no JSON text is none", arguments: ["", "{", "{}x", "nul", #"{"a":01}"#, "\"\u{1}\""])
  func broken(_ text: String) { #expect(JSONSlice(Array(text.utf8)) == nil) }

  @Test(
    "a text within a text comes out as it went in",
    arguments: ["", "plain", "\"\\\u{0}\u{1F}\n\r\t/é💡", #"{"a":"\ud83d\ude00 \\n"}"#])
  func escaping(_ text: String) throws {
    let inside = JSONText.escaped(text.utf8)
    #expect(JSONText.decoded(inside[...]) == Array(text.utf8))
    #expect(JSONSlice([0x22] + inside + [0x22])?.text == text)
  }

  @Test("half a character alone stays as it was escaped")
  func halves() {
    func decoded(_ inside: String) -> String {
      String(decoding: JSONText.decoded(Array(inside.utf8)[...]), as: UTF8.self)
    }
    #expect(decoded(#"\ud83d\udca1"#) == "💡")
    for half in [#"\ud83d"#, #"\udca1"#, #"\ud83dx"#, #"\ud83d\n"#.replacing("\\n", with: "y"), #"\ud83d\ud83d"#] {
      #expect(decoded(half) == half)
    }
  }
}
