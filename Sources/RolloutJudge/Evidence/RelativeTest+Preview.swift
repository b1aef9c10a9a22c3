/// A relative test looks ahead: what bad attempts will say whose turn in the order of assignment has not come.

extension RelativeTest {
  /// Goes on from what has been weighed through attempts whose turn has not come, as far as they are known, without
  /// changing the test: what is not known is taken in the candidate's favour, so every value met on the way is at most the one
  /// that the full outcome will give.
  struct Preview: Sendable {
    private var test: RelativeTest
    private var seen: Set<UInt32> = []
    private var weighed: [(direction: Direction, share: Double, heard: Int)] = []
    private(set) var best: Double

    init(_ test: RelativeTest) {
      self.test = test
      self.test.units = UnitMemory()
      best = test.value
    }

    /// - Parameter memory: The units of the test that the preview was made from.
    mutating func weigh(_ direction: Direction, share: Double, unit: UInt32, memory: UnitMemory) {
      guard direction != .neither else { return }
      if test.remembersUnits && !seen.insert(unit).inserted { return }
      let factors = test.factors(direction, share: share)
      let heard = test.remembersUnits ? memory.lastPosition(unit) ?? memory.forgottenThrough : -1
      weighed.append((direction, share, heard))
      var total = 0.0
      for index in test.starts.indices {
        if test.starts[index].position > heard {
          test.starts[index].values = test.bounded(test.starts[index].values * factors)
        }
        total = test.combined(total, RelativeTest.weighted(test.starts[index]))
      }
      if total > best { best = min(total, RestartWeights.ceiling) }
    }

    /// With all that was weighed on the way counted.
    var starts: [Start] {
      test.starts.map { start in
        var start = start
        for entry in weighed where start.position > entry.heard { start.count(entry.direction, share: entry.share) }
        return start
      }
    }
  }
}
