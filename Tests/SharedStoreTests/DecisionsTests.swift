import Foundation
import Journal
import RolloutJudge
import RolloutSteering
import Synchronization
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct DecisionsTests {
  @Test("what is appended is read as it was, linked to what was before")
  func appending() throws {
    let store = try Fleet().store()
    var heads: [String?] = []
    for seq in 1...3 {
      guard case .appended(let head) = try store.append(.sample(seq, message: "“\(seq)” \\ '"), under: nil) else {
        Issue.record("not appended")
        return
      }
      heads.append(head)
    }
    let found = try store.decisions(of: "r", after: 1, limit: nil)
    #expect(found.map(\.seq) == [2, 3])
    #expect(found.map(\.message) == ["“2” \\ '", "“3” \\ '"])
    #expect(found.last?.at.nanoseconds == 1_700_000_000_123_456_792)
    #expect(found.last?.evidence?.eValue == .infinity)
    #expect(try store.decisions(of: "r", after: 0, limit: 1).map(\.seq) == [1])
    #expect(try store.rollouts() == ["r"])
    var chain = ChainReading()
    for row in try store.rows(of: "r") { chain.read(row) }
    #expect(chain.broken == [])
    #expect(chain.heads.map(\.head) == heads)
  }

  @Test("of two that give one number one wins, and the other is handed the winner's decision", arguments: 1...4)
  func race(_ round: Int) async throws {
    let fleet = try Fleet()
    _ = try fleet.store().append(.sample(1), under: nil)
    let outcomes = try await withThrowingTaskGroup(of: (Int, Appending).self) { group in
      for replica in 0..<8 {
        let store = try fleet.store()
        group.addTask { (replica, try store.append(.sample(2, message: "by \(replica)"), under: nil)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let winners = outcomes.filter { if case .appended = $0.1 { true } else { false } }
    #expect(winners.count == 1)
    let winner = try #require(winners.first)
    for (replica, outcome) in outcomes where replica != winner.0 {
      guard case .lost(let decision) = outcome else {
        Issue.record("\(replica): \(outcome)")
        continue
      }
      #expect(decision.message == "by \(winner.0)")
    }
    #expect(try fleet.store().decisions(of: "r", after: 0, limit: nil).map(\.seq) == [1, 2])
  }

  @Test("appending what is there already succeeds, also when more has followed")
  func repeated() throws {
    let store = try Fleet().store()
    let first = try store.append(.sample(1), under: nil)
    _ = try store.append(.sample(2), under: nil)
    #expect(try store.append(.sample(1), under: nil) == first)
    #expect(try store.decisions(of: "r", after: 0, limit: nil).count == 2)
  }

  @Test("a number with a gap before it is refused")
  func gap() throws {
    let store = try Fleet().store()
    _ = try store.append(.sample(1), under: nil)
    #expect(
      words { _ = try store.append(.sample(3), under: nil) }?.hasSuffix("decision 3 of r refused: the next is 2")
        == true)
  }

  @Test("a decider whose lease is another's by now, or nobody's, cannot write")
  func lapsed() throws {
    let fleet = try Fleet()
    let (first, second) = (try fleet.store(), try fleet.store())
    let old = try #require(try first.meet(.sample(1)).lease)
    #expect(try first.append(.sample(1), under: old) != .lapsed)
    #expect(try second.meet(.sample(2)).lease == nil)
    try fleet.sql("UPDATE crossfade.rollout SET decides_until = clock_timestamp() - interval '1 second'")
    #expect(try first.append(.sample(2), under: old) == .lapsed)
    let new = try #require(try second.meet(.sample(2)).lease)
    #expect(new.epoch > old.epoch)
    #expect(try first.append(.sample(2), under: old) == .lapsed)
    #expect(try first.meet(.sample(1)).lease == nil)
    #expect(try second.append(.sample(2), under: new) != .lapsed)
    // Who loses the number is told so, whatever its lease.
    guard case .lost = try first.append(.sample(2, message: "late"), under: old) else {
      Issue.record("not lost")
      return
    }
  }

  @Test("a decision is never changed and never deleted")
  func forEver() throws {
    let fleet = try Fleet()
    _ = try fleet.store().append(.sample(1), under: nil)
    #expect(throws: (any Error).self) { try fleet.sql("UPDATE crossfade.decision SET body = ''") }
    #expect(throws: (any Error).self) { try fleet.sql("DELETE FROM crossfade.decision") }
  }

  @Test("a decision that is not as it was written is damage, and not obeyed")
  func tampering() throws {
    let fleet = try Fleet()
    _ = try fleet.store().append(.sample(1), under: nil)
    try fleet.sql(
      """
      ALTER TABLE crossfade.decision DISABLE TRIGGER ALL;
      UPDATE crossfade.decision SET body = replace(body, '0.05', '0.95')
      """)
    let reader = try fleet.store(isReader: true)
    #expect(
      words { _ = try reader.decisions(of: "r", after: 0, limit: nil) }?.contains(
        "decision 1 of r is not as it was written") == true)
  }

  @Test("a server that has lost its last decisions is told them again")
  func reminded() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    for seq in 1...4 { _ = try store.append(.sample(seq), under: nil) }
    let head = try fleet.sql("SELECT head FROM crossfade.rollout")
    try fleet.sql(Self.losing(after: 2))
    _ = try store.meet(.sample(1, seq: 4))
    #expect(try fleet.store().decisions(of: "r", after: 0, limit: nil).map(\.seq) == [1, 2, 3, 4])
    #expect(try fleet.sql("SELECT head FROM crossfade.rollout") == head)
    try fleet.sql(Self.losing(after: 3))
    #expect(try store.check() == false)
    #expect(try fleet.sql("SELECT head FROM crossfade.rollout") == head)
  }

  @Test("a server from an old backup is damage")
  func restored() throws {
    let fleet = try Fleet()
    let store = try fleet.store()
    for seq in 1...(DecisionMemory.limit + 3) { _ = try store.append(.sample(seq), under: nil) }
    try fleet.sql(Self.losing(after: 1))
    #expect(
      words { _ = try store.meet(.sample(1, seq: 67)) }?.contains("r ends at decision 1 where 67 were journaled")
        == true)
  }

  private static func losing(after seq: Int) -> String {
    """
    ALTER TABLE crossfade.decision DISABLE TRIGGER ALL;
    DELETE FROM crossfade.decision WHERE seq > \(seq);
    ALTER TABLE crossfade.decision ENABLE TRIGGER ALL;
    UPDATE crossfade.rollout SET last_seq = \(seq), head = (SELECT head FROM crossfade.decision WHERE seq = \(seq))
    """
  }
}
