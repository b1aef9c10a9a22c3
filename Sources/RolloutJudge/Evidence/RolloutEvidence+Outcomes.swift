/// What the application says became of its exchanges, on its way to the tests of what an outcome costs.

import TrafficSplit

extension RolloutEvidence {
  /// - Returns: Whether a copied exchange waits for it.
  mutating func reported(_ outcome: ApplicationOutcome) -> Bool {
    guard plan.asksForOutcomes else { return false }
    latest = max(latest, outcome.at)
    let isOfPair =
      plan.asksForScores && (outcome.score.map { scores.scored(outcome.exchange, outcome.arm, $0) } ?? false)
    guard outcome.population == .live else { return isOfPair }
    outcomes.reported(outcome.exchange, isSuccess: outcome.isSuccess, score: outcome.score)
    return isOfPair
  }

  /// Copies answer nobody: what they cost is weighed with their turn.
  ///
  /// - Returns: Whether the record is held back until its outcome is known.
  mutating func awaitsOutcome(_ record: AttemptRecord, _ index: Int) -> Bool {
    guard plan.asksForOutcomes, outcomes.isReporting, record.population == .live else { return false }
    if outcomes.isFull { weighOutcomes() }
    outcomes.append(record, index, at: latest)
    return true
  }

  mutating func weighOutcomes() {
    while let entry = outcomes.next(at: latest) {
      let record = entry.record
      let past = costs[record.costsKnown]?.reported
      if record.arm.isBaseline { costs.recordOutcome(record.cost) }
      for candidate in live.indices
      where !isClosed[candidate] && entry.index >= live[candidate].firstIndex
        && (record.arm.isBaseline || record.arm == .candidate(candidate))
      {
        live[candidate].weighOutcome(record, past: past, at: latest)
      }
    }
  }
}
