/// A verdict on an attempt, or a part of one, on its way to the tests that it concerns.

import TrafficSplit

extension RolloutEvidence {
  /// An attempt was none, for want of something of Crossfade's own: left out, whichever arm it was on.
  mutating func withdrawn(_ end: AttemptEnd) {
    if end.population == .rescue { return rescueWithdrawn(end.exchange) }
    guard let index = ring.index(ofOpen: end.attempt) else { return }
    let undecided = ring[index].marks.undecided
    ring.close(index)
    settle(index, bad: 0, good: 0, excluded: undecided, hidden: undecided)
    latest = max(latest, end.at)
    weighFinished()
  }

  mutating func settle(
    _ index: Int, bad: SignalSet, good: SignalSet, excluded: SignalSet, hidden: SignalSet
  ) {
    ring[index].marks.settle(bad: bad, good: good, excluded: excluded, hidden: hidden)
    if bad | excluded | hidden == 0, ring.view(index, { $0.arm.isBaseline && $0.newestCopy < ring.head }) {
      return baselineAnswered(index)
    }
    let record = ring[index]
    if record.arm.isBaseline {
      for candidate in live.indices
      where index >= live[candidate].firstIndex && record.share(of: .candidate(candidate), .live) != nil {
        live[candidate].baselineSettled(bad: bad, excluded: excluded, hidden: hidden, index: index)
        withStratum(record, at: index, candidate, .live) {
          $0.baselineSettled(bad: bad, excluded: excluded, hidden: hidden, index: index)
        }
      }
      settleCopies(of: record, bad: bad, excluded: excluded, hidden: hidden)
      return
    }
    let candidate = record.arm.candidate
    guard index >= self[candidate, record.population].firstIndex else { return }
    if bad != 0 {
      lately.turnedBad(record, bad)
      self[candidate, record.population].candidateTurnedBad(
        bad, ordinal: record.ordinal, record, index: index)
      withStratum(record, at: index, candidate, record.population) {
        $0.candidateTurnedBad(bad, ordinal: record.stratumOrdinal, record, index: index)
      }
    }
    if hasRescues, record.isOver, record.population == .live, record.marks.bad & rescuedSignals != 0 {
      rescues.failed(
        record.exchange,
        RescueWait.Canary(
          candidate: candidate, ordinal: record.ordinal, stratum: record.stratum,
          stratumOrdinal: record.stratumOrdinal, index: index, bad: record.marks.bad))
    }
    if good != 0 && hasRescues {
      self[candidate, record.population].candidateTurnedGood(good, ordinal: record.ordinal)
      withStratum(record, at: index, candidate, record.population) {
        $0.candidateTurnedGood(good, ordinal: record.stratumOrdinal)
      }
    }
    if excluded != 0 {
      self[candidate, record.population].candidateExcluded(
        excluded, ordinal: record.ordinal, record, index: index)
      withStratum(record, at: index, candidate, record.population) {
        $0.candidateExcluded(excluded, ordinal: record.stratumOrdinal, record, index: index)
      }
    }
  }

  /// An answer that is good in everything, as most are: all that it can do is let bad attempts be heard that began later.
  private mutating func baselineAnswered(_ index: Int) {
    let stratum = ring.view(index) { $0.stratum }
    func isHeard(by set: borrowing TestSet) -> Bool { index <= set.newestBad && index >= set.firstIndex }
    for candidate in live.indices {
      if isHeard(by: live[candidate]), ring.view(index, { $0.share(of: .candidate(candidate), .live) }) != nil {
        live[candidate].isStale = true
      }
      if stratum >= 0, isHeard(by: strata.live[candidate][stratum]),
        ring.view(index, { $0.share(of: .candidate(candidate), .live) }) != nil
      {
        strata.live[candidate][stratum].isStale = true
      }
    }
  }

  private mutating func settleCopies(
    of original: AttemptRecord, bad: SignalSet, excluded: SignalSet, hidden: SignalSet
  ) {
    var copy = original.newestCopy
    while copy >= ring.head {
      ring[copy].original = original.marks
      ring[copy].originalCost = original.cost
      let candidate = ring[copy].arm.candidate
      if copy >= shadow[candidate].firstIndex {
        shadow[candidate].baselineSettled(bad: bad, excluded: excluded, hidden: hidden, index: copy)
        let (record, index) = (ring[copy], copy)
        withStratum(record, at: index, candidate, .shadow) {
          $0.baselineSettled(bad: bad, excluded: excluded, hidden: hidden, index: index)
        }
      }
      copy = ring[copy].nextCopy
    }
  }
}
