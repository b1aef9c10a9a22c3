/// The baseline's rescues of failed canaries as evidence, at the limit and beyond it.

import Testing

@testable import RolloutJudge

@Suite("RescueTest")
struct RescueTestTests {
  /// Canaries until the test reaches a threshold; nil where it does not. `hard` exchanges fail on either arm.
  static func requests(
    r0: Double = 1.5, own: Double, baseline: Double, hard: Double = 0, threshold: Double = 200, most: Int,
    _ random: inout SeededGenerator
  ) -> Int? {
    var test = RescueTest(r0: r0, entries: 0, isLargest: false)
    for ordinal in 0..<most {
      test.began(ordinal)
      let isHard = random.chance(hard)
      guard random.chance(own) || isHard else {
        test.turnedGood(ordinal)
        continue
      }
      test.turnedBad(ordinal)
      // Nothing but a rescue raises it.
      guard !isHard && !random.chance(baseline) else { continue }
      test.wasRescued(ordinal)
      if test.value >= threshold { return ordinal + 1 }
    }
    return nil
  }

  @Test("at exactly the ratio, and where requests fail everywhere, at most one run in a hundred crosses")
  func promise() {
    var random = SeededGenerator(seed: 31)
    for (own, baseline, hard) in [(0.015, 0.01, 0.0), (0.15, 0.1, 0), (0.75, 0.5, 0), (0.01, 0.01, 0.05)] {
      let crossed = (0..<40).filter { _ in
        Self.requests(own: own, baseline: baseline, hard: hard, threshold: 100, most: 400, &random) != nil
      }
      #expect(crossed.count <= 2)
    }
  }

  @Test("a dead candidate needs a handful of requests, one in five some dozens, without any control")
  func power() {
    var random = SeededGenerator(seed: 32)
    func median(_ own: Double) -> Int {
      (0..<41).map { _ in Self.requests(own: own, baseline: 0.005, most: 5000, &random) ?? 5000 }.sorted()[20]
    }
    #expect(median(1) <= 9)
    #expect(median(0.2) <= 600)
  }

  @Test("what is not known yet is taken in the candidate's favour, and only until it is known")
  func provisional() {
    var test = RescueTest(r0: 1.5, entries: 0, isLargest: false)
    for ordinal in 0..<12 {
      test.began(ordinal)
      test.turnedBad(ordinal)
    }
    #expect(test.value <= 0.5)
    // The second is not known to be rescued: what came after it counts as if it had not been.
    for ordinal in 0..<12 where ordinal != 1 { test.wasRescued(ordinal) }
    let before = test.value
    test.wasRescued(1)
    #expect(test.value > 5 * before && before > 1)
    let counts = RescueTest.Counts(n: 12, bad: 12, rescued: 12)
    let expected = 0.5 * RescueTest.eValue(r0: 1.5, counts)
    #expect(test.value == expected)
  }

  @Test("one attempt that hangs does not hide the others, nor do more than are waited for")
  func bounded() {
    var test = RescueTest(r0: 1.5, entries: 0, isLargest: false)
    test.began(0)
    for ordinal in 1..<1000 {
      test.began(ordinal)
      test.turnedBad(ordinal)
      test.wasRescued(ordinal)
    }
    #expect(test.value > 1e100)
  }
}
