/// The four forms a request target can take (RFC 9112 3.2).

package enum TargetForm: UInt8, Sendable, Hashable, CaseIterable {
  /// `/path?query`, what clients send to servers.
  case origin
  /// `http://host/path`, what clients send to proxies; its host counts, not the `Host` field's.
  case absolute
  /// `*`, with `OPTIONS` only.
  case asterisk
  /// `host:port`, with `CONNECT` only, which Crossfade does not serve.
  case authority
}

extension TargetForm {
  /// Which form `target` has; its bytes are already known to be allowed in targets.
  init(_ target: Range<Int>, method: HTTPMethod, in bytes: RawSpan) throws(FramingViolation) {
    let first = bytes.octet(at: target.lowerBound)
    if method == .connect {
      guard bytes.isHost(target) else { throw .targetNotForMethod }
      self = .authority
    } else if first == UInt8(ascii: "/") {
      self = .origin
    } else if first == UInt8(ascii: "*") && target.count == 1 {
      guard method == .options else { throw .targetNotForMethod }
      self = .asterisk
    } else {
      guard let host = Self.host(ofAbsolute: target, in: bytes), bytes.isHost(host) else { throw .invalidTarget }
      self = .absolute
    }
  }

  private static func host(ofAbsolute target: Range<Int>, in bytes: RawSpan) -> Range<Int>? {
    let start: Int
    if bytes.begins(target, withLowercase: "http://") {
      start = target.lowerBound + 7
    } else if bytes.begins(target, withLowercase: "https://") {
      start = target.lowerBound + 8
    } else {
      return nil
    }
    var end = start
    while end < target.upperBound && bytes.octet(at: end) != UInt8(ascii: "/")
      && bytes.octet(at: end) != UInt8(ascii: "?")
    { end += 1 }
    return start..<end
  }
}

extension RawSpan {
  /// The end of the target that begins at `start`: the first byte that no target may hold.
  ///
  /// - Throws: `invalidTarget` for a backslash in the path, which some servers read as a slash.
  @inline(__always)
  func endOfTarget(from start: Int) throws(FramingViolation) -> Int {
    var offset = start
    var inQuery = false
    while offset < byteCount {
      if offset &+ 8 <= byteCount {
        let flags = OctetWord.notPlainInTargets(word(at: offset))
        if flags == 0 {
          offset &+= 8
          continue
        }
        offset &+= flags.trailingZeroBitCount &>> 3
      }
      let octet = octet(at: offset)
      guard octet.isTargetOctet else { break }
      if octet == UInt8(ascii: "?") { inQuery = true }
      if octet == UInt8(ascii: "\\") && !inQuery { throw .invalidTarget }
      offset &+= 1
    }
    return offset
  }
}
