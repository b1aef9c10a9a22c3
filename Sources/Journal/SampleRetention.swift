/// Which compared pairs are kept: the most different, a uniform sample, nothing too old, nothing beyond the size.

import GRDB
import RolloutJudge
import TrafficSplit

/// The store's rows of one rollout under one policy. Every statement looks at an index, never at the bodies.
struct SampleRetention {
  let rollout: String
  let policy: SamplePolicy

  /// The kinds that a pair would be kept for; empty where it would not be.
  func kinds(_ db: Database, candidate: String, exchange: String, distance: Double) throws -> StoredSample.Kinds {
    var kinds: StoredSample.Kinds = []
    if policy.uniform > 0 {
      let last = try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT rank FROM sample WHERE rollout = ? AND candidate = ? AND uniform = 1 ORDER BY rank LIMIT 1 OFFSET ?
            """), arguments: [rollout, candidate, policy.uniform - 1])
      if last.map({ SampleRank.of(exchange) < $0 }) ?? true { kinds.insert(.uniform) }
    }
    if policy.different > 0, distance > 0 {
      let least = try Double.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT distance FROM sample WHERE rollout = ? AND candidate = ? AND different = 1
            ORDER BY distance DESC LIMIT 1 OFFSET ?
            """), arguments: [rollout, candidate, policy.different - 1])
      if least.map({ distance > $0 }) ?? true { kinds.insert(.different) }
    }
    return kinds
  }

  /// Lets go of what the candidate has too many of. Among equally different ones the newer stay.
  func prune(_ db: Database, candidate: String) throws {
    try db.executeCached(
      sql: """
        UPDATE sample SET uniform = 0 WHERE position IN (
          SELECT position FROM sample WHERE rollout = ?1 AND candidate = ?2 AND uniform = 1
          ORDER BY rank LIMIT -1 OFFSET ?3)
        """, arguments: [rollout, candidate, policy.uniform])
    try db.executeCached(
      sql: """
        UPDATE sample SET different = 0 WHERE position IN (
          SELECT position FROM sample WHERE rollout = ?1 AND candidate = ?2 AND different = 1
          ORDER BY distance DESC, at DESC LIMIT -1 OFFSET ?3)
        """, arguments: [rollout, candidate, policy.different])
    try removeUnwanted(db, candidate: candidate)
  }

  func removeOld(_ db: Database, now: Instant) throws {
    try db.executeCached(
      sql: "DELETE FROM sample WHERE rollout = ? AND at < ?",
      arguments: [rollout, now.nanoseconds - policy.maxAge.nanoseconds])
  }

  /// Until the bodies fit, the kind that takes more space gives up its last: the uniform sample stays uniform.
  func removeExcess(_ db: Database) throws {
    while try bytes(db, "1") > policy.maxBytes {
      let isUniform = try bytes(db, "uniform = 1") >= bytes(db, "different = 1")
      let (column, order) = isUniform ? ("uniform", "rank DESC") : ("different", "distance, at")
      try db.executeCached(
        sql: """
          UPDATE sample SET \(column) = 0 WHERE position = (
            SELECT position FROM sample WHERE rollout = ? AND \(column) = 1 ORDER BY \(order) LIMIT 1)
          """, arguments: [rollout])
      try removeUnwanted(db, candidate: nil)
    }
  }

  private func bytes(_ db: Database, _ condition: String) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT coalesce(sum(bytes), 0) FROM sample INDEXED BY sample_uniform WHERE rollout = ? AND \(condition)"),
      arguments: [rollout]) ?? 0
  }

  private func removeUnwanted(_ db: Database, candidate: String?) throws {
    try db.executeCached(
      sql: """
        DELETE FROM sample WHERE rollout = ?1 AND (?2 IS NULL OR candidate = ?2) AND uniform = 0 AND different = 0
        """, arguments: [rollout, candidate])
  }
}

package enum SampleRank {
  /// The lowest ranks are the uniform sample: a hash of the exchange's id orders exchanges alike in every process, and
  /// independently of what was answered.
  package static func of(_ exchange: String) -> Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: exchange)
    return Int64(bitPattern: hasher.finish() >> 1)
  }
}

extension Database {
  /// For what runs for every sample: preparing these statements costs more than running them.
  func executeCached(sql: String, arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}
