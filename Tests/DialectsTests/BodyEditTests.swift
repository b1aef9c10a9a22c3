import Testing

@testable import Dialects

@Suite("BodyEdit")
struct BodyEditTests {
  private func edited(_ body: String, model: String? = nil, dropping: [String] = []) throws -> String {
    let bytes = Array(body.utf8)
    let facts = try #require(RequestReader().read(bytes))
    return String(
      decoding: BodyEdit.apply(
        facts.edits(model: model, under: BodyPolicy(dropping: dropping), in: bytes.span.bytes), to: bytes.span.bytes),
      as: UTF8.self)
  }

  @Test(
    "first, middle, last, adjacent, repeated and all members are cut with the comma that is theirs",
    arguments: [
      (#"{"a":1,"b":2,"c":3}"#, ["a"], #"{"b":2,"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, ["b"], #"{"a":1,"c":3}"#),
      (#"{"a":1,"b":2,"c":3}"#, ["c"], #"{"a":1,"b":2}"#), (#"{"a":1,"b":2,"c":3}"#, ["a", "b"], #"{"c":3}"#),
      (#"{"a":1,"b":2,"c":3}"#, ["b", "c"], #"{"a":1}"#), (#"{"a":1,"b":2,"c":3}"#, ["a", "c"], #"{"b":2}"#),
      (#"{"a":1,"b":2,"c":3}"#, ["a", "b", "c"], "{}"), (#"{"a":1}"#, ["a"], "{}"), ("{}", ["a"], "{}"),
      (#"{"a":1,"b":2}"#, ["x"], #"{"a":1,"b":2}"#), (#"{"a":1,"b":2,"a":3}"#, ["a"], #"{"b":2}"#),
      (#"{ "a" : 1 , "b" : 2 }"#, ["a"], #"{ "b" : 2 }"#), (#"{ "a" : 1 , "b" : 2 }"#, ["b"], #"{ "a" : 1 }"#),
      ("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n", ["b"], "{\n  \"a\": 1,\n  \"c\": 3\n}\n"),
      (#"{"\u0061":{"x":[1,2,"}"]},"b":"a"}"#, ["a"], #"{"b":"a"}"#),
      (#"{"a":1,"b":{"a":2}}"#, ["a"], #"{"b":{"a":2}}"#),
    ])
  func cuts(body: String, dropping: [String], expected: String) throws {
    #expect(try edited(body, dropping: dropping) == expected)
  }

  @Test("names are cut known or not, escaped or not")
  func droppedFields() throws {
    let body = Array(#"{"top_p":1,"m\u0065tadata":{},"x-é":2,"model":"a","zzz":3}"#.utf8)
    let facts = try #require(RequestReader().read(body))
    for names in [[], ["metadata"], ["x-é", "top_p"], ["zzz", "model", "other"]] as [[String]] {
      let edits = facts.edits(model: "b", under: BodyPolicy(dropping: names), in: body.span.bytes)
      let rest = try #require(RequestReader().read(BodyEdit.apply(edits, to: body.span.bytes)))
      #expect(rest.topLevelKeys == ["top_p", "metadata", "x-é", "model", "zzz"].filter { !names.contains($0) })
    }
  }

  @Test("the model is replaced in place wherever it stands, and never added")
  func model() throws {
    #expect(try edited(#"{ "model" : "a/b" , "n":1.0 }"#, model: "c") == #"{ "model" : "c" , "n":1.0 }"#)
    #expect(
      try edited(#"{"model":"a","n":{"model":"a"},"m\u006fdel":null}"#, model: "c")
        == #"{"model":"c","n":{"model":"a"},"m\u006fdel":"c"}"#)
    #expect(try edited(#"{"n":1}"#, model: "c") == #"{"n":1}"#)
    #expect(try edited(#"{"model":"a","x":1}"#) == #"{"model":"a","x":1}"#)
    #expect(try edited(#"{"model":"a","x":1}"#, model: "c", dropping: ["model"]) == #"{"x":1}"#)
  }

  @Test("a replacement is escaped", arguments: ["a\"b", "a\\b", "a\nb\u{0}\u{1F}", "日本😀", "", "a/b"])
  func escaping(model: String) throws {
    let body = try edited(#"{"model":"x","y":1}"#, model: model)
    #expect(RequestReader().read(Array(body.utf8).span.bytes)?.model == model)
  }

  @Test("any edit of any body leaves JSON whose other members are the same bytes in the same order")
  func everythingElseIsUnchanged() throws {
    var random = SplitMix64(seed: 4711)
    let keys = ["model", "a", "b", "provider", "é", "", #"q\""#, "m\\u006fdel"]
    let values = [
      #""x""#, "1", "null", "{}", "[]", #"{"model":"y","a":[1,{"b":2}]}"#, #""},{\",""#, "-1.50e3", "[ 1 , 2 ]",
    ]
    let spaces = ["", "", " ", "\n  ", "\t"]
    for _ in 0..<4_000 {
      func space() -> String { spaces.randomElement(using: &random)! }
      let members = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        let (key, value) = (keys.randomElement(using: &random)!, values.randomElement(using: &random)!)
        return "\(space())\"\(key)\"\(space()):\(space())\(value)\(space())"
      }
      let body = Array("\(space()){\(members.isEmpty ? space() : members.joined(separator: ","))}\(space())".utf8)
      let dropped = keys.filter { _ in Bool.random(using: &random) }.map {
        $0 == #"q\""# ? #"q""# : $0 == "m\\u006fdel" ? "model" : $0
      }
      let model: String? = Bool.random(using: &random) ? "new \"model\"" : nil
      let before = try #require(RequestReader().read(body))
      let edits = before.edits(model: model, under: BodyPolicy(dropping: dropped), in: body.span.bytes)
      let result = BodyEdit.apply(edits, to: body.span.bytes)
      let after = try #require(RequestReader().read(result), "\(String(decoding: body, as: UTF8.self))")

      let kept = before.members.filter { !dropped.contains($0.key) }
      let expected = kept.map { member -> [UInt8] in
        guard let model, member.key == "model" else { return Array(body[member.range]) }
        return Array(body[member.range.lowerBound..<member.value.lowerBound]) + JSONText.encoded(model)
      }
      #expect(after.members.map { Array(result[$0.range]) } == expected)
      // What is cut beside the members themselves is only space and commas.
      var position = 0
      for edit in edits {
        #expect(edit.range.lowerBound >= position && edit.range.upperBound <= body.count)
        position = edit.range.upperBound
      }
      let cut = edits.filter(\.replacement.isEmpty).flatMap { edit in
        edit.range.filter { at in !before.members.contains { $0.range.contains(at) } }
      }
      #expect(cut.allSatisfy { [0x20, 0x09, 0x0A, 0x0D, 0x2C].contains(body[$0]) })
      #expect(!edits.contains { edit in kept.contains { edit.replacement.isEmpty && $0.range.overlaps(edit.range) } })
    }
  }

  @Test(
    "a stream is made to count its tokens, in place and once",
    arguments: [
      (#"{"stream":true}"#, [], #"{"stream":true,"stream_options":{"include_usage":true}}"#),
      (
        #"{ "stream" : true , "n" : 1 }"#, [], #"{ "stream" : true,"stream_options":{"include_usage":true} , "n" : 1 }"#
      ),
      (#"{"stream":true,"n":1,"a":2}"#, ["n", "a"], #"{"stream":true,"stream_options":{"include_usage":true}}"#),
      (#"{"a":2,"stream":true,"n":1}"#, ["a", "n"], #"{"stream":true,"stream_options":{"include_usage":true}}"#),
      (#"{"stream":false}"#, [], #"{"stream":false}"#), ("{}", [], "{}"),
      (
        #"{"stream":true,"stream_options":{"include_usage":true}}"#, [],
        #"{"stream":true,"stream_options":{"include_usage":true}}"#
      ),
      (
        #"{"stream_options":{"include_usage":false},"stream":true}"#, [],
        #"{"stream_options":{"include_usage":true},"stream":true}"#
      ),
      (#"{"stream":true,"stream_options":{}}"#, [], #"{"stream":true,"stream_options":{"include_usage":true}}"#),
      (
        #"{"stream":true,"stream_options":{"x":1}}"#, [],
        #"{"stream":true,"stream_options":{"include_usage":true,"x":1}}"#
      ),
      (#"{"stream":true,"stream_options":null}"#, [], #"{"stream":true,"stream_options":{"include_usage":true}}"#),
      (#"{"stream":true,"stream_options":{}}"#, ["stream_options"], #"{"stream":true}"#),
      (#"{"a":1,"stream":true}"#, ["stream"], #"{"a":1}"#), (#"{"stream":true,"a":1}"#, ["stream"], #"{"a":1}"#),
    ])
  func usage(body: String, dropping: [String], expected: String) throws {
    let bytes = Array(body.utf8)
    let facts = try #require(RequestReader().read(bytes))
    let edits = facts.edits(model: nil, under: BodyPolicy(dropping: dropping), in: bytes.span.bytes).merged(
      with: facts.usageEdits(in: bytes.span.bytes))
    #expect(String(decoding: BodyEdit.apply(edits, to: bytes.span.bytes), as: UTF8.self) == expected)
  }
}
