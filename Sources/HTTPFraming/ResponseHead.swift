/// A response's head, read from its bytes with the request it answers in mind.

/// All ranges are offsets from the first byte of the head.
package struct ResponseHead: Sendable {
  /// 100 to 999; what lies above 599 is for the caller to treat as a server error (RFC 9110 15).
  package let status: Int
  /// May be empty.
  package let reason: Range<Int>
  /// 0 or 1, of HTTP/1.x.
  package let minorVersion: UInt8
  package let fields: [FieldLine]
  package let framing: BodyFraming
  /// Whether the connection can carry another response after this one.
  package let keepsAlive: Bool
  /// `Content-Length` stands beside chunks, which count: whoever passes the head on leaves the length out.
  package let hasBothLengths: Bool
  /// A `Connection` field names fields of its own; see `EndToEndFields`.
  package let connectionNamesFields: Bool
  package let byteCount: Int

  /// 1xx: the answer proper is still to come.
  package var isInformational: Bool { status < 200 }

  /// Reads `bytes`, exactly one head as `HeadScanner` delimits it, as the answer to a request with `method`.
  package init(
    parsing bytes: RawSpan, toMethod method: HTTPMethod, limits: FramingLimits = FramingLimits()
  ) throws(FramingViolation) {
    guard bytes.byteCount <= limits.headBytes else { throw .headTooLarge }
    let line = try StatusLine(parsing: bytes)
    let section = try FieldSection(parsing: bytes, from: line.end, limits: limits, allowsBothLengths: true)
    if section.isChunked && line.minorVersion == 0 { throw .transferEncodingBeforeHTTP11 }
    // Upgrade is never passed on, so nobody asked.
    if line.status == 101 { throw .unexpectedUpgrade }
    status = line.status
    reason = line.reason
    minorVersion = line.minorVersion
    fields = section.lines
    framing = Self.framing(status: line.status, method: method, section: section)
    let hasHiddenBody =
      (status < 200 || status == 204) && (section.isChunked || (section.contentLength ?? 0) > 0)
    keepsAlive =
      section.connection.keepsAlive(minorVersion: line.minorVersion) && framing != .untilClose && !hasHiddenBody
      && !section.hasBothLengths
    hasBothLengths = section.hasBothLengths
    connectionNamesFields = section.connection.namesFields
    byteCount = bytes.byteCount
  }

  /// RFC 9112 6.3. A 1xx or 204 that announces a body anyway has none, but its connection is not used again: a sender
  /// that breaks this rule may well send the body too.
  private static func framing(status: Int, method: HTTPMethod, section: FieldSection) -> BodyFraming {
    if method == .head || status < 200 || status == 204 || status == 304 { return .none }
    // What follows is a tunnel, whatever the fields say.
    if method == .connect && status < 300 { return .untilClose }
    if section.isChunked { return .chunked }
    return section.contentLength.map { .length($0) } ?? .untilClose
  }
}

/// `HTTP/1.x SP 3DIGIT [SP reason] CR LF`. The space is due even where the reason is empty, but many servers leave out
/// both, and nothing else can be meant.
private struct StatusLine {
  let status: Int
  let reason: Range<Int>
  let minorVersion: UInt8
  let end: Int

  @inline(__always)
  init(parsing bytes: RawSpan) throws(FramingViolation) {
    if bytes.isCRLF(at: 0) { throw .emptyStartLine }
    minorVersion = try bytes.minorVersion(at: 0)
    guard bytes.byteCount >= 14 else { throw .unterminatedHead }
    guard bytes.octet(at: 8) == .space else { throw bytes.violation(at: 8, else: .invalidVersion) }
    guard let status = bytes.decimal(in: 9..<12), status >= 100 else {
      throw bytes.violation(at: 9, else: .invalidStatusLine)
    }
    self.status = status
    let hasReason = bytes.octet(at: 12) == .space
    guard hasReason || bytes.isCRLF(at: 12) else { throw bytes.violation(at: 12, else: .invalidStatusLine) }
    let start = hasReason ? 13 : 12
    var lineEnd = start
    while true {
      lineEnd = bytes.nextControl(from: lineEnd, to: bytes.byteCount)
      guard lineEnd < bytes.byteCount else { throw .unterminatedHead }
      guard bytes.octet(at: lineEnd) == .tab else { break }
      lineEnd += 1
    }
    guard bytes.isCRLF(at: lineEnd) else { throw bytes.octet(at: lineEnd).controlViolation }
    reason = start..<lineEnd
    end = lineEnd + 2
  }
}
