/// The trailer section of a chunked body, a byte at a time: judged as strictly as a head, and not kept.

struct TrailerSection: Sendable {
  private enum Place {
    case lineStart, name, spaceAfterName, value, lineFeed, lastLineFeed
  }

  private var place = Place.lineStart
  private var byteCount = 0
  private var fieldCount = 0
  private var nameLength = 0
  /// One bit for each forbidden name that the bytes of this name so far agree with.
  private var suspects: UInt32 = 0

  /// RFC 9110 6.5.1: a trailer must not frame, route, authorise or re-code the message it follows. Somebody downstream
  /// may merge trailers into the head, so these are refused rather than passed on.
  private static let forbidden: [StaticString] = [
    "content-length", "transfer-encoding", "host", "connection", "trailer", "te", "upgrade", "authorization",
    "proxy-authorization", "x-api-key", "set-cookie", "cookie", "content-encoding", "content-type", "expect",
    crossfade,
  ]
  /// The beginning of the names that Crossfade adds to an answer and nobody else may say; the others are whole names.
  private static let crossfade: StaticString = "x-crossfade-"

  /// - Returns: whether this was the section's last byte.
  mutating func read(_ octet: UInt8, limits: FramingLimits) throws(FramingViolation) -> Bool {
    byteCount += 1
    guard byteCount <= limits.trailerBytes else { throw .trailersTooLarge }
    switch place {
    case .lineStart: try readLineStart(octet, limits: limits)
    case .name: try readName(octet)
    case .spaceAfterName:
      guard octet.isBlank else { throw octet == .colon ? .spaceBeforeColon : .invalidFieldName }
    case .value:
      if octet == .carriageReturn {
        place = .lineFeed
      } else if octet.isControl && octet != .tab {
        throw octet.controlViolation
      }
    case .lineFeed:
      guard octet == .lineFeed else { throw .bareCR }
      place = .lineStart
    case .lastLineFeed:
      guard octet == .lineFeed else { throw .bareCR }
      return true
    }
    return false
  }

  private mutating func readLineStart(_ octet: UInt8, limits: FramingLimits) throws(FramingViolation) {
    if octet == .carriageReturn {
      place = .lastLineFeed
      return
    }
    if octet.isBlank { throw .foldedLine }
    if octet == .colon { throw .emptyFieldName }
    fieldCount += 1
    guard fieldCount <= limits.fieldCount else { throw .tooManyFields }
    nameLength = 0
    suspects = 1 << UInt32(Self.forbidden.count) - 1
    place = .name
    try readName(octet)
  }

  private mutating func readName(_ octet: UInt8) throws(FramingViolation) {
    if octet.isTokenOctet {
      for (index, name) in Self.forbidden.enumerated() where suspects >> UInt32(index) & 1 == 1 {
        if index == Self.forbidden.count - 1, nameLength >= Self.crossfade.utf8CodeUnitCount { throw .forbiddenTrailer }
        if nameLength >= name.utf8CodeUnitCount || name.utf8Start[nameLength] != octet.lowercased {
          suspects &= ~(1 << UInt32(index))
        }
      }
      nameLength += 1
      return
    }
    switch octet {
    case .colon:
      for (index, name) in Self.forbidden.enumerated() where suspects >> UInt32(index) & 1 == 1 {
        if nameLength == name.utf8CodeUnitCount { throw .forbiddenTrailer }
      }
      place = .value
    case .space, .tab: place = .spaceAfterName
    case .carriageReturn: throw .missingColon
    default: throw octet.isControl ? octet.controlViolation : .invalidFieldName
    }
  }
}
