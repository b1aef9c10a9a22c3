/// What an attempt can have cost at most, from how long the request and its answer were.

import Testing

@testable import Dialects

@Suite("CostBound")
struct CostBoundTests {
  private func bound(_ change: (inout CostBound) -> Void) -> Double {
    var bound = CostBound()
    bound.requestBytes = 2_000
    bound.answerBytes = 1_000
    change(&bound)
    return bound.dollars(input: 1, output: 10) * 1_000_000
  }

  @Test("two bytes a token, at most what the request allows, and what was counted where it was")
  func dollars() {
    #expect(bound { _ in } == 1_000 + 5_000)
    #expect(bound { $0.maxTokens = 100 } == 1_000 + 1_000)
    #expect(bound { $0.maxTokens = 100_000 } == 1_000 + 5_000)
    #expect(bound { $0.usage = TokenUsage(prompt: 10, completion: 20) } == 10 + 200)
  }

  @Test("an answer that was cut can have gone on unseen")
  func cut() {
    #expect(bound { $0.isCut = true } == 1_000 + 10_240)
    #expect(bound { ($0.isCut, $0.maxTokens) = (true, 4_000) } == 1_000 + 40_000)
    #expect(bound { ($0.isCut, $0.maxTokens) = (true, 10) } == 1_000 + 100)
    #expect(bound { ($0.isCut, $0.answerBytes) = (true, 10_000) } == 1_000 + 50_000)
  }
}
