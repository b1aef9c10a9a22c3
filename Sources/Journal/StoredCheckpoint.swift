/// The checkpoint as a row, sealed so that a flipped bit on the disk is noticed and not obeyed.

import Foundation
import GRDB
import RolloutJudge
package import RolloutSteering
import TrafficSplit

extension StoredCheckpoint {
  /// - Throws: `damaged` where the row is not what was written.
  init(_ row: Row, of store: JournalStore) throws {
    self.init(
      rollout: try row.decode(forColumn: "rollout"), seq: try row.decode(forColumn: "seq"),
      at: Instant(nanoseconds: try row.decode(forColumn: "at")),
      state: try row.withUnsafeData(named: "state") { Array($0 ?? .init()) })
    guard seal == (try row.decode(Int64.self, forColumn: "seal")) else {
      throw store.error(.damaged("the checkpoint of \(rollout) is not as it was written"))
    }
  }

  func replace(_ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO checkpoint (rollout, seq, at, state, seal) VALUES (?, ?, ?, ?, ?)",
      arguments: [rollout, seq, at.nanoseconds, Data(state), seal])
  }

  package var seal: Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: rollout)
    hasher.combine(UInt64(bitPattern: Int64(seq)))
    hasher.combine(UInt64(bitPattern: at.nanoseconds))
    hasher.combine(field: state.span.bytes)
    return Int64(bitPattern: hasher.finish())
  }
}
