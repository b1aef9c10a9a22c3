/// What `crossfade diffs` prints: the list, and one pair unified and side by side.

import Journal
import ResponseDiff
import RolloutJudge
import Testing

@testable import crossfade

@Suite("PairScreen")
struct ComparisonScreenTests {
  private func sample(_ baseline: String, _ answer: String, isCut: Bool = false) -> StoredSample {
    StoredSample(
      exchange: "00000000000000ab", rollout: "r", candidate: "litellm",
      at: Instant(rfc3339: "2026-11-22T17:56:01.123Z") ?? Instant(nanoseconds: 0), stage: "shadow",
      endpoint: "chat/completions", model: "openai/gpt-4o", kinds: .different,
      comparison: AnswerComparison(
        differences: [
          Difference(
            path: "choices[0].message.content", kind: .language, severity: .breaking, baseline: "english",
            candidate: "french"),
          Difference(path: "usage", kind: .usageMissing, severity: .minor, baseline: "3 tokens"),
        ], further: 2, similarity: 0.25, lengthRatio: 1.5, distance: 0.8756),
      bodies: .init(
        request: .init(text: #"{"model":"m","n":[1,2],"messages":[{"role":"user","content":"hi"}]}"#),
        baseline: .init(text: baseline), answer: .init(text: answer, isCut: isCut)))
  }

  private let hello =
    #"{"choices":[{"text":"Hello there.\nHow are you?","tool_calls":[{"name":"f","arguments":"{\"a\":1,\"b\":{}}"}]}],"x":null}"#
  private let salut =
    #"{"choices":[{"text":"Hello there.\nÇa va?","tool_calls":[{"name":"f","arguments":"{\"a\":2}"}]}],"x":null}"#

  private func lines(_ screen: PairScreen) -> [String] { screen.lines.map { $0.text(inColour: false) } }

  @Test("one below the other, what differs first by its path, then line by line") func unified() {
    #expect(
      lines(PairScreen(sample: sample(hello, salut)))
        == [
          "00000000000000ab  litellm against baseline  mismatch",
          "2026-11-22T17:56:01.123Z  chat/completions  openai/gpt-4o  stage shadow",
          "distance 0.876  similarity 0.25  length ×1.5", "",
          "✗ choices[0].message.content  language", "    - english", "    + french", "~ usage  usage_missing",
          "    - 3 tokens", "  and 2 more", "", "request", "  model: \"m\"", "  n: [1,2]", "  messages:", "    [0]:",
          "      role: \"user\"", "      content: \"hi\"", "", "--- baseline", "+++ litellm", "  choices:", "    [0]:",
          "      text: |", "        Hello there.", "-       How are you?", "+       Ça va?", "      tool_calls:",
          "        [0]:", "          name: \"f\"", "          arguments: (JSON)", "-           a: 1",
          "-           b: {}",
          "+           a: 2", "  x: null",
        ].map { $0.hasPrefix("        Hello") ? "        Hello there." : $0 })
  }

  @Test("beside each other where there is room") func sideBySide() {
    let found = lines(
      PairScreen(
        sample: sample(#"{"a":"one two three","b":1}"#, #"{"a":"one","b":1}"#), layout: .sideBySide, columns: 43))
    #expect(
      found.suffix(3) == [
        "baseline             | litellm",
        "a: \"one two three\"   ! a: \"one\"",
        "b: 1                 | b: 1",
      ])
  }

  @Test("equal bodies are said to be equal, a body that was cut says so") func equal() {
    #expect(lines(PairScreen(sample: sample(hello, hello))).last == "  what is kept of both is the same")
    #expect(lines(PairScreen(sample: sample("a", "a", isCut: true))).last == "+ … (cut)")
  }

  @Test("long lines are wrapped at spaces and hold no more than the terminal's columns") func wrapped() {
    let long = String(repeating: "word ", count: 100) + String(repeating: "x", count: 300)
    for layout in PairScreen.Layout.allCases {
      let found = lines(PairScreen(sample: sample(long, "\"" + long + "\""), layout: layout, columns: 60))
      #expect(found.dropFirst(3).allSatisfy { $0.count <= 60 }, "\(layout)")
    }
  }

  @Test("what an arm says cannot steer the terminal") func controls() {
    let found = lines(PairScreen(sample: sample(#"{"t":"\u001b[2Jgone\u202e"}"#, "\u{1b}]0;title\u{07}")))
    #expect(!found.joined().unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
    #expect(found.contains(#"- t: "\u{1b}[2Jgone\u{202e}""#))
  }

  @Test("the list names what each pair differs in, the mismatches first") func list() {
    var equal = sample(hello, hello)
    equal.comparison = AnswerComparison(similarity: 1)
    equal.model = nil
    let found = PairList(samples: [sample(hello, salut), equal]).lines.map { $0.text(inColour: false) }
    #expect(
      found == [
        "id                when                 candidate  model          similar  differs in",
        "00000000000000ab  2026-11-22T17:56:01Z litellm    openai/gpt-4o     0.25  language; usage_missing",
        "00000000000000ab  2026-11-22T17:56:01Z litellm    -                  1.0  nothing",
      ])
  }

  @Test("a long text is held against another sentence by sentence") func sentences() {
    let text = "This is a first sentence that is long. Then a second one follows it! 三つ目。四つ目。And so on, without end"
    let found = BodyLines.lines(of: .init(text: text)).map(\.text)
    #expect(
      found == [
        "This is a first sentence that is long.", "Then a second one follows it!", "三つ目。", "四つ目。",
        "And so on, without end",
      ])
  }

  @Test("the fewest lines are removed and added, and equal ones between pieces are counted") func diff() {
    func body(_ texts: [String]) -> [BodyLine] { texts.map { BodyLine(indent: 0, text: $0) } }
    let diff = BodyDiff(body(["a", "b", "c", "d"]), body(["a", "x", "y", "c", "d", "e"]))
    let (a, c, d) = (BodyLine(indent: 0, text: "a"), BodyLine(indent: 0, text: "c"), BodyLine(indent: 0, text: "d"))
    #expect(
      diff.rows == [
        .same(a),
        .changed(baseline: BodyLine(indent: 0, text: "b"), candidate: BodyLine(indent: 0, text: "x")),
        .changed(baseline: nil, candidate: BodyLine(indent: 0, text: "y")), .same(c), .same(d),
        .changed(baseline: nil, candidate: BodyLine(indent: 0, text: "e")),
      ])
    let many = BodyDiff(
      body((0..<50).map(String.init)), body((0..<50).map { $0 == 10 || $0 == 40 ? "new" : String($0) }))
    #expect(many.pieces(context: 3).map(\.skipped) == [7, 23])
    #expect(many.pieces(context: 3).map(\.rows.count) == [7, 7])
    #expect(!BodyDiff(body(["a"]), body(["a"])).hasChanges)
  }

  @Test("a list is bounded, whatever is kept") func bounded() {
    let text = "[" + (0..<5000).map { "[\($0)]" }.joined(separator: ",") + "]"
    let found = BodyLines.lines(of: .init(text: text))
    #expect(found.count == BodyLines.limit + 1)
    #expect(found.last?.text.hasPrefix("… ") == true)
  }
}
