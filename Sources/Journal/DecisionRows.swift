/// A rollout's decisions as rows, for whoever copies a store without changing what was journaled.

import GRDB
import RolloutJudge

extension JournalReading {
  /// Oldest first, each with the chain's head that was journaled with it.
  package func decisionRows(rollout: String) throws(JournalError) -> [DecisionRow] {
    try store.run { queue in
      try queue.read { db in
        var found: [DecisionRow] = []
        let rows = try Row.fetchCursor(
          db, sql: "SELECT * FROM decision WHERE rollout = ? ORDER BY seq", arguments: [rollout])
        while let row = try rows.next() { found.append(try DecisionRow(row, of: store)) }
        return found
      }
    }
  }
}
