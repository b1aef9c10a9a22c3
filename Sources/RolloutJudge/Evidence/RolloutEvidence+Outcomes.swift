/// What the application says became of its exchanges, on its way to the tests of what an outcome costs.

import TrafficSplit

extension RolloutEvidence {
  mutating func reported(_ outcome: ApplicationOutcome) {
    guard plan.asksForOutcomes else { return }
    latest = max(latest, outcome.at)
    outcomes.reported(outcome.exchange, isSuccess: outcome.isSuccess, score: outcome.score)
  }

  /// Copies answer nobody: what they cost is weighed with their turn.
  func awaitsOutcome(_ record: AttemptRecord) -> Bool {
    plan.asksForOutcomes && outcomes.isReporting && record.population == .live
  }

  mutating func hold(_ record: AttemptRecord, _ index: Int) {
    if outcomes.isFull { weighOutcomes() }
    outcomes.append(record, index, at: latest)
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
