/// One replica's own eyes: a candidate that is dead on it goes back within a moment, whatever the database and the others do.

import RolloutJudge

/// Weighs what this replica has seen alone, against a bar so high that all replicas together spend a tenth of what the playbook
/// allows. A dead candidate costs about two and a half times the failures of the pooled test.
struct LocalTrip: Sendable {
  private var judge: Judge

  /// - Parameter replicas: As many as there may ever be.
  init(_ playbook: Playbook, replicas: Int, at now: Instant) {
    var playbook = playbook
    playbook.confidence = 1 - (1 - playbook.confidence) / Double(10 * max(1, replicas))
    judge = Judge(playbook: playbook, at: now, keepsFigures: false)
    // It proposes nothing but rollbacks.
    judge.journalBecame(available: false, at: now)
  }

  mutating func record(_ entry: LedgerEntry) { judge.record(entry) }

  mutating func take(_ decision: Decision) { judge.take(decision) }

  /// - Parameter last: The rollout's last decision.
  mutating func decide(at now: Instant, after last: Decision?) -> Decision? {
    guard let last, let found = judge.decide(at: now), found.decision == .rollback else { return nil }
    return found.following(last)
  }
}
