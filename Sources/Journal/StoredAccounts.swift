/// The accounts behind a rollout's figures, so that they outlive the process and `report` can read them beside it.

import Foundation
import GRDB
package import RolloutJudge
import TrafficSplit

package struct StoredAccounts: Sendable, Equatable {
  package static let maxBytes = 64 << 20

  package var rollout: String
  package var at: Instant
  /// In the accounts' own encoding; at most `maxBytes`.
  package var blob: [UInt8]

  package init(rollout: String, at: Instant, blob: [UInt8]) {
    self.rollout = rollout
    self.at = at
    self.blob = blob
  }

  /// - Throws: `damaged` where the row is not what was written.
  init(_ row: Row, of store: JournalStore) throws {
    rollout = try row.decode(forColumn: "rollout")
    at = Instant(nanoseconds: try row.decode(forColumn: "at"))
    blob = try row.withUnsafeData(named: "state") { Array($0 ?? .init()) }
    guard seal == (try row.decode(Int64.self, forColumn: "seal")) else {
      throw store.error(.damaged("the accounts of \(rollout) are not as they were written"))
    }
  }

  func replace(_ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO accounts (rollout, at, state, seal) VALUES (?, ?, ?, ?)",
      arguments: [rollout, at.nanoseconds, Data(blob), seal])
  }

  private var seal: Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: rollout)
    hasher.combine(UInt64(bitPattern: at.nanoseconds))
    hasher.combine(field: blob.span.bytes)
    return Int64(bitPattern: hasher.finish())
  }
}
