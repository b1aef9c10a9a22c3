/// The questions about stored samples, from the writer and from the commands that only look.

import GRDB

package enum SampleOrder: String, Sendable, CaseIterable {
  /// Most different first.
  case distance
  /// Newest first.
  case newest
}

extension JournalReading {
  /// Without their bodies.
  ///
  /// - Parameters:
  ///   - rollout: nil: of all of them.
  ///   - candidate: by name; nil: of all of them.
  ///   - kinds: only samples kept for one of these.
  package func samples(
    rollout: String? = nil, candidate: String? = nil, kinds: StoredSample.Kinds = [.different, .uniform],
    order: SampleOrder = .distance, limit: Int = 20
  ) throws(JournalError) -> [StoredSample] {
    let ordering = order == .distance ? "distance DESC, at DESC, position DESC" : "at DESC, position DESC"
    return try samples(
      """
      SELECT \(StoredSample.listColumns) FROM sample
      WHERE (?1 IS NULL OR rollout = ?1) AND (?2 IS NULL OR candidate = ?2) AND ((?3 AND different) OR (?4 AND uniform))
      ORDER BY \(ordering) LIMIT ?5
      """,
      [rollout, candidate, kinds.contains(.different), kinds.contains(.uniform), max(0, limit)])
  }

  /// The samples of one exchange with their bodies, one for each candidate it was copied to; empty where none is kept.
  ///
  /// - Parameter exchange: 16 hexadecimal digits.
  package func samples(exchange: String) throws(JournalError) -> [StoredSample] {
    try samples("SELECT * FROM sample WHERE exchange = ?1 ORDER BY position", [exchange])
  }

  private func samples(
    _ query: String, _ arguments: StatementArguments
  ) throws(JournalError) -> [StoredSample] {
    try store.run { queue in
      try queue.read { db in
        var found: [StoredSample] = []
        let rows = try Row.fetchCursor(db, sql: query, arguments: arguments)
        while let row = try rows.next() { found.append(try StoredSample(row)) }
        return found
      }
    }
  }
}
