/// Jobs at vendors of pictures that are not known to have ended: whichever replica made them, another finds them here.

package import Journal
import RolloutJudge
package import RolloutSteering

extension SharedStore {
  /// It exists from here on, whatever becomes of this process.
  package func begin(_ job: StoredJob) throws(StoreFault) {
    _ = try perform([Self.beginning(job)], within: Limit.evidence, .soon)
  }

  /// It has ended, or is somebody else's to look after.
  package func end(jobOf arm: String, id: String, rollout: String) throws(StoreFault) {
    _ = try perform(
      [
        PostgresStatement(
          "DELETE FROM crossfade.job WHERE rollout = $1 AND arm = $2 AND id = $3",
          [.text(rollout), .text(arm), .text(id)])
      ], within: Limit.evidence, .soon)
  }

  /// Oldest first.
  package func openJobs(rollout: String) throws(StoreFault) -> [StoredJob] {
    let answer = try perform(
      [PostgresStatement("SELECT * FROM crossfade.job WHERE rollout = $1 ORDER BY at LIMIT 10000", [.text(rollout)])],
      within: Limit.reading)
    return try (answer.first ?? []).map { row throws(StoreFault) in
      StoredJob(
        rollout: rollout, arm: try required(row.text("arm"), "a job"), id: try required(row.text("id"), "a job"),
        at: Instant(nanoseconds: try required(row.integer("at"), "a job")), pollPath: row.text("poll"),
        resultPath: row.text("result"), cancelPath: row.text("cancel"))
    }
  }

  static func beginning(_ job: StoredJob) -> PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO crossfade.job (rollout, arm, id, at, poll, result, cancel) VALUES ($1, $2, $3, $4::bigint, $5, $6, $7)
      ON CONFLICT (rollout, arm, id) DO UPDATE SET at = EXCLUDED.at, poll = EXCLUDED.poll, result = EXCLUDED.result,
        cancel = EXCLUDED.cancel
      """,
      [
        .text(job.rollout), .text(job.arm), .text(job.id), .integer(job.at.nanoseconds), .text(job.pollPath),
        .text(job.resultPath), .text(job.cancelPath),
      ])
  }
}
