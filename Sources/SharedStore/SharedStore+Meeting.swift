/// The heartbeat: a replica says that it lives, and hears what has happened. Whose heart beats is seen on the server's clock.

import RolloutJudge
package import RolloutSteering

extension SharedStore {
  /// As many decisions as one answer brings; what is left comes with the next.
  private static let decisionLimit = 256
  /// Replicas that are silent for longer are not listed.
  private static let silence = "10 minutes"
  /// More than this share of the server's connections are not held between calls.
  private static let connectionShare = 3

  package func meet(_ pulse: ReplicaPulse) throws(StoreFault) -> FleetNews {
    var news = try hear(pulse)
    if news == nil {
      _ = try perform([Self.beginning(pulse.rollout)], within: Limit.pulse)
      news = try hear(pulse)
    }
    guard let news else { throw fault(.unexpected("rollout \(pulse.rollout) cannot be begun")) }
    return news
  }

  package func leave(_ replica: ReplicaID, of rollout: String) throws(StoreFault) {
    let values = Self.values(rollout, replica)
    _ = try perform(
      [
        PostgresStatement(
          """
          UPDATE crossfade.replica SET left_at = clock_timestamp(), seen_at = clock_timestamp()
          WHERE rollout = $1 AND name = $2 AND run = $3
          """, values),
        PostgresStatement(
          """
          UPDATE crossfade.rollout SET decides_until = clock_timestamp() FROM crossfade.replica r
          WHERE rollout.name = $1 AND r.rollout = $1 AND r.name = $2 AND r.run = $3 AND decider = r.id
          """, values),
      ], within: Limit.pulse)
  }

  /// - Returns: nil where the store does not know the rollout yet.
  private func hear(_ pulse: ReplicaPulse) throws(StoreFault) -> FleetNews? {
    let answers = try perform(
      [
        Self.beating(pulse), Self.leasing(pulse),
        Self.reading(pulse.rollout, after: pulse.seq, Self.decisionLimit), Self.listing(pulse.rollout),
        PostgresStatement(
          """
          SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now,
            current_setting('max_connections')::bigint AS connections,
            (SELECT last_seq FROM crossfade.rollout WHERE name = $1) AS last_seq
          """, [.text(pulse.rollout)]),
      ], within: Limit.pulse, .soon)
    let clock = try required(answers[4].first, "the clock")
    guard let last = clock.integer("last_seq") else { return nil }
    let now = try instant(clock, "now")
    var decisions: [Decision] = []
    for row in answers[2] { decisions.append(try decision(try read(row))) }
    memory.note(decisions)
    try remind(pulse.rollout, of: Int(last))
    let replicas = try answers[3].map { row throws(StoreFault) in try standing(row) }
    let living = replicas.count { !$0.hasLeft && now - $0.lastSeen < ReplicaStanding.expiry }
    session.became(brief: living * Self.connectionShare > Int(clock.integer("connections") ?? 100))
    return FleetNews(now: now, decisions: decisions, lease: try lease(answers[1]), replicas: replicas)
  }

  /// A server that has lost its last moments, such as a standby that took over, is told again what was decided.
  func remind(_ rollout: String, of last: Int) throws(StoreFault) {
    let known = memory.lastSeq(of: rollout)
    guard last < known else { return }
    guard let missing = memory.missing(in: rollout, after: last) else {
      throw fault(
        .damaged("\(rollout) ends at decision \(last) where \(known) were journaled: an older copy took its place"))
    }
    for decision in missing {
      // Whoever was first has the number: the next answer brings it.
      guard case .appended = try append(decision, under: nil) else { return }
    }
  }

  private func lease(_ rows: [PostgresRow]) throws(StoreFault) -> DeciderLease? {
    guard let row = rows.first else { return nil }
    return DeciderLease(epoch: Int(try required(row.integer("epoch"), "the lease")), until: try instant(row, "until"))
  }

  private func standing(_ row: PostgresRow) throws(StoreFault) -> ReplicaStanding {
    let number = { (column: String) in Int(row.integer(column) ?? 0) }
    let run = try required(row.text("run").flatMap { UInt64($0, radix: 16) }, "a replica's run")
    return ReplicaStanding(
      replica: ReplicaID(name: row.text("name") ?? "", run: run), version: row.text("version") ?? "",
      playbookSHA256: row.text("playbook_sha256") ?? "", seq: number("seq"), requests: number("requests"),
      batch: number("batch"), lastSeen: try instant(row, "seen"), isDecider: row.flag("is_decider"),
      hasLeft: row.flag("has_left"))
  }

  private func instant(_ row: PostgresRow, _ column: String) throws(StoreFault) -> Instant {
    Instant(nanoseconds: try required(row.integer(column), "an instant") * 1000)
  }

  static func values(_ rollout: String, _ replica: ReplicaID) -> [PostgresStatement.Value] {
    [.text(rollout), .text(replica.name), .text(replica.digits)]
  }

  /// Where a replica is new, a row of its own; else only what has changed, which leaves nothing in any index.
  private static func beating(_ pulse: ReplicaPulse) -> PostgresStatement {
    PostgresStatement(
      """
      WITH seen AS (
        UPDATE crossfade.replica SET version = $4, playbook_sha256 = $5, seq = $6::bigint, requests = $7::bigint,
          batch = $8::bigint, seen_at = clock_timestamp(), left_at = NULL
        WHERE rollout = $1 AND name = $2 AND run = $3 RETURNING id)
      INSERT INTO crossfade.replica (rollout, name, run, version, playbook_sha256, seq, requests, batch)
      SELECT $1, $2, $3, $4, $5, $6::bigint, $7::bigint, $8::bigint WHERE NOT EXISTS (SELECT FROM seen)
      ON CONFLICT DO NOTHING
      """,
      values(pulse.rollout, pulse.replica) + [
        .text(pulse.version), .text(pulse.playbookSHA256), .integer(pulse.seq), .integer(pulse.requests),
        .integer(pulse.batch),
      ])
  }

  /// Touches the row only where it is this replica's to renew, or nobody's. An epoch holds milliseconds since 1970, so that it
  /// is a new one also after a server that has forgotten the last.
  private static func leasing(_ pulse: ReplicaPulse) -> PostgresStatement {
    PostgresStatement(
      """
      UPDATE crossfade.rollout SET
        epoch = CASE WHEN decider = me.id AND decides_until > clock_timestamp() THEN epoch
          ELSE greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) END,
        decider = me.id, decides_until = clock_timestamp() + $5::bigint * interval '1 millisecond'
      FROM (SELECT id FROM crossfade.replica WHERE rollout = $1 AND name = $2 AND run = $3) AS me
      WHERE rollout.name = $1 AND $4::boolean
        AND (decider = me.id OR decider IS NULL OR decides_until <= clock_timestamp())
      RETURNING epoch, (extract(epoch FROM decides_until) * 1000000)::bigint AS until
      """,
      values(pulse.rollout, pulse.replica) + [
        .flag(pulse.offersToDecide), .integer(Int64(DeciderLease.term.milliseconds)),
      ])
  }

  private static func listing(_ rollout: String) -> PostgresStatement {
    PostgresStatement(
      """
      SELECT p.name, p.run, p.version, p.playbook_sha256, p.seq, p.requests, p.batch,
        (extract(epoch FROM p.seen_at) * 1000000)::bigint AS seen, p.left_at IS NOT NULL AS has_left,
        coalesce(p.id = r.decider AND r.decides_until > clock_timestamp(), false) AS is_decider
      FROM crossfade.replica p JOIN crossfade.rollout r ON r.name = p.rollout
      WHERE p.rollout = $1 AND p.seen_at > clock_timestamp() - interval '\(silence)'
      ORDER BY p.name COLLATE "C", p.run COLLATE "C" LIMIT 1000
      """, [.text(rollout)])
  }
}

extension ReplicaID {
  /// The run, as the store's rows have it.
  var digits: String { String(description.suffix(16)) }
}
