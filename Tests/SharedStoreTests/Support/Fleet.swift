/// A store with tables in a database of its own, and what replicas put into it.

import Foundation
import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

struct Fleet {
  let server: ThrowAwayPostgres
  let database: String

  /// - Parameter isMigrated: Whether it has its tables.
  /// - Parameter server: One of its own, where the test stops it.
  init(isMigrated: Bool = true, server own: ThrowAwayPostgres? = nil) throws {
    server = try #require(own ?? ThrowAwayPostgres.shared)
    database = try server.database()
    if isMigrated { try store().migrate() }
  }

  /// Each is a connection of its own.
  func store(user: String = "owner", isReader: Bool = false) throws -> SharedStore {
    try SharedStore(SharedStoreAddress(server.url(database, user: user)), isReader: isReader)
  }

  /// Until it is so, or for a while: whoever asks then looks.
  func wait(until isSo: () throws -> Bool) throws {
    for _ in 0..<200 {
      if try isSo() { return }
      usleep(10_000)
    }
  }

  /// Written to the server's log so far.
  func walBytes() throws -> Int {
    Int(try sql("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")) ?? 0
  }

  @discardableResult
  func sql(_ statement: String) throws -> String { try server.sql(statement, in: database) }
}

extension ReplicaID {
  static func sample(_ number: Int) -> ReplicaID { ReplicaID(name: "pod-\(number)", run: UInt64(number) << 60 | 7) }
}

extension ReplicaPulse {
  static func sample(_ number: Int, seq: Int = 0, offers: Bool = true) -> ReplicaPulse {
    ReplicaPulse(
      rollout: "r", replica: .sample(number), version: "1.0", playbookSHA256: "ab12", seq: seq, requests: number * 10,
      batch: number, offersToDecide: offers)
  }
}

extension EvidenceBatch {
  static func sample(_ replica: Int, _ number: Int, body: [UInt8] = [1, 0, 255]) -> EvidenceBatch {
    EvidenceBatch(
      rollout: "r", replica: .sample(replica), number: number, closedAt: Instant(nanoseconds: Int64(number)), body: body
    )
  }
}

extension Decision {
  static func sample(_ seq: Int, rollout: String = "r", message: String = "on we go") -> Decision {
    Decision(
      seq: seq, at: Instant(nanoseconds: 1_700_000_000_123_456_789 + Int64(seq)), decision: .advance, rollout: rollout,
      stage: "canary-5", stageIndex: 3, candidate: "litellm", weightsBefore: ["litellm": 0.05],
      weightsAfter: ["litellm": 0],
      evidence: Evidence(
        test: "sequential", eValue: .infinity, threshold: 100, candidate: .init(n: 29, bad: 9),
        baseline: .init(n: 551, bad: 4), since: Instant(nanoseconds: 1_700_000_000_000_000_000)),
      message: message, actor: "crossfade", playbookSHA256: "ab12")
  }
}

/// The words that a call is refused with.
func words(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let fault as StoreFault {
    return fault.words
  } catch let error as SharedStoreError {
    return error.description
  } catch {
    return "\(error)"
  }
}
