import Foundation
import Journal
import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct CopyingTests {
  private static func withJournal<Value>(_ body: (Journal) throws -> Value) throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("copy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let journal = try Journal(path: directory.resolvingSymlinksInPath().appendingPathComponent("crossfade.db").path)
    for seq in 1...3 { try journal.append(.sample(seq, message: "{\"a\", \\ “\(seq)”}")) }
    return try body(journal)
  }

  @Test("a single rollout goes on as a fleet's: one chain, and what was known")
  func copying() throws {
    let store = try Fleet().store()
    let checkpoint = StoredCheckpoint(rollout: "r", seq: 3, at: Instant(nanoseconds: 5), state: [0, 1])
    let accounts = StoredAccounts(rollout: "r", at: Instant(nanoseconds: 6), blob: [2])
    let rows = try Self.withJournal { journal in
      try journal.save(checkpoint)
      try journal.saveAccounts(rollout: "r", at: accounts.at, blob: accounts.blob)
      try journal.begin(StoredJob(rollout: "r", arm: "a", id: "1", at: Instant(nanoseconds: 7), pollPath: "/p"))
      #expect(try store.copy("r", from: journal) == 3)
      return try journal.decisionRows(rollout: "r")
    }
    #expect(try store.rows(of: "r") == rows)
    #expect(try store.checkpoint(of: "r") == checkpoint)
    #expect(try store.accounts(of: "r") == [accounts])
    _ = try store.append(.sample(4), under: nil)
    var chain = ChainReading()
    for row in try store.rows(of: "r") { chain.read(row) }
    #expect(chain.broken == [] && chain.firstLinked == 1 && chain.heads.count == 4)
  }

  @Test("a store that knows the rollout gets no second past, and nothing of it")
  func alreadyThere() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    _ = try store.append(.sample(1, message: "another past"), under: nil)
    let said: String? = try Self.withJournal { journal in words { _ = try store.copy("r", from: journal) } }
    #expect(said?.contains("has decisions of r already") == true)
    #expect(try store.decisions(of: "r", after: 0, limit: nil).map(\.message) == ["another past"])
  }
}
