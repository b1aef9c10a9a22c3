/// Which exchanges are compared: so many pairs a second, and never only those without noise.

import Testing

@testable import SidecarProxy

@Suite struct ComparisonBudgetTests {
  private static let second: Int64 = 1_000_000_000

  /// Offers `perSecond` exchanges a second, every `noiseEvery`-th with noise.
  private func run(
    _ budget: inout ComparisonBudget, seconds: Int, perSecond: Int, noiseEvery: Int
  ) -> (plain: Int, noisy: Int) {
    var taken = (plain: 0, noisy: 0)
    for number in 0..<seconds * perSecond {
      let now = Int64(number) * Self.second / Int64(perSecond)
      let hasNoise = number.isMultiple(of: noiseEvery)
      guard budget.admit(pairs: 1, hasNoise: hasNoise, at: now) else { continue }
      if hasNoise { taken.noisy += 1 } else { taken.plain += 1 }
    }
    return taken
  }

  @Test("takes its rate and what it had saved, however much is offered")
  func rate() {
    var budget = ComparisonBudget(perSecond: 10, byteLimit: 0)
    let taken = run(&budget, seconds: 100, perSecond: 1000, noiseEvery: 20)
    // 100 s at 10, and at the start one second's worth and half of one.
    #expect((1000...1016).contains(taken.plain + taken.noisy))
    #expect((480...520).contains(taken.noisy))
  }

  @Test("what the exchanges with noise leave over is for the others")
  func leftOver() {
    var budget = ComparisonBudget(perSecond: 10, byteLimit: 0)
    let taken = run(&budget, seconds: 100, perSecond: 1000, noiseEvery: 1000)
    #expect(taken.noisy == 100, "every one of them, though the others are a thousand times as many")
    #expect((890...916).contains(taken.plain))
    var none = ComparisonBudget(perSecond: 10, byteLimit: 0)
    let others = run(&none, seconds: 100, perSecond: 1000, noiseEvery: .max)
    #expect((995...1016).contains(others.plain))
  }

  @Test("takes all where less is offered")
  func all() {
    var budget = ComparisonBudget(perSecond: 50, byteLimit: 0)
    let taken = run(&budget, seconds: 60, perSecond: 40, noiseEvery: 3)
    #expect(taken == (1600, 800))
  }

  @Test("a share of one pair a second is still one now and then")
  func fraction() {
    var budget = ComparisonBudget(perSecond: 0.25, byteLimit: 0)
    let taken = run(&budget, seconds: 400, perSecond: 10, noiseEvery: 2)
    #expect((98...104).contains(taken.plain + taken.noisy))
  }

  @Test("an exchange with several candidates uses as many of its places")
  func several() {
    var budget = ComparisonBudget(perSecond: 6, byteLimit: 0)
    var taken = 0
    for number in 0..<10_000 where budget.admit(pairs: 3, hasNoise: false, at: Int64(number) * Self.second / 100) {
      taken += 3
    }
    #expect((600...609).contains(taken))
  }

  @Test("a rate of nothing takes nothing")
  func off() {
    var budget = ComparisonBudget(perSecond: 0, byteLimit: 1 << 20)
    let taken = (0..<10).count { budget.admit(pairs: 1, hasNoise: $0 < 5, at: Int64($0) * Self.second) }
    #expect(taken == 0)
  }

  @Test("a clock that stands still refills nothing")
  func stillClock() {
    var budget = ComparisonBudget(perSecond: 2, byteLimit: 0)
    let taken = (0..<100).count { _ in budget.admit(pairs: 1, hasNoise: false, at: 7) }
    #expect(taken == 2)
  }

  @Test("holds no more bytes than allowed")
  func bytes() {
    var budget = ComparisonBudget(perSecond: 1, byteLimit: 100)
    let held = [60, 41, 40, 1].map { budget.hold(bytes: $0) }
    #expect(held == [true, false, true, false])
    #expect(budget.heldBytes == 100)
    budget.release(bytes: 100)
    #expect(budget.heldBytes == 0)
  }
}
