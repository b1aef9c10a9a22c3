/// The judge's knowledge at some instant, so that a restart need not gather its evidence anew.

import Foundation
import GRDB
package import RolloutJudge
import TrafficSplit

package struct StoredCheckpoint: Sendable, Equatable {
  package static let maxBytes = 64 << 20

  package var rollout: String
  /// The last decision that `state` presumes. Where the journal goes on after it, those decisions count and `state` may
  /// not.
  package var seq: Int
  package var at: Instant
  /// The judge's own encoding; at most `maxBytes`.
  package var state: [UInt8]

  package init(rollout: String, seq: Int, at: Instant, state: [UInt8]) {
    self.rollout = rollout
    self.seq = seq
    self.at = at
    self.state = state
  }

  /// - Throws: `damaged` where the row is not what was written.
  init(_ row: Row, of store: JournalStore) throws {
    rollout = try row.decode(forColumn: "rollout")
    seq = try row.decode(forColumn: "seq")
    at = Instant(nanoseconds: try row.decode(forColumn: "at"))
    state = try row.withUnsafeData(named: "state") { Array($0 ?? .init()) }
    guard seal == (try row.decode(Int64.self, forColumn: "seal")) else {
      throw store.error(.damaged("the checkpoint of \(rollout) is not as it was written"))
    }
  }

  func replace(_ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO checkpoint (rollout, seq, at, state, seal) VALUES (?, ?, ?, ?, ?)",
      arguments: [rollout, seq, at.nanoseconds, Data(state), seal])
  }

  private var seal: Int64 {
    var hasher = UnitHasher()
    hasher.combine(field: rollout)
    hasher.combine(UInt64(bitPattern: Int64(seq)))
    hasher.combine(UInt64(bitPattern: at.nanoseconds))
    hasher.combine(field: state.span.bytes)
    return Int64(bitPattern: hasher.finish())
  }
}
