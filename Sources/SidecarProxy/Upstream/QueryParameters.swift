/// Walks the parameters of a target's query, of which a candidate sees few.

import Dialects
import HTTPFraming

struct QueryParameters {
  /// The part before the query.
  let path: Range<Int>
  private var rest: Range<Int>
  private var isDone: Bool

  /// - Parameter target: a path with or without a query.
  init(of target: Range<Int>, in bytes: RawSpan) {
    var at = target.lowerBound
    while at < target.upperBound, bytes.octet(at: at) != UInt8(ascii: "?") { at += 1 }
    path = target.lowerBound..<at
    isDone = at == target.upperBound
    rest = min(at + 1, target.upperBound)..<target.upperBound
  }

  mutating func next(in bytes: RawSpan) -> QueryParameter? {
    guard !isDone else { return nil }
    var end = rest.lowerBound
    while end < rest.upperBound, bytes.octet(at: end) != UInt8(ascii: "&") { end += 1 }
    let parameter = QueryParameter(range: rest.lowerBound..<end)
    isDone = end == rest.upperBound
    rest = min(end + 1, rest.upperBound)..<rest.upperBound
    return parameter
  }
}

/// `NAME=VALUE`, as it was sent.
struct QueryParameter {
  let range: Range<Int>

  /// Whether SDKs send it of their own: Anthropic's says `beta=true` to `messages`.
  func isOfDialect(_ endpoint: Endpoint?, _ bytes: RawSpan) -> Bool {
    guard endpoint == .messages else { return false }
    return bytes.reads(range, asLowercase: "beta=true") || bytes.reads(range, asLowercase: "beta=false")
  }

  /// Whether the playbook lets it pass. Some servers take a semicolon for an ampersand: what holds one is two.
  func isNamed(_ names: [[UInt8]], _ bytes: RawSpan) -> Bool {
    guard !names.isEmpty else { return false }
    var end = range.lowerBound
    while end < range.upperBound, bytes.octet(at: end) != UInt8(ascii: "=") { end += 1 }
    for offset in range where bytes.octet(at: offset) == UInt8(ascii: ";") { return false }
    let name = range.lowerBound..<end
    return names.contains { bytes.reads(name, caseInsensitively: $0) }
  }
}
