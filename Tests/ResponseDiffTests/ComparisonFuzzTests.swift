/// Compares answers broken at random: the bounds hold, and an answer never differs from itself.

import Dialects
import ResponseDiff
import Testing

@Suite("AnswerComparer, broken")
struct ComparisonFuzzTests {
  private static let bodies: [(Endpoint, String)] = [
    (.chatCompletions, chat("The answer is that it is sunny, and you can see the sun from the window of the house.")),
    (.chatCompletions, chat(#"{"name":"Ada","age":36,"tags":["a",1,null,{"b":[]}]}"#)),
    (.chatCompletions, calling(("weather", #"{"city":"Lima","days":2}"#), ("weather", #"{"city":"Oslo"}"#))),
    (
      .messages,
      #"{"type":"message","content":[{"type":"tool_use","name":"f","input":{"a":1}}],"stop_reason":"tool_use"}"#
    ),
    (.embeddings, #"{"data":[{"embedding":[1,2,3]},{"embedding":[0.5,2,1]}],"usage":{"prompt_tokens":1}}"#),
  ]
  private static let requests = ["{}", weatherTool, personFormat, #"{"response_format":{"type":"json_object"}}"#]
  private static let rules = [
    ComparisonRules(), ComparisonRules(ignore: [], toolCalls: .names, text: .init(similarity: 0.9), json: .exact),
    ComparisonRules(ignore: ["**.a", "choices[*].message"], toolCalls: .ignore, json: .schema),
  ]

  @Test("Whatever is broken, every bound holds", arguments: 0..<60 as Range<UInt64>)
  func bounds(seed: UInt64) {
    var random = Seeded(state: seed)
    for (endpoint, body) in Self.bodies {
      let broken = broken(body, &random)
      for text in Self.requests {
        let expectations = request(text, endpoint: endpoint)
        for rules in Self.rules {
          for (a, b) in [(body, broken), (broken, body)] {
            let comparison = compare(
              baseline: answer(a, endpoint: endpoint), candidate: answer(b, endpoint: endpoint),
              expectations: expectations, rules: rules)
            #expect(comparison.differences.count <= AnswerComparison.differenceLimit)
            #expect((0...1).contains(comparison.distance))
            #expect(comparison.similarity.map { (0...1).contains($0) } ?? true)
            #expect((comparison.distance > 0.5) == comparison.isMismatch)
          }
          let itself = compare(
            baseline: answer(broken, endpoint: endpoint), candidate: answer(broken, endpoint: endpoint),
            expectations: expectations, rules: rules)
          #expect(itself.differences.isEmpty && itself.distance == 0)
        }
      }
    }
  }

  private func broken(_ body: String, _ random: inout Seeded) -> String {
    var bytes = Array(body.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[place] = Array("abz019\"{}[],:\\ ").randomElement(using: &random)?.asciiValue ?? 0
      case 1: bytes.remove(at: place)
      default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// SplitMix64.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
