/// Evidence travels in numbered batches: entering one again is nothing, and what a checkpoint covers is let go of.

import RolloutJudge
package import RolloutSteering

extension SharedStore {
  /// As many rows as one delete takes, so that nobody waits for it.
  private static let deleteLimit = 1000
  /// As many deletes as one call makes; what is left is the next one's.
  private static let deleteCount = 50
  private static let batchLimit = 5000

  package func enter(_ batch: EvidenceBatch) throws(StoreFault) {
    guard batch.body.count <= EvidenceBatch.maxBytes else {
      throw fault(.tooLarge("evidence", bytes: batch.body.count, limit: EvidenceBatch.maxBytes))
    }
    let replica = Self.values(batch.rollout, batch.replica)
    _ = try perform(
      [
        Self.introducing(batch.rollout, batch.replica),
        // What was let go of already is not taken for new.
        PostgresStatement(
          """
          INSERT INTO crossfade.evidence (replica, number, closed_at, body)
          SELECT id, $4::bigint, $5::bigint, $6::bytea FROM crossfade.replica
          WHERE rollout = $1 AND name = $2 AND run = $3 AND pruned < $4::bigint ON CONFLICT DO NOTHING
          """,
          replica + [.integer(batch.number), .integer(batch.closedAt.nanoseconds), .bytes(batch.body)]),
      ], within: Limit.evidence, .soon)
  }

  package func batches(
    of rollout: String, beyond known: [ReplicaID: Int], bytes: Int
  ) throws(StoreFault) -> [EvidenceBatch] {
    let answer = try perform(
      [
        PostgresStatement(
          """
          SELECT name, run, number, closed_at, body FROM (
            SELECT r.name, r.run, e.number, e.closed_at, e.body,
              sum(octet_length(e.body)) OVER place AS size, row_number() OVER place AS place
            FROM crossfade.replica r JOIN crossfade.evidence e ON e.replica = r.id
            LEFT JOIN unnest($2::text[], $3::text[], $4::bigint[]) AS known (name, run, number)
              ON known.name = r.name AND known.run = r.run
            WHERE r.rollout = $1 AND e.number > coalesce(known.number, 0)
            WINDOW place AS (ORDER BY r.name COLLATE "C", r.run COLLATE "C", e.number)) AS found
          WHERE size <= $5::bigint OR place = 1 ORDER BY place LIMIT \(Self.batchLimit)
          """, [.text(rollout)] + Self.values(known) + [.integer(bytes)])
      ], within: Limit.reading)
    return try (answer.first ?? []).map { row throws(StoreFault) in try batch(row, of: rollout) }
  }

  package func prune(_ rollout: String, upTo known: [ReplicaID: Int]) throws(StoreFault) {
    let values = [.text(rollout)] + Self.values(known)
    let noting = PostgresStatement(
      """
      UPDATE crossfade.replica r SET pruned = known.number
      FROM unnest($2::text[], $3::text[], $4::bigint[]) AS known (name, run, number)
      WHERE r.rollout = $1 AND r.name = known.name AND r.run = known.run AND r.pruned < known.number
      """, values)
    let deleting = PostgresStatement(
      """
      DELETE FROM crossfade.evidence WHERE (replica, number) IN (
        SELECT e.replica, e.number FROM crossfade.replica r JOIN crossfade.evidence e ON e.replica = r.id
        WHERE r.rollout = $1 AND e.number <= r.pruned LIMIT \(Self.deleteLimit)) RETURNING 1
      """, [.text(rollout)])
    _ = try perform([noting], within: Limit.pruning)
    for _ in 0..<Self.deleteCount {
      let answer = try perform([deleting], within: Limit.pruning, .soon)
      if (answer.first?.count ?? 0) < Self.deleteLimit { break }
    }
    _ = try perform(Self.forgetting(rollout), within: Limit.pruning, .soon)
  }

  /// Settles whose request was each unit's first bad one.
  ///
  /// - Returns: those of them that were this replica's.
  package func settle(
    badUnits units: [UInt64], of rollout: String, by replica: ReplicaID
  ) throws(StoreFault) -> Set<UInt64> {
    let values =
      Self.values(rollout, replica) + [.integers(units.map { Int64(bitPattern: $0) })]
    let answers = try perform(
      [
        Self.introducing(rollout, replica),
        // In one order for everybody, so that no two wait for each other.
        PostgresStatement(
          """
          INSERT INTO crossfade.bad_unit (rollout, unit, replica)
          SELECT $1, unit, r.id FROM unnest($4::bigint[]) AS unit, crossfade.replica r
          WHERE r.rollout = $1 AND r.name = $2 AND r.run = $3 ORDER BY unit ON CONFLICT DO NOTHING
          """, values),
        PostgresStatement(
          """
          SELECT b.unit FROM crossfade.bad_unit b JOIN crossfade.replica r ON r.id = b.replica
          WHERE b.rollout = $1 AND b.unit = ANY ($4::bigint[]) AND r.name = $2 AND r.run = $3
          """, values),
      ], within: Limit.evidence)
    return Set(answers[2].compactMap { $0.integer("unit") }.map { UInt64(bitPattern: $0) })
  }

  private func batch(_ row: PostgresRow, of rollout: String) throws(StoreFault) -> EvidenceBatch {
    let run = try required(row.text("run").flatMap { UInt64($0, radix: 16) }, "a replica's run")
    return EvidenceBatch(
      rollout: rollout, replica: ReplicaID(name: row.text("name") ?? "", run: run),
      number: Int(try required(row.integer("number"), "a batch")),
      closedAt: Instant(nanoseconds: try required(row.integer("closed_at"), "a batch")),
      body: try required(row.bytes("body"), "a batch"))
  }

  /// A row for a replica that has not met the others yet.
  static func introducing(_ rollout: String, _ replica: ReplicaID) -> PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO crossfade.replica (rollout, name, run) SELECT $1, $2, $3
      WHERE NOT EXISTS (SELECT FROM crossfade.replica WHERE rollout = $1 AND name = $2 AND run = $3)
      ON CONFLICT DO NOTHING
      """, values(rollout, replica))
  }

  private static func values(_ known: [ReplicaID: Int]) -> [PostgresStatement.Value] {
    let known = known.sorted { $0.key.description < $1.key.description }
    return [
      .texts(known.map(\.key.name)), .texts(known.map(\.key.digits)), .integers(known.map { Int64($0.value) }),
    ]
  }

  /// Replicas that are gone and whose evidence is, and days that are over.
  private static func forgetting(_ rollout: String) -> [PostgresStatement] {
    [
      PostgresStatement(
        """
        DELETE FROM crossfade.replica r WHERE rollout = $1 AND seen_at < clock_timestamp() - interval '1 hour'
          AND NOT EXISTS (SELECT FROM crossfade.evidence e WHERE e.replica = r.id)
        """, [.text(rollout)]),
      PostgresStatement(
        """
        DELETE FROM crossfade.budget
        WHERE rollout = $1 AND day < extract(epoch FROM clock_timestamp() - interval '31 days') / 86400
        """, [.text(rollout)]),
    ]
  }
}
