/// Reads the tokens of which a piece holds all, which nearly all are, in one look each.

extension JSONTokenizer {
  /// Reads a token of which the piece holds all, which nearly all are; what is cut, escaped or wrong is left as it is
  /// to be read byte by byte.
  @inline(__always)
  mutating func nextWhole(_ piece: RawSpan, _ at: inout Int) -> JSONToken? {
    if state == .afterValue {
      guard let byte = piece.byte(ifAt: at) else { return nil }
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        return close(isObject: byte == UInt8(ascii: "}"), &at)
      }
      guard byte == UInt8(ascii: ",") else { return nil }
      state = objects.top ? .key : .value
      at &+= 1
    }
    switch state {
    case .key, .firstKey: return wholeKey(piece, &at)
    case .value, .firstElement: return wholeValue(piece, &at)
    default: return nil
    }
  }

  @inline(__always)
  private mutating func wholeValue(_ piece: RawSpan, _ at: inout Int) -> JSONToken? {
    at = JSONSyntax.skipSpace(piece, at)
    guard let byte = piece.byte(ifAt: at) else { return nil }
    switch byte {
    case UInt8(ascii: "\""): return wholeString(piece, &at)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return open(isObject: byte == UInt8(ascii: "{"), &at)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return wholeNumber(piece, &at)
    case UInt8(ascii: "t"): return wholeLiteral(piece, "true", .bool(true), &at)
    case UInt8(ascii: "f"): return wholeLiteral(piece, "false", .bool(false), &at)
    case UInt8(ascii: "n"): return wholeLiteral(piece, "null", .null, &at)
    default: return nil
    }
  }

  @inline(__always)
  private mutating func wholeKey(_ piece: RawSpan, _ at: inout Int) -> JSONToken? {
    at = JSONSyntax.skipSpace(piece, at)
    guard piece.byte(ifAt: at) == UInt8(ascii: "\"") else { return nil }
    let start = at &+ 1
    let end = piece.endOfPlainRun(from: start, asciiOnly: false)
    guard piece.byte(ifAt: end) == UInt8(ascii: "\"") else { return nil }
    name = AnswerName(piece, start, end)
    keepsText = false
    at = end &+ 1
    if piece.byte(ifAt: at) == UInt8(ascii: ":") {
      at &+= 1
      state = .value
    } else {
      state = .colon
    }
    return .key
  }

  @inline(__always)
  private mutating func wholeString(_ piece: RawSpan, _ at: inout Int) -> JSONToken? {
    let first = at &+ 1
    var end = piece.endOfPlainRun(from: first, asciiOnly: false)
    guard let last = piece.byte(ifAt: end) else { return nil }
    if last != UInt8(ascii: "\"") {
      guard !keepsText, let after = JSONSyntax.skipString(piece, at, checksUTF8: false) else { return nil }
      end = after &- 1
    }
    text.clear()
    integer = nil
    if keepsText { text.append(piece, first, end) } else { text.skip(end &- first) }
    keepsText = false
    at = end &+ 1
    valueEnded()
    return .string
  }

  private mutating func wholeNumber(_ piece: RawSpan, _ at: inout Int) -> JSONToken? {
    var end = at
    var number = 0
    while let byte = piece.byte(ifAt: end), byte &- UInt8(ascii: "0") < 10, end &- at < 15 {
      number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
      end &+= 1
    }
    // One at the piece's end may go on.
    guard let after = piece.byte(ifAt: end) else { return nil }
    text.clear()
    switch after {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard end > at, end &- at == 1 || piece.byte(at: at) != UInt8(ascii: "0") else { return nil }
      integer = number
    default:
      guard let last = JSONSyntax.skipNumber(piece, at), last < piece.byteCount else { return nil }
      end = last
      integer = nil
      text.append(piece, at, end)
    }
    at = end
    valueEnded()
    return .number
  }

  @inline(__always)
  private mutating func wholeLiteral(
    _ piece: RawSpan, _ literal: StaticString, _ token: JSONToken, _ at: inout Int
  ) -> JSONToken? {
    guard piece.holds(literal, at: at) else { return nil }
    at &+= literal.utf8CodeUnitCount
    valueEnded()
    return token
  }
}
