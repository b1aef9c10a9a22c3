/// Chunk-size lines, a byte at a time: what has been read fits in a few words, wherever the reads were cut.

/// `1*HEXDIG *( ";" token [ "=" ( token / quoted-string ) ] ) CR LF`. RFC 9112 7.1.1 lets recipients take whitespace
/// around `;` and `=`; parsers differ on it, so it is refused. Blanks before the CR, with which some Java servers and load
/// balancers pad the size, are read by every SDK, and so they are from an arm.
struct ChunkLine: Sendable {
  private enum Place {
    case start, size, nameStart, name, valueStart, value, quoted, escaped, quotedEnd, padding, lineFeed
  }

  /// Blanks may stand before the CR.
  private let mayBePadded: Bool
  private var place = Place.start
  private var size = 0
  private(set) var byteCount = 0

  /// The byte read last was a blank that only pads the line.
  var isPadding: Bool { place == .padding }

  init(mayBePadded: Bool = false) { self.mayBePadded = mayBePadded }

  /// - Returns: the chunk's size once the line has ended, else nil.
  mutating func read(_ octet: UInt8, limit: Int) throws(FramingViolation) -> Int? {
    byteCount += 1
    guard byteCount <= limit else { throw .chunkLineTooLong }
    switch place {
    case .start, .size: try readSize(octet)
    case .lineFeed:
      guard octet == .lineFeed else { throw .bareCR }
      return size
    case .padding:
      if octet == .carriageReturn { place = .lineFeed } else if !octet.isBlank { throw .invalidChunkSize }
    default: try readExtension(octet)
    }
    return nil
  }

  private mutating func readSize(_ octet: UInt8) throws(FramingViolation) {
    if let digit = octet.hexDigit {
      guard size <= (Int.max - digit) >> 4 else { throw .chunkSizeOverflow }
      size = size << 4 | digit
      place = .size
      return
    }
    guard place == .size else { throw .invalidChunkSize }
    try endElement(octet, else: .invalidChunkSize)
  }

  private mutating func readExtension(_ octet: UInt8) throws(FramingViolation) {
    switch place {
    case .nameStart where octet.isTokenOctet: place = .name
    case .valueStart where octet.isTokenOctet: place = .value
    case .valueStart where octet == UInt8(ascii: "\""): place = .quoted
    case .name where octet.isTokenOctet, .value where octet.isTokenOctet: break
    case .name where octet == UInt8(ascii: "="): place = .valueStart
    case .quoted where octet == UInt8(ascii: "\""): place = .quotedEnd
    case .quoted where octet == UInt8(ascii: "\\"): place = .escaped
    case .quoted where octet.isQuotable, .escaped where octet.isQuotable: place = .quoted
    case .name, .value, .quotedEnd: try endElement(octet, else: .invalidChunkExtension)
    default: throw octet.isControl && octet != .carriageReturn ? octet.controlViolation : .invalidChunkExtension
    }
  }

  /// After the size or an extension: another extension or the end of the line.
  private mutating func endElement(_ octet: UInt8, else violation: FramingViolation) throws(FramingViolation) {
    switch octet {
    case UInt8(ascii: ";"): place = .nameStart
    case .carriageReturn: place = .lineFeed
    case .space where mayBePadded, .tab where mayBePadded: place = .padding
    case .tab: throw violation
    default: throw octet.isControl ? octet.controlViolation : violation
    }
  }
}

extension UInt8 {
  var hexDigit: Int? {
    switch self {
    case 0x30...0x39: Int(self) - 0x30
    case 0x41...0x46: Int(self) - 0x37
    case 0x61...0x66: Int(self) - 0x57
    default: nil
    }
  }

  /// RFC 9110 5.6.4: what may stand in quotes, or behind a backslash there.
  fileprivate var isQuotable: Bool { self == .tab || !isControl }
}
