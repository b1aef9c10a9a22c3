/// The field lines of a head, split and judged in one pass, with what they say about the connection and the body.

struct FieldSection {
  private(set) var lines: [FieldLine] = []
  /// Which fields are there.
  private(set) var known: KnownFieldSet = []
  private(set) var contentLength: Int?
  private(set) var isChunked = false
  private(set) var hostCount = 0
  private(set) var connection = ConnectionOptions()
  private(set) var expectsContinue = false

  /// Both `Content-Length` and `Transfer-Encoding` say how long the body is.
  var hasBothLengths: Bool { isChunked && contentLength != nil }

  /// Reads field lines from `start` through the empty line, which must be the last of `bytes`.
  /// - Parameter allowsBothLengths: of an arm; the chunks then count (RFC 9112 6.3).
  init(
    parsing bytes: RawSpan, from start: Int, limits: FramingLimits, allowsBothLengths: Bool = false
  ) throws(FramingViolation) {
    var read: [FieldLine] = []
    read.reserveCapacity(24)
    var known: KnownFieldSet = []
    var offset = start
    while true {
      guard offset < bytes.byteCount else { throw .unterminatedHead }
      if bytes.octet(at: offset) == .carriageReturn { break }
      guard read.count < limits.fieldCount else { throw .tooManyFields }
      var hasTab = false
      let line = try Self.line(in: bytes, from: offset, &hasTab)
      if line.id != .other { try note(line, hasTab: hasTab, in: bytes, limits: limits) }
      read.append(line)
      known.insert(line.id)
      offset = line.line.upperBound
    }
    guard offset + 1 < bytes.byteCount else { throw .unterminatedHead }
    guard bytes.isCRLF(at: offset) else { throw .bareCR }
    guard offset + 2 == bytes.byteCount else { throw .bytesAfterHead }
    lines = read
    self.known = known
    if hasBothLengths && !allowsBothLengths { throw .contentLengthWithTransferEncoding }
  }

  /// The line that begins at `start`: a token, a colon, any bytes but controls, and CR LF.
  @inline(__always)
  private static func line(
    in bytes: RawSpan, from start: Int, _ hasTab: inout Bool
  ) throws(FramingViolation) -> FieldLine {
    let count = bytes.byteCount
    let colon = bytes.endOfToken(from: start)
    guard colon < count else { throw .unterminatedHead }
    guard bytes.octet(at: colon) == .colon && colon > start else {
      throw nameViolation(in: bytes, from: start, at: colon)
    }
    var end = colon &+ 1
    while true {
      end = bytes.nextControl(from: end, to: count)
      guard end < count else { throw .unterminatedHead }
      guard bytes.octet(at: end) == .tab else { break }
      hasTab = true
      end &+= 1
    }
    guard bytes.isCRLF(at: end) else { throw bytes.octet(at: end).controlViolation }
    let name = Range(uncheckedBounds: (start, colon))
    let value = bytes.trimmingBlanks(Range(uncheckedBounds: (colon &+ 1, end)))
    return FieldLine(name: name, value: value, end: end &+ 2, id: KnownField(name: name, in: bytes))
  }

  private static func nameViolation(in bytes: RawSpan, from start: Int, at offset: Int) -> FramingViolation {
    let octet = bytes.octet(at: offset)
    if octet.isBlank {
      if offset == start { return .foldedLine }
      var next = offset
      while next < bytes.byteCount && bytes.octet(at: next).isBlank { next += 1 }
      return next < bytes.byteCount && bytes.octet(at: next) == .colon ? .spaceBeforeColon : .invalidFieldName
    }
    if octet == .colon { return .emptyFieldName }
    if bytes.isCRLF(at: offset) { return .missingColon }
    return octet.isControl ? octet.controlViolation : .invalidFieldName
  }

  /// - Parameter hasTab: anywhere behind the name. Tabs are whitespace like spaces (RFC 9110 5.6.3), but not to every
  ///   parser: llhttp takes `chunked` with a tab after it for another coding, and reads the body until the close.
  private mutating func note(
    _ line: FieldLine, hasTab: Bool, in bytes: RawSpan, limits: FramingLimits
  ) throws(FramingViolation) {
    switch line.id {
    case .host, .contentLength, .transferEncoding, .connection: if hasTab { throw .tabInFramingField }
    default: break
    }
    switch line.id {
    case .host:
      hostCount += 1
      guard hostCount == 1 else { throw .repeatedHost }
      guard bytes.isHost(line.value) else { throw .invalidHost }
    case .contentLength:
      guard contentLength == nil else { throw .repeatedContentLength }
      contentLength = try bytes.contentLength(in: line.value)
    case .transferEncoding:
      guard !isChunked else { throw .repeatedTransferEncoding }
      guard bytes.reads(line.value, asLowercase: "chunked") else { throw .unsupportedTransferCoding }
      isChunked = true
    case .connection:
      try connection.add(line.value, in: bytes, limit: limits.connectionBytes)
    case .expect:
      if bytes.reads(line.value, asLowercase: "100-continue") { expectsContinue = true }
    default: break
    }
  }
}

extension RawSpan {
  /// RFC 9112 3.2 asks that an invalid host be refused; user names and anything a URL parser splits on are.
  func isHost(_ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      guard octet(at: offset).isHostOctet else { return false }
      offset &+= 1
    }
    return !range.isEmpty && octet(at: range.lowerBound) != .colon
  }

  /// RFC 9112 6.3 would allow a list of identical lengths; here only a plain decimal number passes.
  fileprivate func contentLength(in range: Range<Int>) throws(FramingViolation) -> Int {
    guard let first = range.first.map({ octet(at: $0) }) else { throw .emptyContentLength }
    if let length = decimal(in: range) { return length }
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { throw .signedContentLength }
    var isNumber = true
    for offset in range {
      if octet(at: offset) == UInt8(ascii: ",") { throw .listedContentLength }
      if !octet(at: offset).isDigit { isNumber = false }
    }
    throw isNumber ? .contentLengthOverflow : .invalidContentLength
  }
}
