/// A rollout's memory, whichever engine keeps it: all that steering and the report ask of it.

package import RolloutJudge

/// Calls block, so they are made on a thread of the store's own, one after the other. What a call has returned from is kept.
package protocol RolloutStore: Sendable {
  /// The decision is durable when this returns. Appending what is there already succeeds, so that a call whose outcome is not
  /// known may be repeated.
  ///
  /// - Parameter lease: By which the decider decides; nil for a person's command, a rollback, and where nobody else decides.
  /// - Throws: What keeps it from being appended, and then it was not.
  func append(_ decision: Decision, under lease: DeciderLease?) throws(StoreFault) -> Appending

  /// A rollout's decisions with a greater number, oldest first.
  ///
  /// - Parameter limit: The oldest so many of these; nil: all.
  func decisions(of rollout: String, after seq: Int, limit: Int?) throws(StoreFault) -> [Decision]

  /// Nil where none was kept.
  func checkpoint(of rollout: String) throws(StoreFault) -> StoredCheckpoint?

  /// Replaces the rollout's checkpoint. Refused where it presumes a decision that is not journaled.
  func keep(_ checkpoint: StoredCheckpoint) throws(StoreFault)

  /// The accounts as each replica kept them last; one, or none, where there is one process only.
  func accounts(of rollout: String) throws(StoreFault) -> [StoredAccounts]

  /// Replaces the accounts of the rollout's replica.
  func keep(_ accounts: StoredAccounts) throws(StoreFault)

  /// Brings every decision to where the loss of anything else cannot hide it.
  ///
  /// - Returns: False where somebody was in the way, and another call may do it.
  func fold() throws(StoreFault) -> Bool

  /// Whether it is still what was written; cheap, so that it can be asked every second.
  ///
  /// - Returns: Whether something that had been taken away beside it was written again.
  func check() throws(StoreFault) -> Bool

  /// A rollback that cannot be appended, to wherever it survives this process.
  func keepBeside(_ decision: Decision) throws(StoreFault)

  /// A person has decided about its damage, and what was decided is appended.
  func settle() throws(StoreFault)

  /// Every later call throws.
  func close() throws(StoreFault)
}

/// What became of a decision that was to be appended.
package enum Appending: Sendable, Equatable {
  /// - Parameter head: Of the chain after it, where the store links its decisions.
  case appended(head: String?)
  /// Another replica has given the number to this decision.
  case lost(to: Decision)
  /// The lease under which it was decided is another's by now, or nobody's.
  case lapsed
}

/// The judge's knowledge at some instant, so that a restart need not gather its evidence anew.
package struct StoredCheckpoint: Sendable, Equatable {
  package static let maxBytes = 64 << 20

  package var rollout: String
  /// The last decision that `state` presumes. Where the journal goes on after it, those decisions count and `state` may
  /// not.
  package var seq: Int
  package var at: Instant
  /// The judge's own encoding; at most `maxBytes`.
  package var state: [UInt8]

  package init(rollout: String, seq: Int, at: Instant, state: [UInt8]) {
    self.rollout = rollout
    self.seq = seq
    self.at = at
    self.state = state
  }
}

/// The accounts behind a rollout's figures, so that they outlive the process and `report` can read them beside it.
package struct StoredAccounts: Sendable, Equatable {
  package static let maxBytes = 64 << 20

  package var rollout: String
  /// Whose they are; empty where there is one process only.
  package var replica: String
  package var at: Instant
  /// In the accounts' own encoding; at most `maxBytes`.
  package var blob: [UInt8]

  package init(rollout: String, replica: String = "", at: Instant, blob: [UInt8]) {
    self.rollout = rollout
    self.replica = replica
    self.at = at
    self.blob = blob
  }
}
