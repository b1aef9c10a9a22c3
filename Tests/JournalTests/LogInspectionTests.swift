/// The log is read as SQLite reads it, and what SQLite passes over is told apart from what a crash leaves.

import GRDB
import RolloutJudge
import Testing

@testable import Journal

@Suite("LogInspection")
struct LogInspectionTests {
  private let files: TestStore
  private let journal: Journal
  private let log: [UInt8]

  init() throws {
    files = try TestStore()
    journal = try files.open()
    for seq in 1...3 { try journal.append(.sample(seq)) }
    log = try files.bytes("-wal")
  }

  private func inspect(_ bytes: [UInt8]) -> LogInspection { LogInspection(bytes.span.bytes) }

  private var frameBytes: Int { 24 + 4096 }

  @Test("finds a log that SQLite has just written whole")
  func whole() {
    #expect(inspect(log).tail == .none)
    #expect(inspect(log).frames == (log.count - 32) / frameBytes)
    #expect(inspect([]) == LogInspection([UInt8]().span.bytes))
  }

  @Test("finds every bit that flips before the last frame")
  func flips() {
    let last = log.count - frameBytes
    for byte in Array(0..<32) + stride(from: 32, to: last, by: 211) {
      var changed = log
      changed[byte] ^= 4
      guard case .broken = inspect(changed).tail else {
        Issue.record("byte \(byte): \(inspect(changed))")
        continue
      }
    }
  }

  @Test("takes a cut for what it is: the end of a write")
  func cuts() {
    for length in stride(from: 1, to: log.count, by: 307) {
      let found = inspect(Array(log.prefix(length)))
      let isAtFrame = (length - 32) % frameBytes == 0
      guard case .torn = found.tail else {
        #expect(isAtFrame, "\(length): \(found)")
        continue
      }
    }
  }

  @Test("does not mind what an earlier use of the file left")
  func stale() throws {
    try journal.store.run { queue in try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.restart) } }
    try journal.append(.sample(4))
    let reused = try files.bytes("-wal")
    #expect(reused.count == log.count && reused != log)
    #expect(inspect(reused).tail == .none && inspect(reused).frames > 0)
  }
}
