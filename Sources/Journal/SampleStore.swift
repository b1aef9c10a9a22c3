/// Keeps compared pairs worth looking at, on a connection of its own, so that a slow one never delays a decision.

import GRDB
package import RolloutJudge
import Synchronization

/// Never throws: a store that is full, locked or damaged costs samples, which are counted, and nothing else. Calls
/// block, so they are made off the event loops; concurrent calls take turns.
package final class SampleStore: Sendable {
  package let policy: SamplePolicy
  private let path: String
  private let rollout: String
  private let busyTimeout: Duration
  let state = Mutex(State())

  struct State {
    var connection: (store: JournalStore, file: StoreFile.Identity)?
    var reopenAt = Instant(nanoseconds: .min)
    var counts = Counts()
  }

  package struct Counts: Sendable, Equatable {
    package var kept = 0
    /// Calls that the store would not answer: what they were about is lost.
    package var dropped = 0
    /// Why the last one was dropped.
    package var fault: JournalError?
  }

  /// How long after a fault the store is tried again.
  package static let retryInterval = Duration.seconds(10)

  /// Opens nothing yet: the journal creates the store and brings it up to date.
  ///
  /// - Parameter busyTimeout: How long to wait for a lock; beyond it the sample is dropped.
  package init(path: String, rollout: String, policy: SamplePolicy, busyTimeout: Duration = .milliseconds(250)) {
    self.path = path
    self.rollout = rollout
    self.policy = policy
    self.busyTimeout = busyTimeout
  }

  package var counts: Counts { state.withLock { $0.counts } }

  /// The kinds that a pair would be kept for; empty where it is not wanted or the store is out of order. Asked before
  /// any body is prepared.
  package func kinds(candidate: String, exchange: String, distance: Double, at now: Instant) -> StoredSample.Kinds {
    perform(at: now) { db, retention in
      try retention.kinds(db, candidate: candidate, exchange: exchange, distance: distance)
    } ?? []
  }

  /// Keeps a sample with its bodies, and lets go of those that it displaces.
  ///
  /// - Returns: whether it was kept.
  @discardableResult
  package func keep(_ sample: StoredSample, at now: Instant) -> Bool {
    guard let bodies = sample.bodies else { return false }
    let isKept: Void? = perform(at: now) { db, retention in
      try db.inTransaction(.immediate) {
        try sample.insert(db, bodies: bodies, rank: SampleRank.of(sample.exchange))
        try retention.prune(db, candidate: sample.candidate)
        try retention.removeOld(db, now: now)
        try retention.removeExcess(db)
        return .commit
      }
    }
    if isKept != nil { state.withLock { $0.counts.kept += 1 } }
    return isKept != nil
  }

  /// Lets go of what has become too old; asked from time to time, for where no new samples come.
  package func expire(at now: Instant) {
    _ = perform(at: now) { db, retention in try retention.removeOld(db, now: now) }
  }

  /// Forgets every sample of the rollout, for `samples: off`.
  package static func removeAll(path: String, rollout: String) throws(JournalError) {
    let store = try open(path, busyTimeout: .seconds(5))
    try store.run { queue in
      try queue.write { db in try db.execute(sql: "DELETE FROM sample WHERE rollout = ?", arguments: [rollout]) }
    }
  }

  package func close() {
    state.withLock { state in
      // What SQLite cannot do when closing it does when the file is opened next.
      try? state.connection?.store.queue.close()
      state.connection = nil
      state.reopenAt = Instant(nanoseconds: .max)
    }
  }

  private func perform<Value: Sendable>(
    at now: Instant, _ body: @Sendable (Database, SampleRetention) throws -> Value
  ) -> Value? {
    state.withLock { state in
      do throws(JournalError) {
        guard let store = try connection(&state, at: now) else {
          state.counts.dropped += 1
          return nil
        }
        let retention = SampleRetention(rollout: rollout, policy: policy)
        return try store.run { queue in try queue.writeWithoutTransaction { db in try body(db, retention) } }
      } catch {
        state.counts.dropped += 1
        state.counts.fault = error
        state.connection = nil
        state.reopenAt = now + Self.retryInterval
        return nil
      }
    }
  }

  /// Nil where it is too early to try again.
  private func connection(_ state: inout State, at now: Instant) throws(JournalError) -> JournalStore? {
    if let open = state.connection {
      guard StoreFile.Identity(path: path) == open.file else { throw JournalError(path: path, problem: .moved) }
      return open.store
    }
    guard now >= state.reopenAt else { return nil }
    let store = try Self.open(path, busyTimeout: busyTimeout)
    guard let file = StoreFile.Identity(path: path) else { throw JournalError(path: path, problem: .moved) }
    state.connection = (store, file)
    return store
  }

  private static func open(_ path: String, busyTimeout: Duration) throws(JournalError) -> JournalStore {
    guard StoreFile.exists(path) else { throw JournalError(path: path, problem: .missing) }
    let store = try JournalStore(path: path, access: .write, busyTimeout: busyTimeout)
    try store.run { queue in
      try queue.writeWithoutTransaction { db in
        guard try JournalSchema.migrator.hasCompletedMigrations(db) else { throw store.error(.olderFormat) }
        try db.execute(sql: "PRAGMA synchronous = NORMAL")
        // What is let go of must be gone from the file too.
        try db.execute(sql: "PRAGMA secure_delete = ON")
      }
    }
    return store
  }
}
