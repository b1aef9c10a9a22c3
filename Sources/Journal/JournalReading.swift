/// The questions that the store answers, to the runner that writes it and to the commands that only look.

import GRDB
package import RolloutJudge
package import RolloutSteering

package protocol JournalReading: Sendable {
  var store: JournalStore { get }
}

extension JournalReading {
  /// Oldest first.
  ///
  /// - Parameters:
  ///   - rollout: nil: all of them, in the order in which they were journaled.
  ///   - after: Only decisions with a greater `seq`.
  ///   - limit: The oldest so many of these.
  package func decisions(
    rollout: String? = nil, after: Int? = nil, limit: Int? = nil
  ) throws(JournalError) -> [Decision] {
    try rows(
      "WHERE (?1 IS NULL OR rollout = ?1) AND seq > ?2 ORDER BY position LIMIT ?3", [rollout, after ?? 0, limit ?? -1]
    ).map(\.decision)
  }

  package func lastDecision(rollout: String) throws(JournalError) -> Decision? {
    try rows("WHERE rollout = ?1 ORDER BY seq DESC LIMIT 1", [rollout]).first?.decision
  }

  /// For following: the decisions journaled after a position, of one rollout or of all, oldest first, with their
  /// positions.
  ///
  /// - Parameter position: 0: from the first on.
  package func decisions(
    afterPosition position: Int64, rollout: String? = nil, limit: Int = 1000
  ) throws(JournalError) -> [(position: Int64, decision: Decision)] {
    try rows(
      "WHERE position > ?1 AND (?2 IS NULL OR rollout = ?2) ORDER BY position LIMIT ?3", [position, rollout, limit])
  }

  /// The rollouts' names, in the order of their first decisions.
  package func rollouts() throws(JournalError) -> [String] {
    try store.run { queue in
      try queue.read { db in
        try String.fetchAll(db, sql: "SELECT rollout FROM decision WHERE seq = 1 ORDER BY position")
      }
    }
  }

  package func checkpoint(rollout: String) throws(JournalError) -> StoredCheckpoint? {
    try store.run { queue in
      try queue.read { db in
        try Row.fetchOne(db, sql: "SELECT * FROM checkpoint WHERE rollout = ?", arguments: [rollout])
          .map { try StoredCheckpoint($0, of: store) }
      }
    }
  }

  /// The accounts as they were last saved; nil where they never were.
  package func accounts(rollout: String) throws(JournalError) -> StoredAccounts? {
    try store.run { queue in
      try queue.read { db in
        try Row.fetchOne(db, sql: "SELECT * FROM accounts WHERE rollout = ?", arguments: [rollout])
          .map { try StoredAccounts($0, of: store) }
      }
    }
  }

  /// The seal of a decision's row; nil where there is none.
  func seal(_ rollout: String, _ seq: Int) throws(JournalError) -> Int64? {
    try store.run { queue in
      try queue.read { db in
        guard try db.tableExists("decision") else { return nil }
        return try Int64.fetchOne(
          db, sql: "SELECT seal FROM decision WHERE rollout = ? AND seq = ?", arguments: [rollout, seq])
      }
    }
  }

  private func rows(
    _ condition: String, _ arguments: StatementArguments
  ) throws(JournalError) -> [(position: Int64, decision: Decision)] {
    try store.run { queue in
      try queue.read { db in
        var found: [(position: Int64, decision: Decision)] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM decision \(condition)", arguments: arguments)
        while let row = try rows.next() {
          found.append((try row.decode(forColumn: "position"), try DecisionRow(row, of: store).decision))
        }
        return found
      }
    }
  }
}
