/// The short way of the baseline's attempts, and of answers that are good in everything: most are both, and no test has a word to say.

import TrafficSplit

extension RolloutEvidence {
  mutating func baselineStarted(_ start: AttemptStart) {
    let (unit, stratum) = (UnitMemory.fingerprint(start.unit), stratum(of: start.model))
    let (counted, generation, kind) = (ready, costs.generation, costs.kind(of: start))
    let index = ring.append(start.attempt, start.exchange, mayBeCopied: isCopying) {
      $0.begin(start, unit: unit, counted: counted, stratum: stratum, costsKnown: generation, costKind: kind)
    }
    for candidate in live.indices {
      guard let share = ring.view(index, { $0.share(of: .candidate(candidate), .live) }) else { continue }
      live[candidate].baselineBegan(ready, index: index)
      if stratum >= 0, index >= strata.live[candidate][stratum].firstIndex {
        strata.live[candidate][stratum].baselineBegan(ready, index: index)
      }
      splits[candidate].assigned(toCandidate: false, share: share, unit: remembersUnits ? unit : nil)
    }
  }

  /// An attempt ended `ok`, quicker than any limit.
  mutating func answeredWell(_ index: Int, _ at: Instant) {
    let undecided = ring.view(index) { $0.marks.undecided }
    ring.close(index)
    settle(index, bad: 0, good: undecided, excluded: 0, hidden: 0)
    latest = max(latest, at)
    weighFinished()
  }

  /// The turn of a baseline's answer has come.
  mutating func passGoodOne(_ index: Int) {
    for candidate in live.indices where !isClosed[candidate] && index >= live[candidate].firstIndex {
      let (counted, stratum) = ring.view(index) {
        ($0.share(of: .candidate(candidate), .live) == nil ? nil : $0.marks.counted, $0.stratum)
      }
      guard let counted else { continue }
      live[candidate].baselineWasGood(counted)
      if stratum >= 0, index >= strata.live[candidate][stratum].firstIndex {
        strata.live[candidate][stratum].baselineWasGood(counted)
      }
    }
    ring.dropFirst()
  }

  mutating func limitsKnown() {
    ready = limits.ready
    alwaysGood = (limits.alwaysGood(isBaseline: true), limits.alwaysGood(isBaseline: false))
  }
}
