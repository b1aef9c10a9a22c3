/// The part of a candidate's tests that the baseline's rescues of failed canaries speak to.

extension TestSet {
  /// The baseline was asked in place of a canary that had failed.
  ///
  /// - Parameters:
  ///   - good: What its answer was good in, of what the canary was bad in.
  ///   - hasFailed: Whether the baseline itself is in trouble.
  mutating func rescued(_ canary: RescueWait.Canary, good: SignalSet, hasFailed: Bool) {
    guard canary.index >= firstIndex else { return }
    for test in rescues.indices where canary.bad.has(relativeSignals[test]) {
      if good.has(relativeSignals[test]) {
        rescues[test]?.wasRescued(canary.ordinal)
      } else {
        rescues[test]?.wasLost(canary.ordinal)
      }
    }
    for test in frozen.indices where canary.bad.has(relativeSignals[test]) {
      frozen[test]?.rescued(canary.index, isBad: hasFailed)
    }
    for test in gates.indices where canary.bad.has(absoluteSignals[test]) {
      recount(test, gates[test]?.rescued(canary.index, isBad: hasFailed) ?? [])
    }
    isStale = true
  }

  /// Nobody answers in place of a canary that had failed.
  mutating func wasLost(_ canary: RescueWait.Canary) {
    guard canary.index >= firstIndex else { return }
    for test in rescues.indices where canary.bad.has(relativeSignals[test]) { rescues[test]?.wasLost(canary.ordinal) }
  }

  /// The value of a relative test's rescues with the starts that make it; nil where they are not weighed. Those whose turn has not come
  /// are looked through only where that could reach `threshold`, and where many wait only now and then.
  mutating func rescue(
    _ index: Int, towards threshold: Double, at now: Instant
  ) -> (value: Double, starts: [RescueTest.Start])? {
    guard let test = rescues[index] else { return nil }
    guard test.bound >= threshold else { return test.settled }
    guard rescueLookouts[index].isDue(at: now) else {
      isStale = true
      return test.settled
    }
    rescueLookouts[index].looked(at: now, attempts: 5 * test.waiting, weighed: 0)
    return test.best(towards: threshold)
  }

  /// The value of what has been weighed so far, rescues included.
  func ratio(_ index: Int) -> Double {
    let own = relatives[index].value
    let beside = rescues[index].map { max(own, $0.value) / 2 } ?? own
    guard let frozen = frozen[index] else { return beside }
    return max(FrozenTest.rest * beside, FrozenTest.part * (frozen.test?.currentFinding().value ?? 0))
  }

  /// The average of both, each with 1 for every start that has not begun.
  func wholeRatio(_ index: Int) -> Double {
    let own = relatives[index].whole
    let beside = rescues[index].map { (own + $0.whole) / 2 } ?? own
    return frozen[index]?.test.map { (beside + $0.whole) / 2 } ?? beside
  }
}
