/// Finds where a message head ends while its bytes still arrive, and refuses it at the first byte out of place.

package enum MessageKind: Sendable, Hashable {
  case request, response
}

/// The buffer handed in always begins with the head's first byte and only grows; every byte is looked at once.
///
/// One empty line before a request line is skipped, as RFC 9112 2.2 suggests (some clients end a body with an extra
/// line ending); a second one, or one before a status line, is refused. The skipped line belongs to the head that is
/// returned.
package struct HeadScanner: Sendable {
  private let kind: MessageKind
  private let limit: Int
  private var scanned = 0
  private var lineStart = 0

  package init(_ kind: MessageKind, limits: FramingLimits = FramingLimits()) {
    self.kind = kind
    limit = limits.headBytes
  }

  /// - Returns: the offset just after the empty line that ends the head, or nil while it has not arrived. After an
  ///   offset the scanner is ready for the next head, in a buffer that begins there.
  /// - Throws: a violation as soon as the byte that shows it is in; the connection is then of no more use.
  package mutating func endOfHead(in bytes: RawSpan) throws(FramingViolation) -> Int? {
    let end = min(bytes.byteCount, limit)
    var offset = scanned
    while true {
      offset = bytes.nextControl(from: offset, to: end)
      guard offset < end else { return try waitForMore(at: offset, within: end) }
      let octet = bytes.octet(at: offset)
      if octet == .tab {
        offset += 1
        continue
      }
      guard octet == .carriageReturn else { throw octet.controlViolation }
      guard offset + 1 < end else { return try waitForMore(at: offset, within: end) }
      guard bytes.octet(at: offset + 1) == .lineFeed else { throw .bareCR }
      offset += 2
      if lineStart + 2 == offset {
        if try endsHead(at: offset) { return offset }
      }
      lineStart = offset
    }
  }

  /// Whether the empty line that ends at `offset` ends a head; else it is the one that may precede a request.
  private mutating func endsHead(at offset: Int) throws(FramingViolation) -> Bool {
    if lineStart == 0 && kind == .request { return false }
    guard lineStart > 2 else { throw .emptyStartLine }
    scanned = 0
    lineStart = 0
    return true
  }

  private mutating func waitForMore(at offset: Int, within end: Int) throws(FramingViolation) -> Int? {
    guard end < limit else { throw .headTooLarge }
    scanned = offset
    return nil
  }
}
