/// How long a store that cannot be reached is left alone, so that a fleet does not fall upon it when it is back.

import RolloutJudge

/// Doubles from failure to failure; the replicas of a fleet draw different waits.
struct Backoff: Sendable, Equatable {
  static let first = Duration.milliseconds(100)
  static let longest = Duration.seconds(5)

  private var wait = Self.first
  /// Nil: it may be tried.
  private(set) var until: ContinuousClock.Instant?
  /// Why it is left alone.
  private(set) var fault: SharedStoreError?

  func isOver(at now: ContinuousClock.Instant) -> Bool { until.map { now >= $0 } ?? true }

  /// - Parameter draw: 0…1; the wait is between half of its length and all of it.
  mutating func failed(_ fault: SharedStoreError, at now: ContinuousClock.Instant, draw: Double) {
    until = now + wait * (0.5 + draw / 2)
    self.fault = fault
    wait = min(wait * 2, Self.longest)
  }

  mutating func succeeded() { self = Backoff() }
}
