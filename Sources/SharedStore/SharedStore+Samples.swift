/// Compared pairs of all replicas, kept under one policy: the most different, a uniform sample, nothing too old, nothing beyond the size.

import Foundation
package import Journal
import ResponseDiff
package import RolloutJudge
package import RolloutSteering

/// The last places among those that are kept: a pair beyond both is not worth being prepared.
package struct SampleBounds: Sendable, Equatable {
  /// Of the uniform sample; nil while there is room in it.
  var rank: Int64?
  /// Of the most different; nil while there is room among them.
  var distance: Double?

  /// The kinds that a pair would be kept for.
  package func kinds(exchange: String, distance: Double, under policy: SamplePolicy) -> StoredSample.Kinds {
    var kinds: StoredSample.Kinds = []
    if policy.uniform > 0, rank.map({ SampleRank.of(exchange) < $0 }) ?? true { kinds.insert(.uniform) }
    if policy.different > 0, distance > 0, self.distance.map({ distance > $0 }) ?? true { kinds.insert(.different) }
    return kinds
  }
}

extension SharedStore {
  /// Asked now and then, since it changes slowly and only ever towards fewer pairs.
  package func sampleBounds(
    of rollout: String, candidate: String, under policy: SamplePolicy
  ) throws(StoreFault) -> SampleBounds {
    let answer = try perform(
      [
        PostgresStatement(
          """
          SELECT
            (SELECT rank FROM crossfade.sample WHERE rollout = $1 AND candidate = $2 AND uniform
              ORDER BY rank OFFSET $3::bigint LIMIT 1) AS rank,
            (SELECT distance FROM crossfade.sample WHERE rollout = $1 AND candidate = $2 AND different
              ORDER BY distance DESC OFFSET $4::bigint LIMIT 1) AS distance
          """,
          [
            .text(rollout), .text(candidate), .integer(max(0, policy.uniform - 1)),
            .integer(max(0, policy.different - 1)),
          ])
      ], within: Limit.reading)
    let row = answer.first?.first
    return SampleBounds(rank: row?.integer("rank"), distance: row?.real("distance"))
  }

  /// Keeps a sample with its bodies, and lets go of those that it displaces; one after the other, so that no two replicas wait for
  /// each other.
  package func keep(_ sample: StoredSample, under policy: SamplePolicy, at now: Instant) throws(StoreFault) {
    guard sample.bodies != nil else { return }
    let rollout = PostgresStatement.Value.text(sample.rollout)
    let statements = [
      PostgresStatement("SELECT pg_advisory_xact_lock(6360565)"), try inserting(sample),
      PostgresStatement(
        """
        WITH placed AS (
          SELECT exchange, row_number() OVER (ORDER BY uniform DESC, rank) AS uniform_place,
            row_number() OVER (ORDER BY different DESC, distance DESC, at DESC) AS different_place
          FROM crossfade.sample WHERE rollout = $1 AND candidate = $2)
        UPDATE crossfade.sample s SET uniform = s.uniform AND uniform_place <= $3::bigint,
          different = s.different AND different_place <= $4::bigint
        FROM placed WHERE s.rollout = $1 AND s.candidate = $2 AND s.exchange = placed.exchange
          AND (s.uniform AND uniform_place > $3::bigint OR s.different AND different_place > $4::bigint)
        """, [rollout, .text(sample.candidate), .integer(policy.uniform), .integer(policy.different)]),
      PostgresStatement(
        "DELETE FROM crossfade.sample WHERE rollout = $1 AND (NOT (uniform OR different) OR at < $2::bigint)",
        [rollout, .integer(now.nanoseconds - policy.maxAge.nanoseconds)]),
      Self.fitting(sample.rollout, within: policy.maxBytes),
    ]
    _ = try perform(statements, within: Limit.evidence, .soon)
  }

  /// Without their bodies; as the single store's of the same name.
  package func samples(
    rollout: String? = nil, candidate: String? = nil, kinds: StoredSample.Kinds = [.different, .uniform],
    order: SampleOrder = .distance, limit: Int = 20
  ) throws(StoreFault) -> [StoredSample] {
    let ordering = order == .distance ? "distance DESC, at DESC" : "at DESC"
    return try samples(
      PostgresStatement(
        """
        SELECT rollout, candidate, exchange, at, stage, uniform, different, endpoint, model, comparison
        FROM crossfade.sample WHERE ($1::text IS NULL OR rollout = $1) AND ($2::text IS NULL OR candidate = $2)
          AND (different AND $3::boolean OR uniform AND $4::boolean)
        ORDER BY \(ordering), exchange, candidate LIMIT $5::bigint
        """,
        [
          .text(rollout), .text(candidate), .flag(kinds.contains(.different)), .flag(kinds.contains(.uniform)),
          .integer(max(0, limit)),
        ]), hasBodies: false)
  }

  /// The samples of one exchange with their bodies, one for each candidate it was copied to.
  package func samples(exchange: String) throws(StoreFault) -> [StoredSample] {
    try samples(
      PostgresStatement("SELECT * FROM crossfade.sample WHERE exchange = $1 ORDER BY candidate", [.text(exchange)]),
      hasBodies: true)
  }

  /// Forgets every sample of the rollout, for `samples: off`.
  package func removeSamples(of rollout: String) throws(StoreFault) {
    _ = try perform(
      [PostgresStatement("DELETE FROM crossfade.sample WHERE rollout = $1", [.text(rollout)])], within: Limit.pruning)
  }

  private func samples(_ statement: PostgresStatement, hasBodies: Bool) throws(StoreFault) -> [StoredSample] {
    try (try perform([statement], within: Limit.reading).first ?? []).map { row throws(StoreFault) in
      let comparison = try? JSONDecoder().decode(AnswerComparison.self, from: Data((row.text("comparison") ?? "").utf8))
      let cut = hasBodies ? row.integer("cut") ?? 0 : 0
      let body = { (column: String, bit: Int64) in
        StoredSample.Body(text: row.text(column) ?? "", isCut: cut & bit != 0)
      }
      return StoredSample(
        exchange: try required(row.text("exchange"), "a sample"),
        rollout: try required(row.text("rollout"), "a sample"),
        candidate: try required(row.text("candidate"), "a sample"),
        at: Instant(nanoseconds: try required(row.integer("at"), "a sample")), stage: row.text("stage") ?? "",
        endpoint: row.text("endpoint") ?? "", model: row.text("model"),
        kinds: StoredSample.Kinds(rawValue: (row.flag("different") ? 1 : 0) | (row.flag("uniform") ? 2 : 0)),
        comparison: try required(comparison, "a sample's comparison"),
        bodies: hasBodies
          ? StoredSample.Bodies(request: body("request", 1), baseline: body("baseline", 2), answer: body("answer", 4))
          : nil)
    }
  }

  private func inserting(_ sample: StoredSample) throws(StoreFault) -> PostgresStatement {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let comparison = try required(try? encoder.encode(sample.comparison), "a comparison")
    let bodies = try required(sample.bodies, "a sample's bodies")
    let texts = [bodies.request, bodies.baseline, bodies.answer]
    let cut = texts.enumerated().reduce(0) { $0 | ($1.element.isCut ? 1 << $1.offset : 0) }
    return PostgresStatement(
      """
      INSERT INTO crossfade.sample (rollout, candidate, exchange, at, stage, uniform, different, rank, distance, endpoint,
        model, bytes, cut, comparison, request, baseline, answer)
      VALUES ($1, $2, $3, $4::bigint, $5, $6::boolean, $7::boolean, $8::bigint, $9::float8, $10, $11, $12::bigint,
        $13::bigint, $14, $15, $16, $17) ON CONFLICT DO NOTHING
      """,
      [
        .text(sample.rollout), .text(sample.candidate), .text(sample.exchange), .integer(sample.at.nanoseconds),
        .text(sample.stage), .flag(sample.kinds.contains(.uniform)), .flag(sample.kinds.contains(.different)),
        .integer(SampleRank.of(sample.exchange)), .real(sample.distance), .text(sample.endpoint), .text(sample.model),
        .integer(texts.reduce(0) { $0 + $1.text.utf8.count }), .integer(cut),
        .text(String(decoding: comparison, as: UTF8.self)),
      ] + texts.map { .text($0.text) })
  }

  /// Until the bodies fit, both kinds give up their last, in turns: the uniform sample stays uniform.
  private static func fitting(_ rollout: String, within bytes: Int) -> PostgresStatement {
    PostgresStatement(
      """
      DELETE FROM crossfade.sample WHERE rollout = $1 AND (candidate, exchange) IN (
        SELECT candidate, exchange FROM (
          SELECT candidate, exchange, sum(bytes) OVER (ORDER BY place, candidate, exchange) AS size FROM (
            SELECT candidate, exchange, bytes, least(
              CASE WHEN uniform THEN row_number() OVER (PARTITION BY candidate ORDER BY uniform DESC, rank) END,
              CASE WHEN different THEN row_number() OVER (
                PARTITION BY candidate ORDER BY different DESC, distance DESC, at DESC) END) AS place
            FROM crossfade.sample WHERE rollout = $1) AS placed) AS summed
        WHERE size > $2::bigint)
      """, [.text(rollout), .integer(bytes)])
  }
}
