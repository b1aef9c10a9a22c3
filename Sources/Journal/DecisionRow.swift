/// A decision as a row, sealed so that a flipped bit on the disk is noticed and not obeyed.

import Foundation
import GRDB
package import RolloutJudge
import TrafficSplit

package struct DecisionRow: Equatable {
  package var rollout: String
  package var seq: Int
  /// To the nanosecond, where the body has milliseconds.
  package var at: Instant
  /// JSON in UTF-8.
  package var body: String
  /// The chain's, after this decision; nil in rows of an older version, and before it is journaled.
  package var head: String?

  package init(rollout: String, seq: Int, at: Instant, body: String, head: String?) {
    self.rollout = rollout
    self.seq = seq
    self.at = at
    self.body = body
    self.head = head
  }

  package init(_ decision: Decision) throws {
    var decision = decision
    decision.head = nil
    rollout = decision.rollout
    seq = decision.seq
    at = decision.at
    body = String(decoding: try DecisionJSON.encode(decision), as: UTF8.self)
  }

  /// - Throws: `damaged` where the row is not what was written.
  init(_ row: Row, of store: JournalStore) throws {
    rollout = try row.decode(forColumn: "rollout")
    seq = try row.decode(forColumn: "seq")
    at = Instant(nanoseconds: try row.decode(forColumn: "at"))
    body = try row.decode(forColumn: "body")
    head = row.hasColumn("head") ? row["head"] : nil
    guard seal == (try row.decode(Int64.self, forColumn: "seal")) else {
      throw store.error(.damaged("decision \(seq) of \(rollout) is not as it was written"))
    }
  }

  package var decision: Decision {
    get throws {
      var decision = try DecisionJSON.decode(Data(body.utf8))
      let told = (decision.seq, decision.rollout, decision.at.nanoseconds)
      guard told == (seq, rollout, at.nanoseconds / 1_000_000 * 1_000_000) else {
        throw RowMismatch(description: "decision \(seq) of \(rollout) says another ts, seq or rollout than its row")
      }
      decision.at = at
      return decision
    }
  }

  package var seal: Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: rollout)
    hasher.combine(UInt64(bitPattern: Int64(seq)))
    hasher.combine(UInt64(bitPattern: at.nanoseconds))
    hasher.combine(field: body)
    return Int64(bitPattern: hasher.finish())
  }

  static func seal(of decision: Decision, in store: JournalStore) throws(JournalError) -> Int64 {
    try store.run { _ in try DecisionRow(decision).seal }
  }

  func insert(_ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO decision (rollout, seq, at, body, seal, head) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [rollout, seq, at.nanoseconds, body, seal, head])
  }

  /// Whether the same decision is kept, wherever in the chain.
  package func isSame(as other: DecisionRow) -> Bool {
    (rollout, seq, at, body) == (other.rollout, other.seq, other.at, other.body)
  }
}

/// A decision does not say of itself what its row says.
struct RowMismatch: Error, CustomStringConvertible {
  let description: String
}
