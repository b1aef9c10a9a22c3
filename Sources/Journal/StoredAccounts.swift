/// The accounts as a row, sealed so that a flipped bit on the disk is noticed and not shown.

import Foundation
import GRDB
import RolloutJudge
package import RolloutSteering
import TrafficSplit

extension StoredAccounts {
  /// - Throws: `damaged` where the row is not what was written.
  init(_ row: Row, of store: JournalStore) throws {
    self.init(
      rollout: try row.decode(forColumn: "rollout"), at: Instant(nanoseconds: try row.decode(forColumn: "at")),
      blob: try row.withUnsafeData(named: "state") { Array($0 ?? .init()) })
    guard seal == (try row.decode(Int64.self, forColumn: "seal")) else {
      throw store.error(.damaged("the accounts of \(rollout) are not as they were written"))
    }
  }

  func replace(_ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO accounts (rollout, at, state, seal) VALUES (?, ?, ?, ?)",
      arguments: [rollout, at.nanoseconds, Data(blob), seal])
  }

  package var seal: Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: rollout)
    hasher.combine(UInt64(bitPattern: at.nanoseconds))
    hasher.combine(field: blob.span.bytes)
    return Int64(bitPattern: hasher.finish())
  }
}
