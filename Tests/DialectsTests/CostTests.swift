import Testing

@testable import Dialects

@Suite("Cost")
struct CostTests {
  @Test(
    "a header's decimal or scientific number is a cost",
    arguments: [
      ("1.2499999999999999e-05", 1.2499999999999999e-05), ("0.00055", 0.00055), ("0", 0), ("0.0", 0), ("12", 12),
      (" 3E-2\t", 0.03), ("1e+2", 100),
    ])
  func headers(text: String, cost: Double) {
    #expect(headerCost(Array(text.utf8).span.bytes) == cost)
  }

  @Test(
    "anything else is none",
    arguments: [
      "", " ", "nan", "inf", "-1", "0x1p3", "1e999", "1,5", "$1", "1 2", "1e", "--1", String(repeating: "1", count: 65),
    ])
  func noCost(text: String) {
    #expect(headerCost(Array(text.utf8).span.bytes) == nil)
  }

  @Test("tokens are priced by what they are")
  func derived() {
    let usage = TokenUsage(prompt: 1_000_000, completion: 500_000, cached: 600_000, cacheWrite: 100_000, reasoning: 9)
    #expect(
      derivedCost(usage: usage, input: 5, output: 25, cachedInput: 0.5, cacheWrite: 6.25) == 1.5 + 12.5 + 0.3 + 0.625)
    #expect(derivedCost(usage: usage, input: 5, output: 25, cachedInput: nil, cacheWrite: nil) == 5 + 12.5)
    #expect(
      derivedCost(usage: TokenUsage(prompt: 0, completion: 0), input: 5, output: 25, cachedInput: nil, cacheWrite: nil)
        == 0)
  }

  @Test("more cached tokens than there were are not charged twice")
  func tooManyCached() {
    let usage = TokenUsage(prompt: 10, completion: 0, cached: 30, cacheWrite: 5)
    #expect(derivedCost(usage: usage, input: 1e6, output: 0, cachedInput: 1e5, cacheWrite: 1e9) == 1)
  }

  @Test("prices and counts that make no sense give no cost")
  func nonsense() {
    let usage = TokenUsage(prompt: 1, completion: 1)
    #expect(derivedCost(usage: usage, input: -1, output: 1, cachedInput: nil, cacheWrite: nil) == nil)
    #expect(derivedCost(usage: usage, input: 1, output: .infinity, cachedInput: nil, cacheWrite: nil) == nil)
    #expect(derivedCost(usage: usage, input: 1, output: 1, cachedInput: .nan, cacheWrite: nil) == nil)
    #expect(
      derivedCost(usage: TokenUsage(prompt: -1, completion: 1), input: 1, output: 1, cachedInput: nil, cacheWrite: nil)
        == nil)
  }
}
