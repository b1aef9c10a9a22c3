/// Turns JSON string tokens into text and text into JSON string tokens.

package enum JSONText {
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The byte that a two-byte escape such as `\n` stands for.
  static func unescaped(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The text of a string token that `JSONSyntax` has accepted; a lone surrogate becomes U+FFFD.
  /// - Parameters:
  ///   - token: with its quotes.
  ///   - keepsHalves: a lone surrogate becomes what `SurrogateHalves` can join.
  static func decoded(_ bytes: RawSpan, _ token: Range<Int>, keepsHalves: Bool = false) -> String {
    let (start, end) = (token.lowerBound + 1, token.upperBound - 1)
    var at = bytes.endOfBackslashFreeRun(from: start, to: end)
    guard at < end else { return bytes.string(start..<end) }
    var text = bytes.string(start..<at)
    while at < end {
      if bytes.byte(at: at) == UInt8(ascii: "\\") {
        let (scalar, next) = escape(bytes, at, end, keepsHalves: keepsHalves)
        text.unicodeScalars.append(scalar)
        at = next
      } else {
        let run = bytes.endOfBackslashFreeRun(from: at, to: end)
        text += bytes.string(at..<run)
        at = run
      }
    }
    return text
  }

  /// Whether a string token that `JSONSyntax` has accepted holds exactly this text, however it is escaped.
  /// - Parameter text: letters and underscores.
  @inline(__always)
  static func holds(_ text: StaticString, _ bytes: RawSpan, _ token: Range<Int>) -> Bool {
    let count = token.upperBound &- token.lowerBound &- 2
    if count == text.utf8CodeUnitCount { return bytes.holds(text, at: token.lowerBound &+ 1) }
    // An escaped letter takes six bytes instead of one.
    return count >= text.utf8CodeUnitCount &+ 5 && holdsEscaped(text, bytes, token)
  }

  private static func holdsEscaped(_ text: StaticString, _ bytes: RawSpan, _ token: Range<Int>) -> Bool {
    isEscaped(bytes, token) && decoded(bytes, token) == "\(text)"
  }

  static func isEscaped(_ bytes: RawSpan, _ token: Range<Int>) -> Bool {
    bytes.endOfBackslashFreeRun(from: token.lowerBound, to: token.upperBound) < token.upperBound
  }

  private static func escape(
    _ bytes: RawSpan, _ at: Int, _ end: Int, keepsHalves: Bool
  ) -> (Unicode.Scalar, next: Int) {
    if let plain = unescaped(bytes.byte(at: at + 1)) { return (Unicode.Scalar(plain), at + 2) }
    let first = codeUnit(bytes, at + 2)
    if let scalar = Unicode.Scalar(first) { return (scalar, at + 6) }
    let isPair =
      first < 0xDC00 && at + 12 <= end && bytes.byte(at: at + 6) == UInt8(ascii: "\\")
      && bytes.byte(at: at + 7) == UInt8(ascii: "u")
    guard isPair, case let second = codeUnit(bytes, at + 8), (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { return (keepsHalves ? SurrogateHalves.stand(in: first) : "\u{FFFD}", at + 6) }
    return (scalar, at + 12)
  }

  private static func codeUnit(_ bytes: RawSpan, _ at: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | UInt32(hexDigit(bytes.byte(at: at + $1)) ?? 0) }
  }

  /// A JSON string token for the text, quotes included.
  static func encoded(_ text: String) -> [UInt8] {
    let utf8 = text.utf8
    let bytes = utf8.span.bytes
    var token: [UInt8] = []
    token.reserveCapacity(bytes.byteCount + 2)
    token.append(UInt8(ascii: "\""))
    for offset in 0..<bytes.byteCount {
      let byte = bytes.byte(at: offset)
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): token += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        token += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: token.append(byte)
      }
    }
    token.append(UInt8(ascii: "\""))
    return token
  }
}

extension RawSpan {
  /// Within a string token.
  fileprivate func endOfBackslashFreeRun(from start: Int, to end: Int) -> Int {
    let span = extracting(0..<end)
    var offset = start
    while true {
      offset = span.endOfPlainRun(from: offset, asciiOnly: false)
      if offset == end || byte(at: offset) == UInt8(ascii: "\\") { return offset }
      offset += 1
    }
  }
}
