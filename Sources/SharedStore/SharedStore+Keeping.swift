/// What the fleet knows at some instant: the judge's checkpoint, each replica's accounts, the playbook, and slices of budgets.

import Journal
import RolloutJudge
package import RolloutSteering

extension SharedStore {
  package func checkpoint(of rollout: String) throws(StoreFault) -> StoredCheckpoint? {
    let answer = try perform(
      [PostgresStatement("SELECT seq, at, state, seal FROM crossfade.checkpoint WHERE rollout = $1", [.text(rollout)])],
      within: Limit.reading)
    guard let row = answer.first?.first else { return nil }
    let what = "the checkpoint of \(rollout)"
    let found = StoredCheckpoint(
      rollout: rollout, seq: Int(try required(row.integer("seq"), what)),
      at: Instant(nanoseconds: try required(row.integer("at"), what)), state: try required(row.bytes("state"), what))
    guard row.integer("seal") == found.seal else { throw fault(.damaged("\(what) is not as it was written")) }
    return found
  }

  /// One that presumes fewer decisions than the kept one is somebody's who was decider before: the kept one stays.
  package func keep(_ checkpoint: StoredCheckpoint) throws(StoreFault) {
    guard checkpoint.state.count <= StoredCheckpoint.maxBytes else {
      throw fault(.tooLarge("checkpoint", bytes: checkpoint.state.count, limit: StoredCheckpoint.maxBytes))
    }
    let answers = try perform(
      [
        PostgresStatement("SELECT last_seq FROM crossfade.rollout WHERE name = $1", [.text(checkpoint.rollout)]),
        Self.keeping(checkpoint),
      ], within: Limit.evidence)
    let last = Int(answers[0].first?.integer("last_seq") ?? 0)
    guard last > 0, (1...last).contains(checkpoint.seq) else {
      throw fault(.checkpointAhead(rollout: checkpoint.rollout, seq: checkpoint.seq, last: last))
    }
  }

  package func accounts(of rollout: String) throws(StoreFault) -> [StoredAccounts] {
    let answer = try perform(
      [
        PostgresStatement(
          """
          SELECT replica, at, state, seal FROM crossfade.accounts WHERE rollout = $1 ORDER BY replica COLLATE "C"
          """, [.text(rollout)])
      ], within: Limit.reading)
    return try (answer.first ?? []).map { row throws(StoreFault) in
      let what = "the accounts of \(rollout)"
      let found = StoredAccounts(
        rollout: rollout, replica: row.text("replica") ?? "",
        at: Instant(nanoseconds: try required(row.integer("at"), what)), blob: try required(row.bytes("state"), what))
      guard row.integer("seal") == found.seal else { throw fault(.damaged("\(what) are not as they were written")) }
      return found
    }
  }

  package func keep(_ accounts: StoredAccounts) throws(StoreFault) {
    guard accounts.blob.count <= StoredAccounts.maxBytes else {
      throw fault(.tooLarge("accounts", bytes: accounts.blob.count, limit: StoredAccounts.maxBytes))
    }
    _ = try perform([Self.keeping(accounts)], within: Limit.evidence, .soon)
  }

  /// Puts the sum of several accounts in their place, such as those of replicas that are gone; all of it or nothing.
  ///
  /// - Parameter replicas: Whose accounts are in the sum.
  package func keep(_ sum: StoredAccounts, inPlaceOf replicas: [String]) throws(StoreFault) {
    let former = replicas.filter { $0 != sum.replica }
    _ = try perform(
      [
        PostgresStatement(
          "DELETE FROM crossfade.accounts WHERE rollout = $1 AND replica = ANY ($2::text[])",
          [.text(sum.rollout), .texts(former)]),
        Self.keeping(sum),
      ], within: Limit.evidence)
  }

  /// - Parameter body: Without what is secret.
  package func keep(playbook body: String, sha256: String, of rollout: String) throws(StoreFault) {
    _ = try perform(
      [
        PostgresStatement(
          "INSERT INTO crossfade.playbook (rollout, sha256, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
          [.text(rollout), .text(sha256), .text(body)])
      ], within: Limit.evidence)
  }

  /// Nil where none was kept under this hash.
  package func playbook(of rollout: String, sha256: String) throws(StoreFault) -> String? {
    let answer = try perform(
      [
        PostgresStatement(
          "SELECT body FROM crossfade.playbook WHERE rollout = $1 AND sha256 = $2", [.text(rollout), .text(sha256)])
      ], within: Limit.reading)
    return answer.first?.first?.text("body")
  }

  /// In whole billionths of a dollar, so that many small slices add up to the limit and not to a little more.
  package func takeSlice(_ slice: BudgetSlice) throws(StoreFault) -> Double {
    let row: [PostgresStatement.Value] = [.text(slice.rollout), .text(slice.budget), .integer(slice.day)]
    let answers = try perform(
      [
        PostgresStatement(
          """
          INSERT INTO crossfade.budget (rollout, budget, day) SELECT $1, $2, $3::bigint WHERE NOT EXISTS (
            SELECT FROM crossfade.budget WHERE rollout = $1 AND budget = $2 AND day = $3::bigint) ON CONFLICT DO NOTHING
          """, row),
        PostgresStatement(
          """
          WITH former AS (
            SELECT taken, greatest(0, least($4::bigint, $5::bigint - taken)) AS slice FROM crossfade.budget
            WHERE rollout = $1 AND budget = $2 AND day = $3::bigint FOR UPDATE)
          UPDATE crossfade.budget SET taken = former.taken + former.slice FROM former
          WHERE rollout = $1 AND budget = $2 AND day = $3::bigint RETURNING former.slice
          """, row + [.integer(Self.billionths(slice.dollars)), .integer(Self.billionths(slice.limit))]),
      ], within: Limit.decision)
    return Double(try required(answers[1].first?.integer("slice"), "a budget")) / 1e9
  }

  /// Rounded down; at most nine billion dollars.
  private static func billionths(_ dollars: Double) -> Int64 {
    dollars > 0 ? Int64((min(dollars, 9e9) * 1e9).rounded(.down)) : 0
  }

  static func keeping(_ checkpoint: StoredCheckpoint) -> PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO crossfade.checkpoint (rollout, seq, at, state, seal)
      SELECT $1, $2::bigint, $3::bigint, $4::bytea, $5::bigint FROM crossfade.rollout
      WHERE name = $1 AND last_seq >= $2::bigint
      ON CONFLICT (rollout) DO UPDATE SET seq = EXCLUDED.seq, at = EXCLUDED.at, state = EXCLUDED.state,
        seal = EXCLUDED.seal
      WHERE checkpoint.seq <= EXCLUDED.seq
        OR checkpoint.seq > (SELECT last_seq FROM crossfade.rollout WHERE name = $1)
      """,
      [
        .text(checkpoint.rollout), .integer(checkpoint.seq), .integer(checkpoint.at.nanoseconds),
        .bytes(checkpoint.state), .integer(checkpoint.seal),
      ])
  }

  static func keeping(_ accounts: StoredAccounts) -> PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO crossfade.accounts (rollout, replica, at, state, seal)
      VALUES ($1, $2, $3::bigint, $4::bytea, $5::bigint)
      ON CONFLICT (rollout, replica) DO UPDATE SET at = EXCLUDED.at, state = EXCLUDED.state, seal = EXCLUDED.seal
      """,
      [
        .text(accounts.rollout), .text(accounts.replica), .integer(accounts.at.nanoseconds), .bytes(accounts.blob),
        .integer(accounts.seal),
      ])
  }
}
