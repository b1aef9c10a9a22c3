/// A store as it was found: everything that the runner goes on from, read in one go on the store's own thread.

import Foundation
import Journal
import RolloutJudge

struct OpenedStore: Sendable {
  let journal: Journal
  /// This rollout's decisions, oldest first.
  let decisions: [Decision]
  /// Nil where none was kept.
  let checkpoint: Result<Checkpoint?, any Error>
  let accounts: Result<StoredAccounts?, JournalError>

  init(path: String, rollout: String) throws(JournalError) {
    try self.init(try Journal(path: path, busyTimeout: Self.busyTimeout), rollout: rollout)
  }

  /// One that is open already, for what may have been written since it was read.
  init(_ journal: Journal, rollout: String) throws(JournalError) {
    self.journal = journal
    decisions = try journal.decisions(rollout: rollout)
    checkpoint = Result {
      try journal.checkpoint(rollout: rollout).map {
        try JSONDecoder.admin.decode(Checkpoint.self, from: Data($0.state))
      }
    }
    accounts = Result { () throws(JournalError) in try journal.accounts(rollout: rollout) }
  }

  static let busyTimeout = Duration.milliseconds(50)
}
