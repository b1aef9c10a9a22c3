/// Lists of models in the shapes that vendors give them, and what is found in them.

import Testing

@testable import ArmProbe

struct ModelMatchTests {
  private static let shapes: [(String, [String]?)] = [
    (#"{"object":"list","data":[{"id":"a"},{"id":"b"}]}"#, ["a", "b"]), (#"[{"id":"a"}]"#, ["a"]),
    (#"{"models":[{"name":"models/gemini-2.5-flash"}]}"#, ["gemini-2.5-flash"]), (#"{"data":[]}"#, []),
    (#"{"data":[{"object":"model"}]}"#, nil), (#"{"error":{"message":"no"}}"#, nil), ("<html>", nil), ("", nil),
  ]

  @Test("vendors' shapes are read, and what is no list is none", arguments: shapes)
  func listShapes(_ text: String, _ ids: [String]?) {
    #expect(ModelList(Array(text.utf8))?.ids == ids)
  }

  @Test("a list that goes on is not complete, and what it lacks is unknown")
  func incomplete() throws {
    let list = try #require(ModelList(Array(#"{"data":[{"id":"a"}],"has_more":true}"#.utf8)))
    #expect(ModelMatch(list).state(of: "b") == .unknown)
    #expect(ModelMatch(list).state(of: "a") == .listed(matches: 1))
  }

  @Test("ids, patterns on either side, routes and aliases")
  func found() {
    let match = ModelMatch(
      ModelList(ids: ["claude-opus-4-1-20250805", "deepseek/*", "openai/gpt-5", "qwen/a", "qwen/b"]))
    #expect(match.state(of: "openai/gpt-5") == .listed(matches: 1))
    #expect(match.state(of: "openai/gpt-5:nitro") == .listed(matches: 1))
    #expect(match.state(of: "openai/gpt-5:free") == .missing(nearest: "openai/gpt-5"))
    #expect(match.state(of: "claude-opus-4-1") == .listed(matches: 1))
    #expect(match.state(of: "claude-opus-4") == .missing(nearest: "claude-opus-4-1-20250805"))
    #expect(match.state(of: "deepseek/v3") == .listed(matches: 1))
    #expect(match.state(of: "qwen/*") == .listed(matches: 2))
    #expect(match.state(of: "xai/*") == .missing(nearest: nil))
  }

  @Test("the nearest shares words first and letters second")
  func nearest() {
    let match = ModelMatch(
      ModelList(ids: ["gpt-5-mini", "anthropic/claude-opus-4.7", "anthropic/claude-sonnet-4.7", "mistral-large"]))
    #expect(match.nearest(to: "claude-opus-4-7") == "anthropic/claude-opus-4.7")
    #expect(match.nearest(to: "gpt5-mini") == "gpt-5-mini")
    #expect(match.nearest(to: "mistrallarge") == "mistral-large")
    #expect(match.nearest(to: "whatever") == nil)
  }
}
