/// How long attempts took: distributions that can be added up, streamed and plain answers apart.

import Dialects
package import RolloutJudge

package struct TimeAccount: Sendable, Codable {
  /// Times of attempts that ended `ok`, from the last request byte read to the last answer byte.
  package private(set) var streamed = DurationHistogram()
  package private(set) var plain = DurationHistogram()
  /// To the first event with content, a tool call or reasoning, of attempts that came so far.
  package private(set) var ttft = DurationHistogram()
  package private(set) var firstByte = DurationHistogram()
  /// To the first event with content or a tool call, reasoning apart.
  package private(set) var firstVisible = DurationHistogram()
  /// What the arm asked to wait before the next request.
  package private(set) var retryAfter = DurationHistogram()
  /// The longest wait within each stream after its first content.
  package private(set) var longestGap = DurationHistogram()
  /// Crossfade's own, of some live exchanges.
  package internal(set) var overhead = DurationHistogram()
  /// Per token written after the first, of streams that ended `ok`: the reverse of the output speed.
  package private(set) var perToken = DurationHistogram()
  /// Streams with a gap over 10 s.
  package private(set) var stalls = 0

  /// Nanoseconds.
  static let stall: Int64 = 10_000_000_000

  package init() {}

  /// - Parameter isBrief: only latency and TTFT; for the many keys of a breakdown.
  mutating func record(_ end: AttemptEnd, isBrief: Bool) {
    let isStream = end.labels?.isStream ?? (end.longestGap != nil)
    if end.outcome == .ok {
      if isStream {
        streamed.record(nanoseconds: end.latency)
      } else {
        plain.record(nanoseconds: end.latency)
      }
    }
    if let time = end.ttft { ttft.record(nanoseconds: time) }
    guard !isBrief else { return }
    if let time = end.firstByte { firstByte.record(nanoseconds: time) }
    if let time = end.firstVisible { firstVisible.record(nanoseconds: time) }
    if let time = end.retryAfter { retryAfter.record(nanoseconds: time) }
    if let gap = end.longestGap {
      longestGap.record(nanoseconds: gap)
      if gap > Self.stall { stalls += 1 }
    }
    if isStream, let time = end.perToken { perToken.record(nanoseconds: time) }
  }

  mutating func add(_ other: TimeAccount) {
    streamed.add(other.streamed)
    plain.add(other.plain)
    ttft.add(other.ttft)
    firstByte.add(other.firstByte)
    firstVisible.add(other.firstVisible)
    overhead.add(other.overhead)
    retryAfter.add(other.retryAfter)
    longestGap.add(other.longestGap)
    perToken.add(other.perToken)
    stalls += other.stalls
  }

  /// Streamed and plain answers together: what `latency_p50|p95|p99` are taken of.
  package var latency: DurationHistogram {
    var sum = streamed
    sum.add(plain)
    return sum
  }
}
