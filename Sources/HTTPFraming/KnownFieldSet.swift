/// Sets of known fields, one bit each: what to drop when a head is passed on.

package struct KnownFieldSet: Sendable, Hashable, ExpressibleByArrayLiteral {
  private var bits: UInt64

  package init(arrayLiteral fields: KnownField...) {
    bits = 0
    for field in fields { bits |= Self.bit(field) }
  }

  /// RFC 9110 7.6.1: fields for the next hop only. `Transfer-Encoding` is not among them, since bodies are passed on
  /// with their chunk framing as they came; `Trailer` describes that body and stays with it.
  package static let hopByHop: KnownFieldSet = [.connection, .keepAlive, .proxyConnection, .te, .upgrade]

  /// All fields but these, the unknown ones among them.
  package static func allBut(_ kept: KnownFieldSet) -> KnownFieldSet {
    var all: KnownFieldSet = []
    for field in KnownField.allCases where !kept.contains(field) { all.insert(field) }
    return all
  }

  @inline(__always)
  package func contains(_ field: KnownField) -> Bool { bits & Self.bit(field) != 0 }

  @inline(__always)
  package mutating func insert(_ field: KnownField) { bits |= Self.bit(field) }

  package mutating func remove(_ field: KnownField) { bits &= ~Self.bit(field) }

  @inline(__always)
  package func union(_ other: KnownFieldSet) -> KnownFieldSet {
    var both = self
    both.bits |= other.bits
    return both
  }

  @inline(__always)
  private static func bit(_ field: KnownField) -> UInt64 { 1 &<< UInt64(field.rawValue) }
}
