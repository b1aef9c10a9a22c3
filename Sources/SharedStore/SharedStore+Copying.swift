/// A single process's rollout becomes a fleet's: its decisions, what the judge knew, its accounts and its open jobs.

package import Journal
import RolloutJudge
import RolloutSteering

extension SharedStore {
  /// How long one rollout may take.
  private static let copyLimit = Duration.seconds(120)
  /// As many decisions as one statement inserts.
  private static let rowLimit = 500

  /// Copies a rollout whole or not at all. Numbers, heads and instants stay what they were, so that `verify` finds one chain.
  ///
  /// - Parameter journal: Held by nobody else, so that nothing is journaled there meanwhile.
  /// - Returns: the number of decisions.
  /// - Throws: `alreadyThere` where this store knows the rollout, or what either store says.
  package func copy(_ rollout: String, from journal: Journal) throws -> Int {
    let rows = try journal.decisionRows(rollout: rollout)
    var chain = ChainReading()
    for row in rows { chain.read(row) }
    var statements = [Self.beginning(rollout)]
    for start in stride(from: 0, to: rows.count, by: Self.rowLimit) {
      statements.append(Self.inserting(rows[start..<min(start + Self.rowLimit, rows.count)], of: rollout))
    }
    statements.append(
      PostgresStatement(
        "UPDATE crossfade.rollout SET last_seq = $2::bigint, head = $3 WHERE name = $1",
        [.text(rollout), .integer(rows.last?.seq ?? 0), .text(chain.last ?? "")]))
    if let checkpoint = try journal.checkpoint(rollout: rollout) { statements.append(Self.keeping(checkpoint)) }
    if let accounts = try journal.accounts(rollout: rollout) { statements.append(Self.keeping(accounts)) }
    statements += try journal.openJobs(rollout: rollout).map { Self.beginning($0) }
    do throws(SharedStoreError) {
      _ = try session.attempt(statements, within: Self.copyLimit)
    } catch {
      // Every journal begins with decision 1.
      guard case .refused("23505", _) = error.problem else { throw session.named(error) }
      throw SharedStoreError(address, .alreadyThere(rollout: rollout))
    }
    return rows.count
  }

  private static func inserting(_ rows: ArraySlice<DecisionRow>, of rollout: String) -> PostgresStatement {
    PostgresStatement(
      """
      INSERT INTO crossfade.decision (rollout, seq, at, body, seal, head)
      SELECT $1, seq, at, body, seal, nullif(head, '')
      FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[]) AS row (seq, at, body, seal, head)
      """,
      [
        .text(rollout), .integers(rows.map { Int64($0.seq) }), .integers(rows.map(\.at.nanoseconds)),
        .texts(rows.map(\.body)), .integers(rows.map(\.seal)), .texts(rows.map { $0.head ?? "" }),
      ])
  }
}
