/// One process's own store, as steering asks it: a journal in a SQLite file.

package import RolloutJudge
package import RolloutSteering

package struct SQLiteRolloutStore: RolloutStore {
  package let journal: Journal

  package init(_ journal: Journal) { self.journal = journal }

  /// Nobody else decides: a lease says nothing here.
  package func append(_ decision: Decision, under lease: DeciderLease?) throws(StoreFault) -> Appending {
    .appended(head: try told { () throws(JournalError) in try journal.append(decision) })
  }

  package func decisions(of rollout: String, after seq: Int, limit: Int?) throws(StoreFault) -> [Decision] {
    try told { () throws(JournalError) in try journal.decisions(rollout: rollout, after: seq, limit: limit) }
  }

  package func checkpoint(of rollout: String) throws(StoreFault) -> StoredCheckpoint? {
    try told { () throws(JournalError) in try journal.checkpoint(rollout: rollout) }
  }

  package func keep(_ checkpoint: StoredCheckpoint) throws(StoreFault) {
    try told { () throws(JournalError) in try journal.save(checkpoint) }
  }

  package func accounts(of rollout: String) throws(StoreFault) -> [StoredAccounts] {
    try told { () throws(JournalError) in try journal.accounts(rollout: rollout) }.map { [$0] } ?? []
  }

  package func keep(_ accounts: StoredAccounts) throws(StoreFault) {
    try told { () throws(JournalError) in
      try journal.saveAccounts(rollout: accounts.rollout, at: accounts.at, blob: accounts.blob)
    }
  }

  package func fold() throws(StoreFault) -> Bool { try told { () throws(JournalError) in try journal.fold() } }

  package func check() throws(StoreFault) -> Bool { try told { () throws(JournalError) in try journal.checkWhole() } }

  package func keepBeside(_ decision: Decision) throws(StoreFault) {
    try told { () throws(JournalError) in try journal.keepBeside(decision) }
  }

  package func settle() throws(StoreFault) { try told { () throws(JournalError) in try journal.settle() } }

  package func close() throws(StoreFault) { try told { () throws(JournalError) in try journal.close() } }

  private func told<Value>(_ work: () throws(JournalError) -> Value) throws(StoreFault) -> Value {
    do throws(JournalError) {
      return try work()
    } catch {
      throw StoreFault(error)
    }
  }
}

extension StoreFault {
  package init(_ error: JournalError) {
    let kind: Kind =
      switch error.problem {
      case .stalled: .stalled
      case .damaged(let detail): .damaged(detail)
      case .inUse, .foreign, .cannotOpen: .misnamed
      default: .other
      }
    self.init(kind, error.description)
  }
}
