/// Fields that rules ask for are found in lists and objects too.

import Testing

@testable import Dialects

@Suite struct RequestFieldTests {
  private func facts(_ body: String, _ fields: [String]) throws -> RequestFacts {
    try #require(RequestReader(fields: fields).read(Array(body.utf8)))
  }

  @Test(
    "a list is its scalars, an object is there, null and nothing are not",
    arguments: [
      (#"["text","im\u0061ge",1,true,null]"#, ["text", "image", "1", "true"]), ("[]", nil), ("null", nil),
      (#"{"a":1}"#, [""]), ("{}", [""]), (#"[{"id":"web"},"x"]"#, ["", "x"]), (#"[[1,2]]"#, nil),
    ] as [(String, [String]?)])
  func elements(_ value: String, _ expected: [String]?) throws {
    let facts = try facts(#"{"modalities":\#(value),"model":"m"}"#, ["modalities", "absent"])
    #expect(facts.elements["modalities"] == expected)
    #expect(facts.values.isEmpty && facts.elements["absent"] == nil)
  }

  @Test("a path goes through each element of a list")
  func paths() throws {
    let body = #"{"plugins":[{"id":"web","n":1},{"id":"pdf"},3],"a":{"b":[{"c":["x"]},{"c":"y"}]},"one":[{"id":"z"}]}"#
    let facts = try facts(body, ["plugins.id", "a.b.c", "plugins", "one.id", "a.b"])
    #expect(facts.elements["plugins.id"] == ["web", "pdf"])
    #expect(facts.elements["a.b.c"] == ["x", "y"])
    #expect(facts.elements["plugins"] == ["", "", "3"])
    #expect(facts.elements["a.b"] == ["", ""])
    #expect(facts.values == ["one.id": "z"])
  }

  @Test("no more elements of a list are looked at than a rule needs")
  func bounded() throws {
    let list = (0..<1000).map { "\"v\($0)\"" }.joined(separator: ",")
    #expect(try facts("{\"models\":[\(list)]}", ["models"]).elements["models"]?.count == 64)
  }
}
