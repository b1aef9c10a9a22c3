/// A store as it was found: everything that the runner goes on from, read in one go on the store's own thread.

import Foundation
import Journal
import RolloutJudge
import RolloutSteering

struct OpenedStore: Sendable {
  let store: any RolloutStore
  /// This rollout's decisions, oldest first.
  let decisions: [Decision]
  /// Nil where none was kept.
  let checkpoint: Result<Checkpoint?, any Error>
  let accounts: Result<[StoredAccounts], StoreFault>

  /// - Parameter store: One that may be open already, for what may have been written since it was read.
  init(_ store: any RolloutStore, rollout: String) throws(StoreFault) {
    self.store = store
    decisions = try store.decisions(of: rollout, after: 0, limit: nil)
    checkpoint = Result {
      try store.checkpoint(of: rollout).map {
        try JSONDecoder.admin.decode(Checkpoint.self, from: Data($0.state))
      }
    }
    accounts = Result { () throws(StoreFault) in try store.accounts(of: rollout) }
  }

  /// Bytes of its log that were damaged: evidence and samples may be missing, decisions are not.
  var lostLogBytes: Int { store.ownJournal?.lostLogBytes ?? 0 }
}

extension RolloutStore {
  /// Where the store is a file: it holds samples and jobs too.
  var ownJournal: Journal? {
    guard let file = self as? SQLiteRolloutStore else { return nil }
    return file.journal
  }
}

extension FoundStore {
  init(_ store: OpenedStore) {
    self.init(decisions: store.decisions, checkpoint: try? store.checkpoint.get())
  }
}
