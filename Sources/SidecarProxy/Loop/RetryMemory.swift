/// Remembers failed requests for half a minute, to know a client's retry that does not say it is one.

import TrafficSplit

/// Same caller and same body within 30 s of a failure. Bounded; a full memory forgets its oldest entries.
struct RetryMemory {
  private var failures: [UInt64: Int64] = [:]
  /// The failures as they came; a later failure of the same request stands in it again.
  private var order: [(fingerprint: UInt64, at: Int64)] = []
  private static let limit = 4096
  private static let lifetime: Int64 = 30_000_000_000

  var isEmpty: Bool { failures.isEmpty }

  mutating func remember(_ fingerprint: UInt64, at now: Int64) {
    failures[fingerprint] = now
    order.append((fingerprint, now))
    guard order.count > Self.limit else { return }
    for old in order.prefix(Self.limit / 4) where failures[old.fingerprint] == old.at {
      failures[old.fingerprint] = nil
    }
    order.removeFirst(Self.limit / 4)
  }

  func remembers(_ fingerprint: UInt64, at now: Int64) -> Bool {
    failures[fingerprint].map { now - $0 <= Self.lifetime } ?? false
  }

  mutating func forget(before now: Int64) {
    guard !isEmpty else { return }
    failures = failures.filter { now - $0.value <= Self.lifetime }
    order.removeAll { failures[$0.fingerprint] != $0.at }
  }
}
