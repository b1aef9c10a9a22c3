/// Disks fill up, locks are held and files rot while the journal is in use: each is named, nothing is half kept.

import Foundation
import GRDB
import RolloutJudge
import RolloutSteering
import Testing

@testable import Journal

@Suite("Journal failures")
struct JournalFailureTests {
  private let files: TestStore
  private let journal: Journal

  init() throws {
    files = try TestStore()
    journal = try files.open()
    try journal.append(.sample(1))
  }

  private func execute(_ sql: String) throws {
    try journal.store.queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  @Test("says that the disk is full, keeps nothing of the decision, and takes it when there is space")
  func full() throws {
    let large = Decision.sample(2, message: String(repeating: "x", count: 100_000))
    let checkpoint = StoredCheckpoint(
      rollout: "r", seq: 1, at: Instant(nanoseconds: 1), state: [UInt8](repeating: 1, count: 100_000))
    try execute("PRAGMA max_page_count = 1")
    #expect(problem { try journal.append(large) } == .full)
    #expect(problem { try journal.save(checkpoint) } == .full)
    #expect(try journal.decisions() == [.sample(1)])
    try execute("PRAGMA max_page_count = 1000000")
    try journal.append(large)
    try journal.save(checkpoint)
    #expect(try journal.decisions() == [.sample(1), large])
  }

  @Test("says that another program holds the lock, and goes on when it has let go")
  func locked() throws {
    let other = try DatabaseQueue(path: files.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(problem { try journal.append(.sample(2)) } == .locked)
      #expect(try journal.decisions() == [.sample(1)])
      try db.execute(sql: "ROLLBACK")
    }
    try journal.append(.sample(2))
    #expect(try journal.decisions().count == 2)
  }

  @Test("says that the store cannot be written")
  func readOnly() throws {
    try execute("PRAGMA query_only = ON")
    #expect(problem { try journal.append(.sample(2)) } == .readOnly)
    try execute("PRAGMA query_only = OFF")
    try journal.append(.sample(2))
  }

  @Test("says so when the file rots while it is in use")
  func rot() throws {
    try journal.compact()
    let size = try Data(contentsOf: URL(fileURLWithPath: files.path)).count
    try files.overwrite(at: 100, with: [UInt8](repeating: 0xA5, count: size - 100))
    journal.store.queue.releaseMemory()
    #expect(problem { try journal.append(.sample(2)) }?.isDamage == true)
    #expect(problem { _ = try journal.decisions() }?.isDamage == true)
    #expect(problem { _ = try journal.checkpoint(rollout: "r") }?.isDamage == true)
  }

  @Test("says so when pages that it needs can no longer be read")
  func shortRead() throws {
    for seq in 2...60 { try journal.append(.sample(seq)) }
    try journal.compact()
    journal.store.queue.releaseMemory()
    #expect(truncate(files.path, 3 * 4096) == 0)
    let found = problem { _ = try journal.decisions() }
    #expect(found?.isDamage == true || found?.isInputOutput == true, "\(String(describing: found))")
  }

  @Test(
    "names SQLite's codes",
    arguments: [
      (.SQLITE_FULL, .full, true), (.SQLITE_BUSY, .locked, true), (.SQLITE_BUSY_SNAPSHOT, .locked, true),
      (.SQLITE_LOCKED, .locked, true), (.SQLITE_READONLY, .readOnly, false),
      (.SQLITE_READONLY_DBMOVED, .moved, false), (.SQLITE_IOERR_WRITE, .inputOutput("m, SQLite 778"), true),
      (.SQLITE_IOERR_FSYNC, .inputOutput("m, SQLite 1034"), true), (.SQLITE_CORRUPT, .damaged("m, SQLite 11"), false),
      (.SQLITE_NOTADB, .damaged("m, SQLite 26"), false), (.SQLITE_CANTOPEN, .cannotOpen("m, SQLite 14"), false),
      (.SQLITE_MISUSE, .unexpected("m, SQLite 21"), false),
    ] as [(ResultCode, JournalError.Problem, Bool)])
  func codes(_ code: ResultCode, _ expected: JournalError.Problem, _ isTransient: Bool) {
    let error = JournalError(path: "p", failure: DatabaseError(resultCode: code, message: "m"))
    #expect(error.problem == expected)
    #expect(error.isTransient == isTransient)
  }
}
