/// Remembers: a decision is in the store, durably, before it takes effect, and a restart goes on from there.

import GRDB
package import RolloutJudge

/// The one writer of a store. Calls block, so they are made off the event loops; concurrent calls take turns.
///
/// SQLite in WAL mode. Decisions are synced to the disk before `append` returns. Checkpoints are not: after a power cut
/// an older one may be found, but never one whose decisions are missing, since the log is written and recovered in
/// order.
package final class Journal: JournalReading {
  package let store: JournalStore
  private let file: StoreFile

  /// Opens the store, creating it (for its owner only) where there is none, and bringing an older one up to date.
  ///
  /// - Parameter busyTimeout: How long to wait for a lock that another program holds.
  /// - Throws: `inUse` when another process writes this store; `foreign`, `newerFormat`, `damaged`, `cannotOpen`, or
  ///   what SQLite says.
  package init(path: String, busyTimeout: Duration = .seconds(5)) throws(JournalError) {
    file = try StoreFile(path: path)
    store = try JournalStore(path: file.path, access: .write, busyTimeout: busyTimeout)
    try JournalSchema.check(store, isReader: false)
    try JournalSchema.prepareForWriting(store)
  }

  /// For the commands that only look, while another process may be writing.
  package static func reading(path: String) throws(JournalError) -> JournalReader {
    try JournalReader(path: path)
  }

  /// The decision is on the disk when this returns. Appending what is already there succeeds, so that a call whose
  /// outcome is unknown may be repeated.
  ///
  /// - Throws: `outOfOrder` unless `seq` is one more than the rollout's last; `moved`; or what SQLite says, and then
  ///   nothing was kept.
  package func append(_ decision: Decision) throws(JournalError) {
    try file.checkInPlace()
    try store.run { queue in
      let row = try DecisionRow(decision)
      try write(queue, synchronous: "FULL") { db in
        let last = try Self.lastSeq(db, rollout: row.rollout)
        if row.seq <= last, row.seq > 0, try isJournaled(row, db) { return }
        guard row.seq == last + 1 else {
          throw store.error(.outOfOrder(rollout: row.rollout, seq: row.seq, expected: last + 1))
        }
        try row.insert(db)
      }
    }
  }

  /// Replaces the rollout's checkpoint.
  ///
  /// - Throws: `checkpointAhead` where it presumes a decision that is not journaled; `checkpointTooLarge`; `moved`; or
  ///   what SQLite says.
  package func save(_ checkpoint: StoredCheckpoint) throws(JournalError) {
    guard checkpoint.state.count <= StoredCheckpoint.maxBytes else {
      throw store.error(.checkpointTooLarge(bytes: checkpoint.state.count, limit: StoredCheckpoint.maxBytes))
    }
    try file.checkInPlace()
    try store.run { queue in
      try write(queue, synchronous: "NORMAL") { db in
        let last = try Self.lastSeq(db, rollout: checkpoint.rollout)
        guard (1...max(1, last)).contains(checkpoint.seq), last > 0 else {
          throw store.error(.checkpointAhead(rollout: checkpoint.rollout, seq: checkpoint.seq, last: last))
        }
        try checkpoint.replace(db)
      }
    }
  }

  /// Replaces the rollout's accounts: what its figures are made of, in an encoding of their own.
  ///
  /// - Throws: `accountsTooLarge`; `moved`; or what SQLite says, and then the former ones are still there.
  package func saveAccounts(rollout: String, at: Instant, blob: [UInt8]) throws(JournalError) {
    guard blob.count <= StoredAccounts.maxBytes else {
      throw store.error(.accountsTooLarge(bytes: blob.count, limit: StoredAccounts.maxBytes))
    }
    try file.checkInPlace()
    try store.run { queue in
      let accounts = StoredAccounts(rollout: rollout, at: at, blob: blob)
      try write(queue, synchronous: "NORMAL") { db in try accounts.replace(db) }
    }
  }

  /// Gives space that is no longer needed back to the disk. Needs about the store's size free while it runs. No
  /// decision is lost.
  package func compact() throws(JournalError) {
    try file.checkInPlace()
    try store.run { queue in
      try queue.vacuum()
      try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }
  }

  /// Folds the log into the file and lets another process have the store; every later call throws.
  package func close() throws(JournalError) {
    try store.run { try $0.close() }
    file.unlock()
  }

  /// `synchronous` cannot be changed within a transaction, and is set before each because the other kind may have been
  /// last.
  private func write(_ queue: DatabaseQueue, synchronous: String, _ body: (Database) throws -> Void) throws {
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
      try db.inTransaction(.immediate) {
        try body(db)
        return .commit
      }
    }
  }

  private static func lastSeq(_ db: Database, rollout: String) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT max(seq) FROM decision WHERE rollout = ?", arguments: [rollout]) ?? 0
  }

  private func isJournaled(_ row: DecisionRow, _ db: Database) throws -> Bool {
    let found = try Row.fetchOne(
      db, sql: "SELECT * FROM decision WHERE rollout = ? AND seq = ?", arguments: [row.rollout, row.seq])
    return try found.map { try DecisionRow($0, of: store) } == row
  }
}
