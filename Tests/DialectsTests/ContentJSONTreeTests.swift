/// Tests trees of JSON and their canonical text.

import Testing

@testable import Dialects

@Suite("JSONTree")
struct JSONTreeTests {
  @Test("Every kind of value is held, numbers as they were written")
  func kinds() {
    let tree = JSONTree(text: #" {"a":[null,true,false,-1.50e+2,"x\ny"],"b":{}} "#)
    let expected = JSONTree.object([
      .init(name: "a", value: .array([.null, .bool(true), .bool(false), .number("-1.50e+2"), .string("x\ny")])),
      .init(name: "b", value: .object([])),
    ])
    #expect(tree == expected)
  }

  @Test(
    "What is not JSON is no tree",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "+1", "nul", "tru", "'a'", "\"a", "[1] 2", "\"\u{1}\"",
      "NaN",
      "{\"a\":1 \"b\":2}", "\"\\x\"", "\"\\u12\"", "// c\n1",
    ])
  func strict(text: String) {
    #expect(JSONTree(text: text) == nil)
  }

  @Test("Depth and number of values have limits")
  func bounds() {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(JSONTree(text: nested(JSONSyntax.depthLimit)) != nil)
    #expect(JSONTree(text: nested(JSONSyntax.depthLimit + 1)) == nil)
    let values = { (count: Int) in "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]" }
    #expect(JSONTree(text: values(JSONTree.valueLimit - 1))?.elements.count == JSONTree.valueLimit - 1)
    #expect(JSONTree(text: values(JSONTree.valueLimit)) == nil)
  }

  @Test("Of members of one name the last counts, in small objects and in large ones")
  func duplicates() {
    #expect(JSONTree(text: #"{"a":1,"b":2,"\u0061":3}"#)?.canonicalText == #"{"a":3,"b":2}"#)
    let many = (0..<40).map { #""k\#($0 % 20)":\#($0)"# }.joined(separator: ",")
    let tree = JSONTree(text: "{\(many)}")
    #expect(tree?.members.count == 20)
    #expect(tree?["k7"] == .number("27"))
  }

  @Test("Surrogates pair up, and one alone becomes the replacement character")
  func surrogates() {
    #expect(JSONTree(text: #""\ud83d\ude42""#) == .string("🙂"))
    for lone in [#""\ud83d""#, #""\ude42""#] { #expect(JSONTree(text: lone) == .string("\u{FFFD}")) }
    #expect(JSONTree(text: #""\ud83dx""#) == .string("\u{FFFD}x"))
  }

  @Test("Bytes that are not UTF-8 are no tree")
  func invalidUTF8() {
    for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
      #expect(JSONTree(bytes.span.bytes) == nil)
    }
  }

  @Test(
    "A number has one canonical spelling, however it is written and however long it is",
    arguments: [
      ("1", "1"), ("1.0", "1"), ("10e-1", "1"), ("0.1e1", "1"), ("-0", "0"), ("0.000", "0"), ("0e99", "0"),
      ("1.50", "1.5"),
      ("15E-1", "1.5"), ("-12.340", "-12.34"), ("0.00012", "0.00012"), ("1e20", "100000000000000000000"),
      ("1e21", "1e21"),
      ("12e30", "1.2e31"), ("0.0000001", "1e-7"), ("12345678901234567890123", "1.2345678901234567890123e22"),
      ("9007199254740993", "9007199254740993"), ("1e999999999999", "1e999999999999"), ("120", "120"),
    ])
  func numbers(text: String, canonical: String) {
    #expect(canonicalNumber(text) == canonical)
    #expect(canonicalNumber(canonical) == canonical)
  }

  @Test("Values that mean the same have one canonical text")
  func canonical() throws {
    let first = try #require(JSONTree(text: #"{"b":[1.0,{"y":"é\u0001\"","x":null}],"a":true}"#))
    let second = try #require(JSONTree(text: #"{ "a" : true, "b" : [ 1, {"x":null,"y":"\u00e9\u0001\u0022"} ] }"#))
    #expect(first.canonicalText == #"{"a":true,"b":[1,{"x":null,"y":"é\u0001\""}]}"#)
    #expect(first.canonicalText == second.canonicalText)
    #expect(first.means(second) && first != second)
    #expect(JSONTree(text: first.canonicalText)?.means(first) == true)
    #expect(!first.means(.null))
  }
}
