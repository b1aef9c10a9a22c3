/// The instant that arrives with every event: the same code serves production, tests and the simulator.

/// Nanoseconds since 1970-01-01T00:00:00Z. A process reads the wall clock once and then only adds monotonic time, so
/// instants never run backwards within one run.
package struct Instant: Sendable, Hashable, Comparable, Codable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Encoded as RFC 3339 with milliseconds, the form of every log line and endpoint.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let instant = Instant(rfc3339: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 instant in UTC")
    }
    self = instant
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rfc3339)
  }

  package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  package static func + (a: Instant, b: Duration) -> Instant {
    Instant(nanoseconds: a.nanoseconds + b.nanoseconds)
  }

  package static func - (a: Instant, b: Instant) -> Duration { .nanoseconds(a.nanoseconds - b.nanoseconds) }
}

extension Duration {
  /// Whole nanoseconds, cut off at the range of `Int64` (292 years).
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000
  }

  package var milliseconds: Double { Double(nanoseconds) / 1e6 }
}
