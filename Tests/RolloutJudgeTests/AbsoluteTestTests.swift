/// The absolute test keeps its promise at the limit and is about as quick as its bound allows.

import Testing

@testable import RolloutJudge

@Suite("AbsoluteTest")
struct AbsoluteTestTests {
  /// Attempts until the test crosses 1/α; nil if it has not after `most`.
  static func attempts(
    p0: Double, share: Double, alpha: Double, most: Int, healthyFirst: Int = 0, healthy: Double = 0.005,
    _ random: inout SeededGenerator
  ) -> Int? {
    var test = AbsoluteTest(p0: p0, against: .worse, since: Plans.epoch)
    for attempt in 0..<(most + healthyFirst) {
      test.began(attempt, at: Plans.epoch, tally: SignalTally())
      let isBad = random.chance(attempt < healthyFirst ? healthy : share)
      guard isBad else { continue }
      test.turnedBad(attempt)
      if test.currentFinding().value >= 1 / alpha { return attempt + 1 - healthyFirst }
    }
    return nil
  }

  static func mean(share: Double, runs: Int, most: Int) -> Double {
    var random = SeededGenerator(seed: 11)
    let counts = (0..<runs).map { _ in attempts(p0: 0.02, share: share, alpha: 0.01, most: most, &random) ?? most }
    return Double(counts.reduce(0, +)) / Double(runs)
  }

  @Test("catches a worse candidate within 1.75 times Wald's bound, restarts included")
  func nearTheBound() {
    #expect(Self.mean(share: 0.03, runs: 60, most: 20_000) <= 1.75 * 2079)
    #expect(Self.mean(share: 0.05, runs: 150, most: 4000) <= 1.75 * 283)
    #expect(Self.mean(share: 0.10, runs: 300, most: 1000) <= 1.75 * 55)
    #expect(Self.mean(share: 0.50, runs: 500, most: 200) <= 8)
    #expect(Self.mean(share: 1.00, runs: 10, most: 20) <= 3)
  }

  @Test("at the limit, at most one run in a hundred crosses, however often one looks")
  func promise() {
    var random = SeededGenerator(seed: 7)
    let runs = 600
    let crossed = (0..<runs).filter { _ in
      Self.attempts(p0: 0.02, share: 0.02, alpha: 0.01, most: 5000, &random) != nil
    }
    // 1% of the runs and three standard deviations.
    #expect(Double(crossed.count) <= 0.01 * Double(runs) + 3 * (0.01 * 0.99 * Double(runs)).squareRoot())
  }

  @Test("a start without a past meets a regression that comes late")
  func late() {
    var random = SeededGenerator(seed: 3)
    let counts = (0..<40).map { _ in
      Self.attempts(p0: 0.02, share: 0.10, alpha: 0.01, most: 5000, healthyFirst: 20_000, &random) ?? 5000
    }.sorted()
    #expect(counts[20] <= 300)
  }

  @Test("an attempt that leaves the denominator leaves no trace")
  func exclusion() {
    var with = AbsoluteTest(p0: 0.02, against: .worse, since: Plans.epoch)
    var without = AbsoluteTest(p0: 0.02, against: .worse, since: Plans.epoch)
    for attempt in 0..<40 {
      with.began(attempt, at: Plans.epoch, tally: SignalTally())
      if attempt % 2 == 0 {
        with.wasExcluded(attempt)
      } else {
        without.began(attempt, at: Plans.epoch, tally: SignalTally())
      }
      if attempt % 8 == 1 {
        with.turnedBad(attempt)
        without.turnedBad(attempt)
      }
    }
    #expect(with.currentFinding().value == without.currentFinding().value)
    #expect(with.counted[0].n == 20 && with.counted[0].bad == 5)
  }

  @Test("a bad attempt speaks only to starts that began before it")
  func orderOfStarts() {
    var test = AbsoluteTest(p0: 0.02, against: .worse, since: Plans.epoch)
    for attempt in 0..<60 { test.began(attempt, at: Plans.epoch, tally: SignalTally()) }
    #expect(test.starts.map(\.ordinal) == [0, 50])
    test.turnedBad(10)
    #expect(test.starts.map(\.bad) == [1, 0])
    test.turnedBad(55)
    #expect(test.starts.map(\.bad) == [2, 1])
  }

  @Test("keeps a bounded number of starts, and the same value after being saved")
  func bounded() {
    var test = AbsoluteTest(p0: 0.05, against: .worse, since: Plans.epoch)
    for attempt in 0..<50_000 {
      test.began(attempt, at: Plans.epoch, tally: SignalTally())
      if attempt % 25 == 0 { test.turnedBad(attempt) }
    }
    #expect(test.starts.count == RestartWeights.maxStarts)
    var restored = AbsoluteTest(p0: 0.05, against: .worse, since: Plans.epoch)
    restored.restore(test.saved)
    #expect(restored.currentFinding().value == test.currentFinding().value)
  }

  @Test(
    "of a unit only what comes before its first bad attempt counts, for each start anew, and the largest start speaks")
  func units() {
    var test = AbsoluteTest(p0: 0.02, against: .worse, since: Plans.epoch, isByUnit: true)
    func attempt(_ ordinal: Int, _ unit: UInt32, isBad: Bool) {
      test.began(ordinal, unit: unit, at: Plans.epoch, tally: SignalTally())
      if isBad { test.turnedBad(ordinal, unit: unit) }
    }
    for ordinal in 0..<40 { attempt(ordinal, 7, isBad: ordinal >= 2) }
    #expect(test.counted.map(\.n) == [3] && test.counted.map(\.bad) == [1])
    for ordinal in 40..<50 { attempt(ordinal, 8, isBad: false) }
    // The second start has not heard of the bad unit.
    for ordinal in 50..<60 { attempt(ordinal, 7, isBad: true) }
    #expect(test.counted.map(\.n) == [13, 1] && test.counted.map(\.bad) == [1, 1])
    let values = zip(test.starts, test.counted).map {
      $0.weight * AbsoluteTest.eValue(p0: 0.02, n: $1.n!, bad: $1.bad!)
    }
    #expect(test.currentFinding().value == values.max())
  }

  @Test("the entry of a stage is a start of its own, with its share of a quarter of the weight")
  func entries() {
    var test = AbsoluteTest(p0: 0.02, against: .worse, since: Plans.epoch, entries: 2)
    for ordinal in 0..<200 {
      if ordinal == 60 || ordinal == 70 || ordinal == 80 { test.stageEntered() }
      test.began(ordinal, at: Plans.epoch, tally: SignalTally())
    }
    #expect(test.starts.map(\.ordinal) == [0, 50, 60, 70, 100, 150])
    let weights: [Double] = [0.5, 0.5 / 6, 0.125, 0.125, 0.5 / 12, 0.5 / 20]
    #expect(test.starts.map(\.weight) == weights)
    #expect(!RestartWeights.isPossible(0.3, number: 2) && !RestartWeights.isPossible(0.5, number: 4))
    #expect(test.starts.allSatisfy { RestartWeights.isPossible($0.weight, number: $0.number) })
  }

  @Test("limits of 0% and 100% are limits like others")
  func extremes() {
    var never = AbsoluteTest(p0: 1, against: .worse, since: Plans.epoch)
    var zero = AbsoluteTest(p0: 0, against: .worse, since: Plans.epoch)
    for attempt in 0..<50 {
      never.began(attempt, at: Plans.epoch, tally: SignalTally())
      never.turnedBad(attempt)
      zero.began(attempt, at: Plans.epoch, tally: SignalTally())
    }
    #expect(never.currentFinding().value < 2)
    zero.turnedBad(3)
    #expect(zero.currentFinding().value > 100)
  }
}
