/// Turns the insides of JSON strings into bytes and bytes into the insides of JSON strings, for texts within texts.

extension JSONText {
  /// The bytes that a string's inside stands for. A lone surrogate, which no UTF-8 can hold, stays as it was escaped:
  /// where the bytes are JSON in their turn, it means the same there.
  /// - Parameter inside: that `JSONSyntax` has accepted, without quotes.
  package static func decoded(_ inside: ArraySlice<UInt8>) -> [UInt8] {
    guard inside.contains(UInt8(ascii: "\\")) else { return Array(inside) }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(inside.count)
    var at = inside.startIndex
    while at < inside.endIndex {
      guard inside[at] == UInt8(ascii: "\\") else {
        decoded.append(inside[at])
        at += 1
        continue
      }
      if let plain = unescaped(inside[at + 1]) {
        decoded.append(plain)
        at += 2
        continue
      }
      let (scalar, next) = scalar(inside, at)
      if let scalar { decoded += UTF8.encode(scalar)! } else { decoded += inside[at..<next] }
      at = next
    }
    return decoded
  }

  /// - Parameter at: of the backslash of `\uXXXX`.
  /// - Returns: nil for half a character alone.
  private static func scalar(_ inside: ArraySlice<UInt8>, _ at: Int) -> (Unicode.Scalar?, next: Int) {
    let first = codeUnit(inside, at + 2)
    if let scalar = Unicode.Scalar(first) { return (scalar, at + 6) }
    guard first < 0xDC00, at + 12 <= inside.endIndex, inside[at + 6] == UInt8(ascii: "\\"),
      inside[at + 7] == UInt8(ascii: "u"), case let second = codeUnit(inside, at + 8), 0xDC00...0xDFFF ~= second
    else { return (nil, at + 6) }
    return (Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)), at + 12)
  }

  private static func codeUnit(_ inside: ArraySlice<UInt8>, _ at: Int) -> UInt32 {
    inside[at..<at + 4].reduce(0) { $0 << 4 | UInt32(hexDigit($1) ?? 0) }
  }

  /// The inside of a JSON string for a text.
  /// - Parameter text: UTF-8.
  package static func escaped(_ text: some Sequence<UInt8>) -> [UInt8] {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.underestimatedCount)
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): escaped += [UInt8(ascii: "\\"), byte]
      case 0x0A: escaped += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0D: escaped += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case 0x09: escaped += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        escaped += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: escaped.append(byte)
      }
    }
    return escaped
  }
}
