/// Attempts that wait for what their clients do next: one that failed and is asked again is bad for `retry_rate`.

import TrafficSplit

/// A retry blames the attempt that failed, not the arm that is asked again, and comes after it: up to 30 s after its end. Every attempt is
/// weighed the same time after its turn, in the order of assignment: quick failures favour neither arm. Where no proof is asked for,
/// those that were answered need not wait, for a ratio is about bad attempts only. Bounded: beyond `capacity` the oldest is weighed by what
/// is known. Nothing of it outlives a restart.
struct AwaitedRetries: Sendable {
  static let capacity = WaitingAttempts.capacity
  /// From an attempt's turn to its weighing, in nanoseconds: as long as a failure is remembered, and a little.
  static let patience: Int64 = 31_000_000_000

  private var waiting = WaitingAttempts(patience: patience)
  /// Two generations, so that words about exchanges that never come here are forgotten too.
  private var retried: Set<UInt64> = []
  private var retriedBefore: Set<UInt64> = []

  var isFull: Bool { waiting.isFull }

  mutating func retried(_ exchange: UInt64) {
    if retried.count >= Self.capacity {
      retriedBefore = retried
      retried.removeAll(keepingCapacity: true)
    }
    retried.insert(exchange)
  }

  mutating func append(_ record: AttemptRecord, _ index: Int, at: Instant) {
    waiting.append(record, index, at: at)
  }

  /// The oldest, and whether it was asked again, where it has waited long enough or there is no more room.
  mutating func next(at now: Instant) -> (entry: WaitingAttempts.Entry, isRetried: Bool)? {
    guard let entry = waiting.next(at: now) else { return nil }
    let isRetried =
      retried.remove(entry.record.exchange) != nil || retriedBefore.remove(entry.record.exchange) != nil
    return (entry, isRetried)
  }
}

extension RolloutEvidence {
  /// A live exchange that had failed has been asked again.
  mutating func retried(_ exchange: UInt64, at: Instant) {
    guard plan.retrySignal != nil else { return }
    latest = max(latest, at)
    retries.retried(exchange)
  }

  mutating func awaitRetry(_ record: AttemptRecord, _ index: Int) {
    guard plan.retrySignal != nil, record.population == .live, plan.needsProofs || !record.cost.isAnswered else {
      return
    }
    if retries.isFull { weighRetries() }
    retries.append(record, index, at: latest)
  }

  mutating func weighRetries() {
    while let (entry, isRetried) = retries.next(at: latest) {
      let record = entry.record
      for candidate in live.indices
      where !isClosed[candidate] && entry.index >= live[candidate].firstIndex
        && (record.arm.isBaseline || record.arm == .candidate(candidate))
      {
        live[candidate].weighRetry(record, entry.index, isRetried: isRetried, at: latest)
      }
    }
  }
}
