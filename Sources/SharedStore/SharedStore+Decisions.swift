/// One decision a number: who appends first has it, and who comes second is told which it was.

import Foundation
package import Journal
package import RolloutJudge
package import RolloutSteering

extension SharedStore {
  /// The row of the rollout is locked by whoever appends, for one statement: the number must follow its last, and the lease must be
  /// its decider's. The chain's head is computed where the former one cannot change meanwhile.
  package func append(_ decision: Decision, under lease: DeciderLease?) throws(StoreFault) -> Appending {
    let row = try self.row(of: decision)
    var statements = [Self.inserting(row, lease), Self.standing(row)]
    if row.seq == 1 { statements.insert(Self.beginning(row.rollout), at: 0) }
    let answers = try perform(statements, within: Limit.decision)
    if let appended = answers[answers.count - 2].first {
      memory.note([decision])
      return .appended(head: appended.text("head"))
    }
    let standing = answers[answers.count - 1].first
    let last = Int(standing?.integer("last_seq") ?? 0)
    if let standing, standing.text("body") != nil {
      let journaled = try read(standing)
      memory.note([try self.decision(journaled)])
      return journaled.isSame(as: row) ? .appended(head: journaled.head) : .lost(to: try self.decision(journaled))
    }
    guard row.seq == last + 1 else {
      throw fault(.outOfOrder(rollout: row.rollout, seq: row.seq, expected: last + 1))
    }
    return .lapsed
  }

  package func decisions(of rollout: String, after seq: Int, limit: Int?) throws(StoreFault) -> [Decision] {
    try rows(of: rollout, after: seq, limit: limit).map { row throws(StoreFault) in try decision(row) }
  }

  /// As they are kept, for whoever looks at their chain.
  package func rows(of rollout: String, after seq: Int = 0, limit: Int? = nil) throws(StoreFault) -> [DecisionRow] {
    var found: [DecisionRow] = []
    // In parts, so that a long journal is no long statement.
    while found.count < limit ?? .max {
      let part = min(500, (limit ?? .max) - found.count)
      let after = found.last?.seq ?? seq
      let answer = try perform([Self.reading(rollout, after: after, part)], within: Limit.reading)
      let rows = try (answer.first ?? []).map { row throws(StoreFault) in try read(row) }
      found += rows
      if rows.count < part { break }
    }
    return found
  }

  /// The rollouts' names, in the order in which they began.
  package func rollouts() throws(StoreFault) -> [String] {
    let answer = try perform(
      [PostgresStatement("SELECT name FROM crossfade.rollout WHERE last_seq > 0 ORDER BY began_at, name")],
      within: Limit.reading)
    return (answer.first ?? []).compactMap { $0.text("name") }
  }

  static func beginning(_ rollout: String) -> PostgresStatement {
    PostgresStatement("INSERT INTO crossfade.rollout (name) VALUES ($1) ON CONFLICT DO NOTHING", [.text(rollout)])
  }

  static func reading(_ rollout: String, after seq: Int, _ limit: Int) -> PostgresStatement {
    PostgresStatement(
      """
      SELECT rollout, seq, at, body, seal, head FROM crossfade.decision
      WHERE rollout = $1 AND seq > $2::bigint ORDER BY seq LIMIT $3::bigint
      """, [.text(rollout), .integer(seq), .integer(limit)])
  }

  private static func inserting(_ row: DecisionRow, _ lease: DeciderLease?) -> PostgresStatement {
    PostgresStatement(
      """
      WITH moved AS (
        UPDATE crossfade.rollout SET last_seq = $2::bigint, head = encode(sha256(convert_to(
          head || E'\\n' || $1::text || E'\\n' || $2::text || E'\\n' || $3::text || E'\\n' || $4::text, 'UTF8')), 'hex')
        WHERE name = $1 AND last_seq = $2::bigint - 1
          AND ($6::bigint IS NULL OR (epoch = $6::bigint AND decides_until > clock_timestamp()))
        RETURNING head)
      INSERT INTO crossfade.decision (rollout, seq, at, body, seal, head)
      SELECT $1, $2::bigint, $3::bigint, $4, $5::bigint, head FROM moved RETURNING head
      """,
      [
        .text(row.rollout), .text(String(row.seq)), .text(String(row.at.nanoseconds)), .text(row.body),
        .integer(row.seal), .integer((lease?.epoch).map(Int64.init)),
      ])
  }

  private static func standing(_ row: DecisionRow) -> PostgresStatement {
    PostgresStatement(
      """
      SELECT r.last_seq, d.rollout, d.seq, d.at, d.body, d.seal, d.head FROM crossfade.rollout r
      LEFT JOIN crossfade.decision d ON d.rollout = r.name AND d.seq = $2 WHERE r.name = $1
      """, [.text(row.rollout), .integer(row.seq)])
  }

  func row(of decision: Decision) throws(StoreFault) -> DecisionRow {
    do {
      return try DecisionRow(decision)
    } catch {
      throw fault(.unexpected("decision \(decision.seq) has no JSON: \(error)"))
    }
  }

  /// - Throws: `damaged` where the row is not what was written.
  func read(_ row: PostgresRow) throws(StoreFault) -> DecisionRow {
    let rollout = try required(row.text("rollout"), "a decision")
    let found = DecisionRow(
      rollout: rollout, seq: Int(try required(row.integer("seq"), "a decision of \(rollout)")),
      at: Instant(nanoseconds: try required(row.integer("at"), "a decision of \(rollout)")),
      body: try required(row.text("body"), "a decision of \(rollout)"), head: row.text("head"))
    guard row.integer("seal") == found.seal else {
      throw fault(.damaged("decision \(found.seq) of \(rollout) is not as it was written"))
    }
    return found
  }

  func decision(_ row: DecisionRow) throws(StoreFault) -> Decision {
    do {
      return try row.decision
    } catch {
      throw fault(.damaged("\(error)"))
    }
  }
}
