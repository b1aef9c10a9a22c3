/// One field line of a head, as offsets into the head's bytes.

/// Offsets count from the head's first byte and are kept in 32 bits, as heads are limited to far less.
package struct FieldLine: Sendable, Hashable {
  private let start: UInt32
  private let nameEnd: UInt32
  private let valueStart: UInt32
  private let valueEnd: UInt32
  private let end: UInt32
  package let id: KnownField

  @inline(__always)
  init(name: Range<Int>, value: Range<Int>, end: Int, id: KnownField) {
    start = UInt32(truncatingIfNeeded: name.lowerBound)
    nameEnd = UInt32(truncatingIfNeeded: name.upperBound)
    valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
    valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
    self.end = UInt32(truncatingIfNeeded: end)
    self.id = id
  }

  @inline(__always)
  package var name: Range<Int> { Range(uncheckedBounds: (Int(start), Int(nameEnd))) }

  /// Without the whitespace around it; may be empty.
  @inline(__always)
  package var value: Range<Int> { Range(uncheckedBounds: (Int(valueStart), Int(valueEnd))) }

  /// The line from the name's first byte through the line ending.
  @inline(__always)
  package var line: Range<Int> { Range(uncheckedBounds: (Int(start), Int(end))) }
}
