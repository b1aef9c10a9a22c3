/// Bets on costs and mismatches: never rich by chance, soon rich where a mean is above what is allowed.

import Testing

@testable import RolloutJudge

@Suite("BettingTest")
struct BettingTestTests {
  /// Observations until the e-value reaches 100; nil where it does not within `most`.
  static func crossing(
    most: Int, remembersUnits: Bool = false, _ random: inout SeededGenerator,
    _ payoff: (inout SeededGenerator) -> BettingTest.Payoff
  ) -> Int? {
    var test = BettingTest(remembersUnits: remembersUnits, since: Plans.epoch)
    for count in 1...most {
      test.weigh(payoff(&random), unit: 0, at: Plans.epoch, adding: BetTally())
      if test.value >= 100 { return count }
    }
    return nil
  }

  static func crossed(
    runs: Int, most: Int, seed: UInt64, _ payoff: (inout SeededGenerator) -> BettingTest.Payoff
  ) -> [Int?] {
    var random = SeededGenerator(seed: seed)
    return (0..<runs).map { _ in crossing(most: most, &random, payoff) }
  }

  /// Three standard deviations above one in a hundred.
  static func most(of runs: Int) -> Int { Int(0.01 * Double(runs) + 3 * (0.0099 * Double(runs)).squareRoot()) }

  static func mismatch(
    _ spec: BettingSpec, own: Double, noise: Double
  ) -> (inout SeededGenerator) -> BettingTest.Payoff {
    let payoffs = spec.pairPayoffs
    return { random in
      let isMismatch = random.chance(own)
      return BettingTest.Payoff(payoffs[BettingSpec.kind(isMismatch, random.chance(noise))])
    }
  }

  static let above = BettingSpec(quantity: .mismatch(hasNoise: true), limit: .above(0.05))
  static let past = BaselineCosts.Past(
    cap: 12, perOutcome: .init(low: 0.8, high: 1.8), perAnswer: .init(low: 0.8, high: 1.8))

  @Test("a payoff is never below -1, and at the limit its mean is nought")
  func payoffs() {
    for limit in [BettingSpec.Limit.above(0.05), .above(1), .ratio(1.5), .ratio(0.2)] {
      for hasNoise in [true, false] {
        let spec = BettingSpec(quantity: .mismatch(hasNoise: hasNoise), limit: limit)
        #expect(spec.pairPayoffs.allSatisfy { $0 >= -1 })
      }
    }
    let payoffs = Self.above.pairPayoffs
    // 25% against 20%, independently.
    let mean = payoffs[0] * 0.75 * 0.8 + payoffs[1] * 0.25 * 0.8 + payoffs[2] * 0.75 * 0.2 + payoffs[3] * 0.25 * 0.2
    #expect(abs(mean) < 1e-12)
    let answers = [(0.0, true), (0.0, false), (1.0, true), (50.0, false), (50.0, true)].map { dollars, isSuccess in
      var cost = AttemptCost()
      (cost.dollars, cost.isAnswered, cost.isSuccess) = (dollars, true, isSuccess)
      return cost
    }
    for quantity in [BettingSpec.Quantity.costPerRequest, .costPerOutcome] {
      for own in answers {
        #expect(BettingSpec(quantity: quantity, limit: .above(2)).payoff(own).map { $0.low >= -1 } == true)
        let ratio = BettingSpec(quantity: quantity, limit: .ratio(1.25))
        for share in [0.01, 0.5, 0.99] {
          for isCandidate in [true, false] {
            let payoff = ratio.payoff(own, isCandidate: isCandidate, share: share, Self.past)
            #expect(payoff.map { min($0.low, $0.high) >= -1 - 1e-12 } == true)
          }
        }
        for other in answers {
          #expect(ratio.payoff(own, other, Self.past).map { min($0.low, $0.high) >= -1 - 1e-12 } == true)
        }
      }
    }
  }

  @Test("a candidate exactly 5 points above the baseline's variation breaches 'above 5%' in at most 1 of 100 rollouts")
  func mismatchPromise() {
    let crossed = Self.crossed(runs: 200, most: 1500, seed: 3, Self.mismatch(Self.above, own: 0.35, noise: 0.3))
    #expect(crossed.count { $0 != nil } <= Self.most(of: 200))
  }

  @Test("twice as many mismatches as the baseline's own are noticed within some hundreds of pairs")
  func mismatchPower() {
    let crossed = Self.crossed(runs: 41, most: 3000, seed: 4, Self.mismatch(Self.above, own: 0.6, noise: 0.3))
      .map { $0 ?? 3000 }.sorted()
    #expect(crossed[20] <= 250)
    let ratio = BettingSpec(quantity: .mismatch(hasNoise: true), limit: .ratio(1.25))
    let byRatio = Self.crossed(runs: 41, most: 3000, seed: 4, Self.mismatch(ratio, own: 0.6, noise: 0.3))
      .map { $0 ?? 3000 }.sorted()
    #expect(byRatio[20] <= 400)
  }

  /// Live traffic with heavy-tailed costs; every candidate's cost is `ratio` times what the baseline's would be.
  static func live(
    _ spec: BettingSpec, ratio: Double, share: Double, success: Double = 1
  ) -> (inout SeededGenerator) -> BettingTest.Payoff {
    { random in
      let isCandidate = random.chance(share)
      var cost = AttemptCost()
      cost.dollars = random.logNormal(sigma: 1) * (isCandidate ? ratio : 1)
      cost.isAnswered = true
      cost.isSuccess = !isCandidate || random.chance(success)
      return spec.payoff(cost, isCandidate: isCandidate, share: share, past) ?? BettingTest.Payoff(0)
    }
  }

  @Test("a candidate that costs exactly what is allowed breaches in at most 1 of 100 rollouts", arguments: [0.05, 0.5])
  func costPromise(share: Double) {
    let perRequest = BettingSpec(quantity: .costPerRequest, limit: .ratio(1.25))
    let crossed = Self.crossed(runs: 150, most: 1500, seed: 5, Self.live(perRequest, ratio: 1.25, share: share))
    #expect(crossed.count { $0 != nil } <= Self.most(of: 150))
    // 20% fewer outcomes for the same money are 1.25 times the cost of each.
    let perOutcome = BettingSpec(quantity: .costPerOutcome, limit: .ratio(1.25))
    let fewer = Self.crossed(
      runs: 150, most: 1500, seed: 6, Self.live(perOutcome, ratio: 1, share: share, success: 0.8))
    #expect(fewer.count { $0 != nil } <= Self.most(of: 150))
  }

  @Test("a candidate at three times the cost, or with half the outcomes, is noticed")
  func costPower() {
    let perRequest = BettingSpec(quantity: .costPerRequest, limit: .ratio(1.25))
    let crossed = Self.crossed(runs: 21, most: 6000, seed: 7, Self.live(perRequest, ratio: 3, share: 0.2))
      .map { $0 ?? 6000 }.sorted()
    #expect(crossed[10] <= 1200)
    let perOutcome = BettingSpec(quantity: .costPerOutcome, limit: .ratio(1.25))
    let fewer = Self.crossed(
      runs: 21, most: 6000, seed: 8, Self.live(perOutcome, ratio: 1.5, share: 0.5, success: 0.4)
    )
    .map { $0 ?? 6000 }.sorted()
    #expect(fewer[10] <= 2500)
  }

  @Test("the counts of a start give its value")
  func recomputed() {
    var test = BettingTest(remembersUnits: false, since: Plans.epoch)
    var counts = [0, 0, 0, 0]
    var random = SeededGenerator(seed: 9)
    for _ in 0..<400 {
      let kind = BettingSpec.kind(random.chance(0.4), random.chance(0.3))
      counts[kind] += 1
      test.weigh(
        BettingTest.Payoff(Self.above.pairPayoffs[kind]), unit: 0, kind: kind, at: Plans.epoch, adding: BetTally())
    }
    #expect(test.starts.count == 1 && (0..<4).map { test.starts[0].kinds[$0] } == counts)
    let computed = BettingTest.eValue(payoffs: Self.above.pairPayoffs, counts: counts) / 2
    #expect(abs(computed - test.value) < 1e-9 * computed)
  }

  @Test("of a unit only the first observation since a start counts for it")
  func units() {
    var test = BettingTest(remembersUnits: true, since: Plans.epoch)
    func weigh(_ unit: UInt32) {
      test.weigh(BettingTest.Payoff(2), unit: unit, at: Plans.epoch, adding: BetTally())
    }
    weigh(1)
    let once = test.value
    for _ in 0..<20 { weigh(1) }
    #expect(test.value == once)
    weigh(2)
    #expect(test.value > once)
    // After a restart nobody knows which units were heard: what has begun hears unknown ones no more.
    var restored = BettingTest(remembersUnits: true, since: Plans.epoch)
    restored.restore(test.saved, at: Plans.epoch)
    let before = restored.starts[0]
    restored.weigh(BettingTest.Payoff(2), unit: 3, at: Plans.epoch, adding: BetTally())
    #expect(restored.starts[0].low == before.low && restored.starts.count == 2)
  }
}
