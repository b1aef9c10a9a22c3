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

  @Test(
    "what fails now and then, as all do, uses up no starts, so a candidate that breaks late is seen as soon as one that breaks early"
  )
  func late() {
    func requests(after good: Int, seed: UInt64) -> Int {
      var random = SeededGenerator(seed: seed)
      var test = RescueTest(r0: 1.5, entries: 0, isLargest: false)
      for ordinal in 0..<good + 200 {
        test.began(ordinal)
        guard ordinal >= good || random.chance(0.005) else {
          test.turnedGood(ordinal)
          continue
        }
        test.turnedBad(ordinal)
        test.wasRescued(ordinal)
        if ordinal >= good, test.value >= 200 { return ordinal - good + 1 }
      }
      return .max
    }
    let early = (1...21).map { requests(after: 500, seed: $0) }.sorted()[10]
    let late = (1...21).map { requests(after: 20_000, seed: $0) }.sorted()[10]
    #expect(early <= 14 && late <= 15)
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

  @Test("where rescues fail, too, nothing waits: each attempt is weighed as soon as both arms are known")
  func bothFail() {
    var test = RescueTest(r0: 1.5, entries: 0, isLargest: false)
    for ordinal in 0..<400 {
      test.began(ordinal)
      test.turnedBad(ordinal)
      test.wasLost(ordinal)
      #expect(test.waiting == 0)
    }
    #expect(test.settled.starts.map(\.counts.n).max() == 400)
    #expect(test.value < 1)
  }

  @Test("what waits is looked through only where its rescues could reach the bar, and never says more than was bound")
  func bound() {
    var random = SeededGenerator(seed: 33)
    for _ in 0..<40 {
      var test = RescueTest(r0: 1.5, entries: 1, isLargest: false)
      for ordinal in 0..<120 {
        test.began(ordinal)
        if ordinal == 60 { test.stageEntered() }
        // Of the earlier ones some are under way all the time.
        let known = ordinal - Int(random.next() % 30)
        guard known >= 0 else { continue }
        if random.chance(0.5) { test.turnedGood(known) } else { test.turnedBad(known) }
        if random.chance(0.7) { test.wasRescued(known) } else if random.chance(0.3) { test.wasLost(known) }
        #expect(test.value <= test.bound * (1 + 1e-9))
        #expect(test.settled.value <= test.value)
      }
    }
  }

  @Test("what waits when it is kept is weighed as it stands, and nothing of it waits after a restart")
  func kept() {
    var test = RescueTest(r0: 1.5, entries: 0, isLargest: false)
    for ordinal in 0..<8 {
      test.began(ordinal)
      test.turnedBad(ordinal)
      if ordinal > 2 { test.wasRescued(ordinal) }
    }
    var restored = RescueTest(r0: 1.5, entries: 0, isLargest: false)
    restored.restore(test.saved)
    #expect(restored.waiting == 0 && restored.settled.value == restored.value)
    #expect(restored.settled.starts.map(\.counts) == [RescueTest.Counts(n: 8, bad: 8, rescued: 5)])
    restored.began(9)
    restored.turnedBad(9)
    restored.wasRescued(9)
    #expect(restored.settled.starts[0].counts.rescued == 6)
  }
}

@Suite("RescueWait")
struct RescueWaitTests {
  private func canary(_ ordinal: Int) -> RescueWait.Canary {
    RescueWait.Canary(candidate: 0, ordinal: ordinal, index: ordinal, bad: 1)
  }

  @Test("a failure in whose place nobody is asked stands once a whole look has passed; one that is asked for waits")
  func unasked() {
    var wait = RescueWait()
    wait.failed(1, canary(1))
    wait.failed(2, canary(2))
    wait.asked(2)
    #expect(wait.looked().isEmpty)
    wait.failed(3, canary(3))
    #expect(wait.looked().map(\.ordinal) == [1])
    // The word may come in the batch after.
    wait.asked(3)
    #expect(wait.looked().isEmpty && wait.looked().isEmpty)
    #expect(wait.rescued(2)?.ordinal == 2 && wait.rescued(3)?.ordinal == 3)
    #expect(wait.rescued(1) == nil && wait.rescued(2) == nil)
  }
}
