/// A job at a vendor of pictures that is not known to have ended: whoever starts after a crash finds it here, since it may be
/// on the bill.

import GRDB
package import RolloutJudge

package struct StoredJob: Sendable, Equatable {
  package var rollout: String
  /// The arm's name.
  package var arm: String
  /// The vendor's own id.
  package var id: String
  package var at: Instant
  /// Where it is asked after and called off, where the vendor said so.
  package var pollPath: String?
  package var resultPath: String?
  package var cancelPath: String?

  package init(
    rollout: String, arm: String, id: String, at: Instant, pollPath: String? = nil, resultPath: String? = nil,
    cancelPath: String? = nil
  ) {
    self.rollout = rollout
    self.arm = arm
    self.id = id
    self.at = at
    self.pollPath = pollPath
    self.resultPath = resultPath
    self.cancelPath = cancelPath
  }

  fileprivate init(_ row: Row) throws {
    rollout = try row.decode(forColumn: "rollout")
    arm = try row.decode(forColumn: "arm")
    id = try row.decode(forColumn: "id")
    at = Instant(nanoseconds: try row.decode(forColumn: "at"))
    pollPath = try row.decode(forColumn: "poll")
    resultPath = try row.decode(forColumn: "result")
    cancelPath = try row.decode(forColumn: "cancel")
  }
}

extension JournalReading {
  /// Oldest first.
  package func openJobs(rollout: String) throws(JournalError) -> [StoredJob] {
    try store.run { queue in
      try queue.read { db in
        let rows = try Row.fetchAll(
          db, sql: "SELECT * FROM job WHERE rollout = ? ORDER BY at LIMIT 10000", arguments: [rollout])
        return try rows.map { try StoredJob($0) }
      }
    }
  }
}

extension Journal {
  /// It exists from here on, whatever becomes of this process.
  package func begin(_ job: StoredJob) throws(JournalError) {
    try file.checkInPlace()
    try store.run { queue in
      try write(queue, synchronous: "NORMAL") { db in
        try db.execute(
          sql: "INSERT OR REPLACE INTO job (rollout, arm, id, at, poll, result, cancel) VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            job.rollout, job.arm, job.id, job.at.nanoseconds, job.pollPath, job.resultPath, job.cancelPath,
          ])
      }
    }
  }

  /// It has ended, or is somebody else's to look after.
  package func end(jobOf arm: String, id: String, rollout: String) throws(JournalError) {
    try file.checkInPlace()
    try store.run { queue in
      try write(queue, synchronous: "NORMAL") { db in
        try db.execute(
          sql: "DELETE FROM job WHERE rollout = ? AND arm = ? AND id = ?", arguments: [rollout, arm, id])
      }
    }
  }
}
