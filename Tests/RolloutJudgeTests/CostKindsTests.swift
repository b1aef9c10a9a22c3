/// What kinds of requests cost, and costs with that taken out.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("CostKinds")
struct CostKindsTests {
  private static func start(_ model: String?, bytes: Int = 0) -> AttemptStart {
    AttemptStart(
      attempt: 1, exchange: 1, arm: .baseline, population: .live, unit: 0, shares: [0.5], at: Plans.epoch, model: model,
      bytes: bytes)
  }

  @Test("models and sizes are told apart, both within bounds")
  func kinds() {
    var kinds = CostKinds()
    let first = kinds.kind(of: Self.start("a"))
    #expect(kinds.kind(of: Self.start("a", bytes: 1023)) == first)
    #expect(kinds.kind(of: Self.start("a", bytes: 1024)) == first + 1)
    #expect(kinds.kind(of: Self.start("a", bytes: 2048)) == first + 2)
    #expect(kinds.kind(of: Self.start("a", bytes: .max)) == first + CostKinds.sizes - 1)
    #expect(kinds.kind(of: Self.start("b")) == first + CostKinds.sizes)
    for number in 0..<100 { _ = kinds.kind(of: Self.start("m\(number)")) }
    #expect(kinds.names.count == CostKinds.models)
    #expect(kinds.kind(of: Self.start("m99")) == kinds.kind(of: Self.start(nil)))
    #expect(kinds.kind(of: Self.start("m99", bytes: .max)) == CostKinds.count - 1)
  }

  @Test("by hand: nine requests of ten at 0.0005 and one at 0.015 are 0.26 and 7.7 times the mean")
  func factors() throws {
    var kinds = CostKinds()
    let (cheap, dear) = (kinds.kind(of: Self.start("cheap")), kinds.kind(of: Self.start("dear")))
    for _ in 0..<900 { kinds.record(0.0005, cheap) }
    for _ in 0..<100 { kinds.record(0.015, dear) }
    let factors = try #require(kinds.factors(of: 0.00195, before: nil))
    #expect(abs(factors[cheap] - 0.25641) < 1e-4 && abs(factors[dear] - 7.69231) < 1e-4)
    // A size of which too little is known costs what its model does.
    #expect(abs(factors[dear + 3] - factors[dear]) < 1e-9)
    #expect(abs(factors[CostKinds.count - 1] - 1) < 1e-9)
  }

  @Test("the factors' mean over all requests is one, however dear the dearest kind is, and of one kind it is one")
  func mean() throws {
    var random = SeededGenerator(seed: 8)
    for spread in [0.0, 1, 3] {
      var kinds = CostKinds()
      var (sum, counts) = (0.0, Array(repeating: 0, count: CostKinds.count))
      let scales = (0..<6).map { _ in random.logNormal(sigma: spread) }
      for number in 0..<3000 {
        let kind = kinds.kind(of: Self.start("m\(number % 6)"))
        let dollars = scales[number % 6]
        counts[kind] += 1
        sum += dollars
        kinds.record(dollars, kind)
      }
      let factors = try #require(kinds.factors(of: sum / 3000, before: nil))
      let mean = zip(factors, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / 3000
      #expect(abs(mean - 1) < 1e-9 && factors.allSatisfy { $0 >= 0 && $0 <= CostKinds.mostFactor + 1 })
    }
    var one = CostKinds()
    for _ in 0..<500 { one.record(0.3, one.kind(of: Self.start("a"))) }
    #expect(one.factors(of: 150.0 / 500, before: nil).map { $0.allSatisfy { abs($0 - 1) < 1e-9 } } == true)
  }

  private static let past = BaselineCosts.Past(
    cap: 40, perOutcome: .init(low: 0.8, high: 1.8), perAnswer: .init(low: 0.8, high: 1.8),
    kinds: [0.25, 7.5] + Array(repeating: 1, count: CostKinds.count - 2))
  private static let ratio = BettingSpec(quantity: .costPerRequest, limit: .ratio(1.25))

  private static func answer(_ dollars: Double) -> AttemptCost {
    var cost = AttemptCost()
    (cost.dollars, cost.isAnswered) = (dollars, true)
    return cost
  }

  @Test("no payoff is below -1, and at the limit the mean is nought whatever kind a request is of, in dollars")
  func payoffs() throws {
    for kind in 0..<3 {
      for share in [0.01, 0.2, 0.99] {
        for dollars in [0, 0.1, 30, 1000.0] {
          for isCandidate in [true, false] {
            let payoff = try #require(
              Self.ratio.payoff(Self.answer(dollars), isCandidate: isCandidate, share: share, Self.past, kind: kind))
            #expect(min(payoff.low, payoff.high) >= -1 - 1e-12)
          }
        }
        // Twice as dear for one kind and half of a quarter more for the other: what counts is the sum in dollars.
        let (own, other) = (2.5, 2.0)
        let candidate = try #require(
          Self.ratio.payoff(Self.answer(own), isCandidate: true, share: share, Self.past, kind: kind))
        let baseline = try #require(
          Self.ratio.payoff(Self.answer(other), isCandidate: false, share: share, Self.past, kind: kind))
        #expect(abs(share * candidate.low + (1 - share) * baseline.low) < 1e-12)
        #expect(abs(share * candidate.high + (1 - share) * baseline.high) < 1e-12)
      }
    }
  }

  /// Live at 20%, nine cheap requests for a dear one; every cost of the candidate's is `ratio` times the baseline's.
  private static func rig(_ ratio: Double, tellsApart: Bool, most: Int = 20_000, seed: UInt64) -> (Rig, requests: Int) {
    let condition = Condition(metric: .costPerRequest, ratioAbove: 1.25)
    var rig = Rig(
      Plans.playbook([Plans.stage("one", weight: 0.2, hold: .seconds(1_000_000))], pause: [condition]))
    var random = SeededGenerator(seed: seed)
    var requests = 0
    for _ in 0..<most where rig.state == .running {
      let (isCandidate, isDear) = (random.chance(0.2), random.chance(0.1))
      requests += isCandidate ? 1 : 0
      let start = rig.start(isCandidate ? .litellm : .baseline, model: tellsApart ? (isDear ? "dear" : "cheap") : nil)
      let cost = (isDear ? 0.015 : 0.0005) * random.logNormal(sigma: 0.5) * (isCandidate ? ratio : 1)
      rig.end(start, cost: cost)
      rig.decide()
    }
    return (rig, requests)
  }

  @Test("twice the cost is seen with four fifths of the requests where kinds are told apart, the limit itself is not")
  func power() {
    func median(_ tellsApart: Bool) -> Int {
      (1...5).map { Self.rig(2, tellsApart: tellsApart, seed: $0).requests }.sorted()[2]
    }
    let (with, without) = (median(true), median(false))
    #expect(with * 5 <= without * 4, "\(with) against \(without)")
    for seed in UInt64(20)...22 {
      #expect(Self.rig(1.25, tellsApart: true, most: 3000, seed: seed).0.kinds == [.start])
    }
  }
}
