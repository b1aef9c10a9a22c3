/// Remembers failed requests for half a minute, to know a client's retry that does not say it is one, and what it retries.

import TrafficSplit

/// Same caller and same body within 30 s of a failure. Bounded; a full memory forgets its oldest entries.
struct RetryMemory {
  struct Failure: Equatable {
    var at: Int64
    /// The exchange that failed.
    var exchange: UInt64
    /// The arm that it was assigned to, whoever answered in the end; nil where it counts for nobody.
    var arm: ArmIndex?
  }

  private var failures: [UInt64: Failure] = [:]
  /// The failures as they came; a later failure of the same request stands in it again.
  private var order: [(fingerprint: UInt64, at: Int64)] = []
  private static let limit = 4096
  private static let lifetime: Int64 = 30_000_000_000

  var isEmpty: Bool { failures.isEmpty }

  mutating func remember(_ fingerprint: UInt64, _ failure: Failure) {
    failures[fingerprint] = failure
    order.append((fingerprint, failure.at))
    guard order.count > Self.limit else { return }
    for old in order.prefix(Self.limit / 4) where failures[old.fingerprint]?.at == old.at {
      failures[old.fingerprint] = nil
    }
    order.removeFirst(Self.limit / 4)
  }

  /// The newest failure of the same request; nil where none is known.
  func failure(of fingerprint: UInt64, at now: Int64) -> Failure? {
    guard !isEmpty, let failure = failures[fingerprint], now - failure.at <= Self.lifetime else { return nil }
    return failure
  }

  /// A retry has been told: another one of the same failure says nothing new about it.
  mutating func blamed(_ fingerprint: UInt64) { failures[fingerprint]?.arm = nil }

  mutating func forget(before now: Int64) {
    guard !isEmpty else { return }
    failures = failures.filter { now - $0.value.at <= Self.lifetime }
    order.removeAll { failures[$0.fingerprint]?.at != $0.at }
  }
}
