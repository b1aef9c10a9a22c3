/// What was appended is there, in order, unchanged, after every way to stop.

import GRDB
import RolloutJudge
import RolloutSteering
import Testing

@testable import Journal

@Suite("Journal")
struct JournalTests {
  private let files: TestStore

  init() throws { files = try TestStore() }

  @Test("gives back what was appended, oldest first, to the nanosecond")
  func roundTrip() throws {
    let journal = try files.open()
    #expect(try journal.lastDecision(rollout: "r") == nil)
    let decisions = (1...5).map { Decision.sample($0) }
    for decision in decisions { try journal.append(decision) }
    #expect(try journal.decisions() == decisions)
    #expect(try journal.lastDecision(rollout: "r") == decisions.last)
  }

  @Test("keeps evidence that has outgrown a Double: no rollback is refused for it")
  func infinite() throws {
    let journal = try files.open()
    var decision = Decision.sample(1, kind: .rollback)
    decision.evidence?.eValue = .infinity
    decision.evidence?.parts = ["absolute": .infinity, "ratio": -.infinity]
    try journal.append(decision)
    #expect(try journal.lastDecision(rollout: "r") == decision)
  }

  @Test("refuses a decision that does not continue its rollout", arguments: [-1, 0, 1, 2, 4, 5, 100])
  func order(_ seq: Int) throws {
    let journal = try files.open()
    for seq in 1...2 { try journal.append(.sample(seq)) }
    let expected = JournalError.Problem.outOfOrder(rollout: "r", seq: seq, expected: 3)
    #expect(problem { try journal.append(.sample(seq, message: "another")) } == expected)
    #expect(try journal.decisions().map(\.seq) == [1, 2])
    try journal.append(.sample(3))
  }

  @Test("takes the same decision again without keeping it twice")
  func repeated() throws {
    let journal = try files.open()
    for seq in [1, 1, 2, 1, 2] { try journal.append(.sample(seq)) }
    #expect(try journal.decisions().map(\.seq) == [1, 2])
  }

  @Test("counts each rollout on its own, and cuts by rollout, seq and limit")
  func rollouts() throws {
    let journal = try files.open()
    for (rollout, seq) in [("b", 1), ("a", 1), ("b", 2), ("a", 2), ("b", 3)] {
      try journal.append(.sample(seq, rollout: rollout))
    }
    func found(_ rollout: String?, _ after: Int? = nil, _ limit: Int? = nil) throws -> [String] {
      try journal.decisions(rollout: rollout, after: after, limit: limit).map { "\($0.rollout)\($0.seq)" }
    }
    #expect(try found(nil) == ["b1", "a1", "b2", "a2", "b3"])
    #expect(try found("b") == ["b1", "b2", "b3"])
    #expect(try found("b", 1) == ["b2", "b3"])
    #expect(try found("b", 1, 1) == ["b2"])
    #expect(try found(nil, 1) == ["b2", "a2", "b3"])
    #expect(try found("b", 3) == [])
    #expect(try found("c") == [])
    #expect(try journal.rollouts() == ["b", "a"])
  }

  @Test("is followed from a position on without a gap or a repetition")
  func following() throws {
    let journal = try files.open()
    var (position, seen): (Int64, [String]) = (0, [])
    for (rollout, seq) in [("b", 1), ("a", 1), ("b", 2), ("a", 2)] {
      try journal.append(.sample(seq, rollout: rollout))
      for found in try journal.decisions(afterPosition: position) {
        seen.append("\(found.decision.rollout)\(found.decision.seq)")
        position = found.position
      }
    }
    #expect(seen == ["b1", "a1", "b2", "a2"])
    #expect(try journal.decisions(afterPosition: 0, rollout: "a").map(\.decision.seq) == [1, 2])
    #expect(try journal.decisions(afterPosition: 0, limit: 1).map(\.decision.rollout) == ["b"])
  }

  @Test(
    "does not let a decision be changed, deleted or skipped by any statement",
    arguments: [
      "UPDATE decision SET body = '{}'", "DELETE FROM decision",
      "INSERT INTO decision (rollout, seq, at, body, seal) VALUES ('r', 3, 0, '', 0)",
      "INSERT INTO decision (rollout, seq, at, body, seal) VALUES ('r', 1, 0, '', 0)",
      "INSERT INTO decision (rollout, seq, at, body, seal) VALUES ('new', 2, 0, '', 0)",
      "INSERT INTO decision (rollout, seq, at, body, seal) VALUES ('new', 0, 0, '', 0)",
      "INSERT OR REPLACE INTO decision (rollout, seq, at, body, seal) VALUES ('r', 1, 0, '', 0)",
    ])
  func schema(_ statement: String) throws {
    let journal = try files.open()
    try journal.append(.sample(1))
    #expect(throws: DatabaseError.self) { try journal.store.queue.write { try $0.execute(sql: statement) } }
    #expect(try journal.decisions() == [.sample(1)])
  }

  @Test("syncs decisions to the disk, also right after a checkpoint that did not")
  func synchronous() throws {
    let journal = try files.open()
    func pragma(_ name: String) throws -> String? {
      try journal.store.queue.inDatabase { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }
    let (normal, full) = ("1", "2")
    #expect(try pragma("journal_mode") == "wal")
    #expect(try pragma("synchronous") == full)
    try journal.append(.sample(1))
    #expect(try pragma("synchronous") == full)
    try journal.save(StoredCheckpoint(rollout: "r", seq: 1, at: Instant(nanoseconds: 1), state: [1]))
    #expect(try pragma("synchronous") == normal)
    try journal.append(.sample(2))
    #expect(try pragma("synchronous") == full)
  }

  @Test("has every decision after a crash that closed nothing")
  func crash() throws {
    let journal = try files.open()
    for seq in 1...10 {
      try journal.append(.sample(seq))
      let image = try files.crashImage()
      #expect(try Journal.reading(path: image.path).lastDecision(rollout: "r") == .sample(seq))
      let reopened = try image.open()
      #expect(try reopened.decisions() == (1...seq).map { .sample($0) })
    }
  }

  @Test("is refused as behind its mark wherever a power cut tore a decision off the log, and has all of them else")
  func tornLog() throws {
    let journal = try files.open()
    for seq in 1...4 {
      try journal.append(.sample(seq))
      try journal.save(StoredCheckpoint(rollout: "r", seq: seq, at: Instant(nanoseconds: 1), state: [UInt8(seq)]))
    }
    let logSize = try #require(try files.logSize())
    var whole = 0
    for cut in Array(stride(from: 0, to: logSize, by: 509)) + [logSize] {
      let image = try files.crashImage(logBytes: cut)
      var seqs: [Int] = []
      let found = problem { seqs = try image.open().decisions().map(\.seq) }
      if found == nil { whole += 1 }
      #expect(found == nil ? seqs == [1, 2, 3, 4] : found?.isDamage == true, "cut at \(cut)")
    }
    #expect(whole > 0)
  }

  @Test("keeps every decision in the file once it is folded, whatever becomes of the log", arguments: 0..<40)
  func folded(_ seed: Int) throws {
    let journal = try files.open()
    for seq in 1...4 {
      try journal.append(.sample(seq))
      try journal.fold()
    }
    try journal.save(StoredCheckpoint(rollout: "r", seq: 4, at: Instant(nanoseconds: 1), state: [4]))
    let image = try files.crashImage()
    var log = try image.bytes("-wal")
    log[seed * 7919 % log.count] ^= UInt8(1 << (seed % 8))
    try image.write(log, "-wal")
    #expect(try image.open().decisions().map(\.seq) == [1, 2, 3, 4])
  }

  @Test("goes on where it was after it was closed")
  func reopened() throws {
    do {
      let journal = try files.open()
      try journal.append(.sample(1))
      try journal.close()
      #expect(problem { try journal.append(.sample(2)) } != nil)
    }
    let journal = try files.open()
    try journal.append(.sample(2))
    #expect(try journal.decisions().map(\.seq) == [1, 2])
  }

  @Test("gives its log's space back when compacted, and loses nothing")
  func compact() throws {
    let journal = try files.open()
    for seq in 1...50 { try journal.append(.sample(seq)) }
    try journal.save(StoredCheckpoint(rollout: "r", seq: 50, at: Instant(nanoseconds: 1), state: [7]))
    #expect(try files.logSize() ?? 0 > 0)
    try journal.compact()
    #expect(try files.logSize() == 0)
    #expect(try journal.decisions().count == 50)
    #expect(try journal.checkpoint(rollout: "r")?.state == [7])
    try journal.append(.sample(51))
  }
}
