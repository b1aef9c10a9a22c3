/// Segments of a request's path (RFC 3986 3.3).

extension RawSpan {
  /// Whether one of the path's segments is `..`, however it or a slash is escaped: a server may take it to mean the
  /// segment before it away.
  ///
  /// - Parameter path: may include a query, which is not looked at.
  package func climbs(_ path: Range<Int>) -> Bool {
    // Of the segment so far; nil once it is anything but dots.
    var dots: Int? = nil
    var offset = path.lowerBound
    while offset < path.upperBound, octet(at: offset) != UInt8(ascii: "?") {
      let (octet, length) = unescapedOctet(at: offset, before: path.upperBound)
      offset += length
      switch octet {
      case UInt8(ascii: "/"), UInt8(ascii: "\\"):
        if dots == 2 { return true }
        dots = 0
      case UInt8(ascii: "."): dots = dots.map { $0 + 1 }
      default: dots = nil
      }
    }
    return dots == 2
  }

  private func unescapedOctet(at offset: Int, before end: Int) -> (octet: UInt8, length: Int) {
    let octet = octet(at: offset)
    guard octet == UInt8(ascii: "%"), offset + 2 < end, let high = self.octet(at: offset + 1).hexDigit,
      let low = self.octet(at: offset + 2).hexDigit
    else { return (octet, 1) }
    return (UInt8(high << 4 | low), 3)
  }
}
