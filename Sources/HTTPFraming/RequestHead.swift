/// A request's head, read from its bytes: where each part lies, how the body is framed, what the connection does next.

/// All ranges are offsets from the first byte of the head.
package struct RequestHead: Sendable {
  package let method: HTTPMethod
  package let methodRange: Range<Int>
  package let target: Range<Int>
  package let targetForm: TargetForm
  /// 0 or 1, of HTTP/1.x.
  package let minorVersion: UInt8
  package let fields: [FieldLine]
  /// Which fields there are.
  package let known: KnownFieldSet
  /// Never `untilClose`: a request without a length has no body.
  package let framing: BodyFraming
  /// Whether another request may follow on this connection; where it is false, bytes after the body are not a request.
  /// After `CONNECT` none does.
  package let keepsAlive: Bool
  /// The client waits for a 100 before it sends the body.
  package let expectsContinue: Bool
  /// A `Connection` field names fields of its own; see `EndToEndFields`.
  package let connectionNamesFields: Bool
  package let byteCount: Int

  /// Reads `bytes`, exactly one head as `HeadScanner` delimits it, and trusts nothing the scanner has seen.
  package init(
    parsing bytes: RawSpan, limits: FramingLimits = FramingLimits()
  ) throws(FramingViolation) {
    guard bytes.byteCount <= limits.headBytes else { throw .headTooLarge }
    let start = bytes.isCRLF(at: 0) ? 2 : 0
    let line = try RequestLine(parsing: bytes, from: start)
    let section = try FieldSection(parsing: bytes, from: line.end, limits: limits)
    if section.isChunked && line.minorVersion == 0 { throw .transferEncodingBeforeHTTP11 }
    if section.hostCount == 0 && line.minorVersion == 1 { throw .missingHost }
    if line.method == .connect && (section.isChunked || section.contentLength != nil) { throw .contentWithConnect }
    method = line.method
    methodRange = line.methodRange
    target = line.target
    targetForm = line.targetForm
    minorVersion = line.minorVersion
    fields = section.lines
    known = section.known
    framing = section.isChunked ? .chunked : section.contentLength.map { .length($0) } ?? .none
    keepsAlive = section.connection.keepsAlive(minorVersion: line.minorVersion) && line.method != .connect
    expectsContinue = section.expectsContinue && line.minorVersion == 1
    connectionNamesFields = section.connection.namesFields
    byteCount = bytes.byteCount
  }
}

/// `method SP target SP HTTP/1.x CR LF`, single spaces only.
private struct RequestLine {
  let method: HTTPMethod
  let methodRange: Range<Int>
  let target: Range<Int>
  let targetForm: TargetForm
  let minorVersion: UInt8
  let end: Int

  @inline(__always)
  init(parsing bytes: RawSpan, from start: Int) throws(FramingViolation) {
    let count = bytes.byteCount
    if bytes.isCRLF(at: start) { throw .emptyStartLine }
    let methodEnd = bytes.endOfToken(from: start)
    guard methodEnd < count else { throw .unterminatedHead }
    guard bytes.octet(at: methodEnd) == .space && methodEnd > start else {
      throw bytes.violation(at: methodEnd, else: .invalidMethod)
    }
    let targetStart = methodEnd &+ 1
    let targetEnd = try bytes.endOfTarget(from: targetStart)
    guard targetEnd < count else { throw .unterminatedHead }
    guard bytes.octet(at: targetEnd) == .space else {
      if bytes.isCRLF(at: targetEnd) { throw .invalidVersion }
      throw bytes.violation(at: targetEnd, else: .invalidTarget)
    }
    guard targetEnd > targetStart else { throw .invalidTarget }
    methodRange = start..<methodEnd
    method = HTTPMethod(methodRange, in: bytes)
    target = targetStart..<targetEnd
    targetForm = try TargetForm(target, method: method, in: bytes)
    minorVersion = try bytes.minorVersion(at: targetEnd &+ 1)
    end = targetEnd &+ 11
    guard bytes.isCRLF(at: targetEnd &+ 9) else {
      throw end > count ? .unterminatedHead : bytes.violation(at: targetEnd &+ 9, else: .invalidVersion)
    }
  }
}

extension RawSpan {
  /// The digit after `HTTP/1.` in the eight bytes at `offset`.
  @inline(__always)
  func minorVersion(at offset: Int) throws(FramingViolation) -> UInt8 {
    guard offset + 8 <= byteCount else { throw .invalidVersion }
    switch word(at: offset) {
    case 0x312E_312F_5054_5448: return 1
    case 0x302E_312F_5054_5448: return 0
    case let other:
      let digits = octet(at: offset + 5).isDigit && octet(at: offset + 7).isDigit
      throw other & 0x00FF_00FF_FFFF_FFFF == 0x002E_002F_5054_5448 && digits ? .unsupportedVersion : .invalidVersion
    }
  }

  /// The violation by the byte at `offset`: a stray control, or what its place calls it.
  func violation(at offset: Int, else violation: FramingViolation) -> FramingViolation {
    let octet = octet(at: offset)
    guard octet.isControl && octet != .tab && !isCRLF(at: offset) else { return violation }
    return octet.controlViolation
  }
}
