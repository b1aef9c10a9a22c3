/// What a playbook needs of the process that serves it.

import Guards
import RolloutJudge

extension Playbook {
  /// Requests that share an answer have to meet, and they meet on their event loop only.
  /// - Returns: nil where that many threads will do.
  func problem(withThreads threads: Int) -> String? {
    guard threads > 1, guards?.joins ?? false else { return nil }
    return "guards.idempotency and guards.duplicates share answers within one event loop: say --threads 1"
  }
}
