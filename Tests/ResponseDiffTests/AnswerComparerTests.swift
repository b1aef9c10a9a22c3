/// Tests each kind of difference with answers as arms send them.

import Dialects
import ResponseDiff
import Testing

@Suite("AnswerComparer")
struct AnswerComparerTests {
  @Test("Equal answers have no differences, similarity 1 and distance 0")
  func equal() {
    let comparison = difference(chat("It is sunny."), chat("It is sunny."))
    #expect(comparison == AnswerComparison(similarity: 1, lengthRatio: 1))
  }

  @Test("A candidate that fails where the baseline answers is a mismatch at the greatest distance")
  func outcome() {
    let failed = answer(#"{"error":{"code":502,"message":"no"}}"#, outcome: .failed, status: 502)
    let comparison = compare(
      baseline: answer(chat("Hello")), candidate: failed, expectations: request(), rules: ComparisonRules())
    #expect(comparison.lines == ["breaking outcome outcome", "note status status"])
    #expect(comparison.differences[0].candidate == "failed (server)")
    #expect(comparison.distance == 1)
    #expect(comparison.isMismatch)
  }

  @Test("No answer of the candidate is a mismatch where the baseline itself failed", arguments: Outcome.allCases)
  func badBaseline(outcome: Outcome) {
    let failed = answer(#"{"error":{"code":502,"message":"no"}}"#, outcome: .failed, status: 502)
    let body = outcome.countsAsError ? #"{"error":{"code":400,"message":"no"}}"# : chat("Hello")
    let comparison = compare(
      baseline: failed, candidate: answer(body, outcome: outcome), expectations: request(), rules: ComparisonRules())
    #expect(!comparison.isMismatch)
  }

  @Test("A cut answer or a client that left leaves nothing to compare", arguments: [true, false])
  func incomparable(isCut: Bool) {
    let partial = answer(chat("Hello"), outcome: isCut ? .ok : .clientGone, isCut: isCut)
    for (baseline, candidate) in [(partial, answer(chat("A"))), (answer(chat("A")), partial)] {
      let comparison = compare(
        baseline: baseline, candidate: candidate, expectations: request(), rules: ComparisonRules())
      #expect(comparison == AnswerComparison(isComparable: false))
      #expect(!comparison.isMismatch)
    }
  }

  @Test("Another status without an error is minor")
  func status() {
    let comparison = compare(
      baseline: answer(chat("A b")), candidate: answer(chat("A b"), status: 201), expectations: request(),
      rules: ComparisonRules())
    #expect(comparison.lines == ["minor status status"])
  }

  @Test("Finish reasons differ by what they mean, not by their word")
  func finish() {
    #expect(difference(chat("A b"), chat("A b", finish: "end_turn")).lines == [])
    let comparison = difference(chat("A b"), chat("A b", finish: "length"))
    #expect(comparison.lines == ["minor finish_reason choices[0].finish_reason"])
  }

  @Test("A refusal where the baseline answers is a mismatch, and only then")
  func refusal() {
    let refused = chat(message: #""content":null,"refusal":"I cannot.""#)
    #expect(difference(chat("Yes"), refused).lines.contains("breaking refusal choices[0].message.refusal"))
    #expect(difference(refused, chat("Yes")).lines.contains("note refusal choices[0].message.refusal"))
    #expect(!difference(refused, refused).isMismatch)
  }

  @Test("Lost usage is told once and is minor; its size is ignored unless the rules ask for it")
  func usage() {
    #expect(difference(chat("A b"), chat("A b", usage: false)).lines == ["minor usage_missing usage"])
    let large = chat("A b").replacing(#""prompt_tokens":9"#, with: #""prompt_tokens":900"#)
    #expect(difference(chat("A b"), large).lines == [])
    let comparison = difference(chat("A b"), large, rules: ComparisonRules(ignore: []))
    #expect(comparison.lines == ["note usage usage.prompt_tokens"])
  }

  @Test("Of fields that are missing or new only the outermost is told")
  func fields() {
    let more = chat("A b").replacing(#""id":"x","#, with: #""id":"x","provider":{"name":"y","region":{"z":1}},"#)
    #expect(difference(more, chat("A b")).lines == ["note field_missing provider"])
    #expect(difference(chat("A b"), more).lines == ["note field_added provider"])
    #expect(difference(more, chat("A b"), rules: ComparisonRules(ignore: ["provider"])).lines == [])
  }

  @Test("A choice that is missing is a mismatch")
  func choices() {
    let two =
      #"{"choices":[{"index":0,"text":"a","finish_reason":"stop"},{"index":1,"text":"b","finish_reason":"stop"}]}"#
    let one = #"{"choices":[{"index":0,"text":"a","finish_reason":"stop"}]}"#
    let asked = #"{"n":2}"#
    #expect(
      difference(two, one, request: asked, endpoint: .completions).lines == ["breaking field_missing choices[1]"])
    #expect(difference(one, two, request: asked, endpoint: .completions).lines == ["note field_added choices[1]"])
    // Whoever asked for one choice reads one.
    #expect(difference(two, one, endpoint: .completions).lines == [])
  }

  @Test("Differences are listed gravest first, at most 64, the rest counted")
  func limit() {
    let numbers = (0..<300).map { #""k\#($0)":1"# }.joined(separator: ",")
    let others = (0..<300).map { #""k\#($0)":\#($0 == 0 ? "true" : "2")"# }.joined(separator: ",")
    let request = #"{"response_format":{"type":"json_object"}}"#
    let comparison = difference(
      chat("{\(numbers)}"), chat("{\(others)}", finish: "length", usage: false), request: request)
    #expect(comparison.differences.count == 64)
    #expect(comparison.further == 300 + 2 - 64)
    #expect(comparison.lines.first == "breaking json_shape choices[0].message.content.k0")
    #expect(comparison.differences.map(\.severity) == comparison.differences.map(\.severity).sorted(by: >))
  }

  @Test("What a difference quotes is cut to 200 characters")
  func excerpt() {
    let comparison = difference(chat(String(repeating: "ä", count: 1_000)), chat("short"))
    let text = comparison.differences.first { $0.kind == .text }
    #expect(text?.baseline == String(repeating: "ä", count: 200))
  }

  @Test("Every mismatch is farther away than everything that is none")
  func distance() {
    let worded = difference(
      chat("One two three four"), chat("Nothing of the kind at all", finish: "length", usage: false))
    let refused = difference(chat("One two"), chat(message: #""content":"One two","refusal":"No""#))
    #expect(!worded.isMismatch && refused.isMismatch)
    #expect(worded.distance <= 0.5 && refused.distance > 0.5)
    let near = difference(chat("One two three four"), chat("One two three five"))
    #expect(near.distance > 0 && near.distance < worded.distance)
  }

  @Test("Chat, Responses and Messages name the same difference in their own words")
  func dialects() {
    let responses = { (text: String) in
      #"{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"\#(text)"}]}]}"#
    }
    #expect(difference(responses("a b"), responses("a c"), endpoint: .responses).lines == ["note text output.content"])
    let messages = { (text: String) in
      #"{"type":"message","content":[{"type":"text","text":"\#(text)"}],"stop_reason":"end_turn"}"#
    }
    #expect(difference(messages("a b"), messages("a c"), endpoint: .messages).lines == ["note text content.text"])
  }

  @Test("A picture that is missing breaks, one of another type or more of them is told")
  func media() {
    func drawn(_ types: String...) -> String {
      let images = types.map { #"{"type":"image_url","image_url":{"url":"data:\#($0);base64,AA"}}"# }
      return chat(message: #""content":"Here","images":[\#(images.joined(separator: ","))]"#)
    }
    #expect(difference(drawn("image/png"), chat("Here")).lines.first == "breaking media choices[0].message.images")
    #expect(difference(chat("Here"), drawn("image/png")).lines.first == "note field_added choices.message.images")
    #expect(difference(chat("Here"), drawn("image/png")).lines.contains("note media choices[0].message.images"))
    #expect(difference(drawn("image/png"), drawn("image/webp")).lines == ["note media choices[0].message.images"])
    #expect(difference(drawn("image/png"), drawn("image/png")).lines == [])
    let heard = chat(message: #""content":null,"audio":{"id":"a","data":"AA"}"#)
    #expect(difference(heard, chat("Hello")).lines.contains("breaking media choices[0].message.audio"))
  }

  @Test("Pictures of the images endpoint are held against each other by number, dimensions and type")
  func pictures() {
    func drawn(_ pictures: String...) -> String {
      #"{"created":1,"data":[\#(pictures.map { #"{"b64_json":"\#($0)"}"# }.joined(separator: ","))]}"#
    }
    func lines(_ baseline: String, _ candidate: String) -> [String] {
      difference(baseline, candidate, endpoint: .images).lines
    }
    let (small, large) = ("iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg", "iVBORw0KGgoAAAANSUhEUgAABAAAAAQA")
    #expect(lines(drawn(small), drawn(small)) == [] && lines(drawn(small), drawn(small + "AAAA")) == [])
    #expect(lines(drawn(small), drawn(large)) == ["minor media data"])
    #expect(lines(drawn(small, small), drawn(small)) == ["breaking media data"])
    #expect(lines(drawn(small), drawn(small, small)) == ["note media data"])
    #expect(lines(drawn(small), drawn("R0lGODlhgALgAQA=")) == ["note media data"], "a GIF of the same size")
    #expect(
      lines(drawn(small), #"{"created":1,"data":[{"url":"https://h/x.png"}]}"#).allSatisfy {
        !$0.hasPrefix("breaking media")
      })
    let text = difference(drawn(small), drawn(large), endpoint: .images).differences.first
    #expect(text?.baseline == "image/png 640x480" && text?.candidate == "image/png 1024x1024")
  }

  @Test("Another model than the one that was asked for is shown, and is no mismatch")
  func model() {
    func compared(asked: String?) -> AnswerComparison {
      compare(
        baseline: answer(chat("Yes")), candidate: answer(chat("Yes"), asked: asked), expectations: request(),
        rules: ComparisonRules())
    }
    #expect(compared(asked: "vendor/n").lines == ["minor model model"])
    #expect(compared(asked: "vendor/n").differences.first?.candidate == "m for vendor/n")
    #expect(!compared(asked: "vendor/n").isMismatch)
    #expect(compared(asked: "vendor/m").lines == [])
    #expect(compared(asked: nil).lines == [])
  }
}
