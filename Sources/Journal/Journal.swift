/// Remembers: a decision is in the store, durably, before it takes effect, and a restart goes on from there.

import GRDB
package import RolloutJudge
package import RolloutSteering

/// The one writer of a store. Calls block, so they are made off the event loops; concurrent calls take turns.
///
/// SQLite in WAL mode, and a mark beside it. Decisions are synced to the disk and noted in the mark before `append`
/// returns, and `fold` brings them from the log into the file. Checkpoints are not synced: after a power cut an older one
/// may be found, but never one whose decisions are missing.
package final class Journal: JournalReading {
  package let store: JournalStore
  let file: StoreFile
  let mark: MarkFile
  /// Bytes of the log that were damaged when it was opened: evidence and samples may be missing, decisions are not.
  package let lostLogBytes: Int

  /// Opens the store, creating it (for its owner only) where there is none, and bringing an older one up to date.
  ///
  /// - Parameters:
  ///   - busyTimeout: How long to wait for a lock that another program holds.
  ///   - accepting: Whether a person takes the store as it is. What is then opened stays marked as damaged until
  ///     `settle`.
  /// - Throws: `inUse` when another process writes this store; `foreign`, `newerFormat`, `damaged`, `cannotOpen`,
  ///   `readOnly`, `full`, or what SQLite says.
  package init(
    path: String, busyTimeout: Duration = .seconds(5), accepting: Bool = false
  ) throws(JournalError) {
    file = try StoreFile(path: path) { path throws(JournalError) in
      if !accepting { try Self.checkBeforeOpening(path, MarkFile.read(beside: path)) }
    }
    let reading = MarkFile.read(beside: file.path)
    lostLogBytes = accepting ? 0 : try Self.checkBeforeOpening(file.path, reading)
    store = try Self.open(file.path, busyTimeout)
    do throws(JournalError) {
      try JournalSchema.check(store, isReader: false)
    } catch {
      guard error.problem == .foreign, reading.mark != nil else { throw error }
      throw store.error(.damaged("it is not the database that its mark was written for"))
    }
    if !accepting { try Self.check(store, against: reading) }
    try JournalSchema.prepareForWriting(store)
    mark = try MarkFile(beside: file.path, reading, try Self.firstMark(store, reading, accepting: accepting))
    try JournalSchema.setMarked(store)
    if accepting { try mark.update { _ in } }
    try journalPending(accepting: accepting)
    try fold()
  }

  /// The file has been opened once already: what now stands in the way is not who named it.
  private static func open(_ path: String, _ busyTimeout: Duration) throws(JournalError) -> JournalStore {
    do throws(JournalError) {
      return try JournalStore(path: path, access: .write, busyTimeout: busyTimeout)
    } catch {
      guard case .cannotOpen(let detail) = error.problem else { throw error }
      throw JournalError(path: path, problem: .inputOutput(detail))
    }
  }

  /// For the commands that only look, while another process may be writing.
  package static func reading(path: String) throws(JournalError) -> JournalReader {
    try JournalReader(path: path)
  }

  /// The decision is on the disk, and the mark beside the store knows it, when this returns. Appending what is already
  /// there succeeds, so that a call whose outcome is unknown may be repeated.
  ///
  /// - Returns: the chain's head after it.
  /// - Throws: `outOfOrder` unless `seq` is one more than the rollout's last; `moved`; or what SQLite says, and then
  ///   nothing was kept.
  @discardableResult
  package func append(_ decision: Decision) throws(JournalError) -> String? {
    try file.checkInPlace()
    let (seal, head): (Int64?, String?) = try store.run { queue in
      var row = try DecisionRow(decision)
      var isLast = true
      try write(queue, synchronous: "FULL") { db in
        let last = try Self.lastSeq(db, rollout: row.rollout)
        if row.seq <= last, row.seq > 0, let journaled = try journaled(row, db) {
          row.head = journaled.head
          isLast = row.seq == last
          return
        }
        guard row.seq == last + 1 else {
          throw store.error(.outOfOrder(rollout: row.rollout, seq: row.seq, expected: last + 1))
        }
        row.head = DecisionChain.head(after: try DecisionChain.head(db, of: row.rollout, in: store), row)
        try row.insert(db)
      }
      return (isLast ? row.seal : nil, row.head)
    }
    if let seal { try mark.update { $0.note(decision, seal: seal) } }
    return head
  }

  /// Keeps a rollback that the journal cannot take in the mark, whose room is its own, so that the next start knows it.
  ///
  /// - Throws: `inputOutput`, and then it is kept nowhere.
  package func keepBeside(_ decision: Decision) throws(JournalError) {
    try mark.update { $0.note(decision, seal: nil) }
  }

  /// Brings what is in the log into the file, and empties the log: one file then holds every decision, and a damaged log
  /// can hide none.
  ///
  /// - Returns: false where a reader was in the way; it is left in peace, and another call may do it.
  @discardableResult
  package func fold() throws(JournalError) -> Bool {
    defer { file.remember() }
    do throws(JournalError) {
      try store.run { queue in try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
      return true
    } catch {
      guard error.problem == .locked else { throw error }
      return false
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
    file.remember()
  }

  /// Folds the log into the file and lets another process have the store; every later call throws.
  package func close() throws(JournalError) {
    try store.run { try $0.close() }
    file.unlock()
  }

  /// `synchronous` cannot be changed within a transaction, and is set before each because the other kind may have been
  /// last.
  func write(_ queue: DatabaseQueue, synchronous: String, _ body: (Database) throws -> Void) throws {
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
      try db.inTransaction(.immediate) {
        try body(db)
        return .commit
      }
    }
  }

  static func lastSeq(_ db: Database, rollout: String) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT max(seq) FROM decision WHERE rollout = ?", arguments: [rollout]) ?? 0
  }

  /// Nil where another decision, or none, has its number.
  private func journaled(_ row: DecisionRow, _ db: Database) throws -> DecisionRow? {
    let found = try Row.fetchOne(
      db, sql: "SELECT * FROM decision WHERE rollout = ? AND seq = ?", arguments: [row.rollout, row.seq])
    guard let found = try found.map({ try DecisionRow($0, of: store) }), found.isSame(as: row) else { return nil }
    return found
  }
}
