/// Recordings: what lines may hold, what is said of those that hold something else, and what is left out.

import Foundation
import Testing

@testable import crossfade

struct ReplayRecordingTests {
  private static let good =
    #"{"path":"/v1/chat/completions","body":{ "model" : "m",  "n":1.0 },"headers":{"x-team":"a","Authorization":"k"}}"#

  private static func recording(
    _ lines: [String], limit: Int = 100, refuses: (RecordedRequest) -> String? = { _ in nil }
  ) throws -> Recording {
    try Recording(lines: Data(lines.joined(separator: "\n").utf8), name: "r.jsonl", limit: limit, refuses: refuses)
  }

  @Test("a body is kept byte for byte, and credentials are not kept at all")
  func exact() throws {
    let request = try #require(try Self.recording([Self.good]).requests.first)
    #expect(String(decoding: request.body, as: UTF8.self) == #"{ "model" : "m",  "n":1.0 }"#)
    #expect(request.headers == [.init(name: "x-team", value: "a")])
    #expect(request.path == "/v1/chat/completions")
    #expect(request.model == "m")
    #expect(request.answer == nil)
    #expect(request.origin == "r.jsonl:1")
  }

  @Test("OpenRouter's own base is known, and an answer's form is guessed where it is not said")
  func answers() throws {
    let lines = [
      #"{"path":"/api/v1/messages","body":{"model":"m"},"answer":{"status":200,"body":"data: {}\n\n"}}"#,
      #"{"path":"/v1/embeddings","body":{"model":"m"},"answer":{"status":400,"body":" {\"error\":{}}"}}"#,
    ]
    let recording = try Self.recording(lines + ["", "  "])
    #expect(recording.requests.map(\.path) == ["/v1/messages", "/v1/embeddings"])
    #expect(recording.requests.map(\.answer?.contentType) == ["text/event-stream", "application/json"])
    #expect(recording.requests.map(\.answer?.status) == [200, 400])
  }

  private static let bad: [(String, String)] = [
    ("nonsense", "not a JSON object"), ("[1]", "not a JSON object"),
    (#"{"body":{"model":"m"}}"#, #"path is missing, such as "/v1/chat/completions""#),
    (#"{"path":7,"body":{"model":"m"}}"#, "path is not a text"),
    (#"{"path":"/v1/images/edits","body":{"model":"m"}}"#, "path '/v1/images/edits' cannot be copied to a candidate"),
    (#"{"path":"/v1/messages"}"#, "body is missing"), (#"{"path":"/v1/messages","body":"x"}"#, "body is not an object"),
    (#"{"path":"/v1/messages","body":{}}"#, "body names no model"),
    (#"{"path":"/v1/messages","body":{"model":"m"},"extra":1}"#, "unknown key 'extra'"),
    (#"{"path":"/v1/messages","body":{"model":"m"},"headers":[]}"#, "headers is not an object"),
    (#"{"path":"/v1/messages","body":{"model":"m"},"headers":{"a":1}}"#, "the header 'a' is not a text"),
    (
      #"{"path":"/v1/messages","body":{"model":"m"},"headers":{"a b":"c"}}"#,
      "the header 'a b' holds what no header can"
    ),
    (#"{"path":"/v1/messages","body":{"model":"m"},"headers":{"a":"b\r\nc: d"}}"#, "holds what no header can"),
    (#"{"path":"/v1/messages","body":{"model":"m"},"answer":1}"#, "answer is not an object"),
    (
      #"{"path":"/v1/messages","body":{"model":"m"},"answer":{"status":99,"body":""}}"#, "answer.status is not a status"
    ),
    (#"{"path":"/v1/messages","body":{"model":"m"},"answer":{"status":200}}"#, "answer.body is not a text"),
  ]

  @Test("what is wrong is said with its line", arguments: bad)
  func wrong(_ line: String, _ problem: String) throws {
    let problems = try #require(throws: RecordingProblems.self) { try Self.recording([Self.good, line]) }
    #expect(problems.problems.count == 1)
    #expect(problems.problems[0].hasPrefix("r.jsonl:2: \(problem)") || problems.problems[0].contains(problem))
  }

  @Test("all problems come at once, up to twenty, also those behind the limit")
  func all() throws {
    let problems = try #require(throws: RecordingProblems.self) {
      try Self.recording([Self.good] + Array(repeating: "x", count: 30), limit: 1)
    }
    #expect(problems.problems.count == 20)
    #expect(problems.further == 10)
    #expect(problems.description.hasSuffix("r.jsonl:21: not a JSON object\nand 10 more"))
  }

  @Test("an empty file is wrong")
  func empty() { #expect(throws: RecordingProblems.self) { try Self.recording([""]) } }

  @Test("the limit counts what is sent, not what is left out")
  func limit() throws {
    var number = 0
    let recording = try Self.recording(Array(repeating: Self.good, count: 10), limit: 3) { _ in
      number += 1
      return number % 2 == 0 ? "even" : nil
    }
    #expect(recording.requests.count == 3)
    #expect(recording.leftOut == ["even": 5])
    #expect(recording.beyondLimit == 2)
  }

  @Test("a member's value is cut out as it was written")
  func slices() throws {
    let text = Array(#" { "a" : {"x":"}\"]"} , "b":[1, {"c":2}],"d":-1.0e3 ,"e":"é","a":null}"#.utf8)
    let members = try #require(JSONSlice.members(text[...])).mapValues { String(decoding: $0, as: UTF8.self) }
    #expect(members == ["a": "null", "b": #"[1, {"c":2}]"#, "d": "-1.0e3", "e": #""é""#])
    #expect(JSONSlice.members(Array("[1]".utf8)[...]) == nil)
  }

  @Test("whatever is cut off a document, the cutter ends")
  func cut() {
    let text = Array(Self.good.utf8)
    for count in 0..<text.count { _ = JSONSlice.members(text[..<count]) }
  }

  @Test("an assembled stream is rebuilt as one that says the same")
  func stream() throws {
    let stored = #"""
      {"model":"m","choices":[{"text":"hi","tool_calls":[{"name":"f","arguments":"{}"}],"finish_reason":"tool_calls"}],
       "usage":{"prompt":5,"completion":2,"cached":1,"reasoning":0}}
      """#
    let object = try #require(JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [String: Any])
    let text = try #require(ChatStream(assembled: object)).text
    #expect(text.hasSuffix("data: [DONE]\n\n"))
    for part in [#""content":"hi""#, #""finish_reason":"tool_calls""#, #""name":"f""#, #""prompt_tokens":5"#] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(ChatStream(assembled: ["choices": [["message": [:]]]]) == nil)
  }

  private static let paces: [(String, Double?)] = [
    ("2/s", 2), ("30/m", 0.5), ("0.5/s", 0.5), ("0/s", nil), ("-1/s", nil), ("2", nil), ("2/h", nil), ("x/s", nil),
    ("1000/s", 1000), ("1001/s", nil), ("inf/s", nil), ("2/s/s", nil),
  ]

  @Test("paces", arguments: paces)
  func pace(_ text: String, _ perSecond: Double?) { #expect(ReplayPace(text)?.perSecond == perSecond) }
}
