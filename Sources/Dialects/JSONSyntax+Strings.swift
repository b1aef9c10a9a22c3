/// Goes over JSON strings, checking their escapes and their UTF-8: most of the bytes of most bodies.

extension JSONSyntax {
  @inline(__always)
  static func skipString(_ bytes: RawSpan, _ start: Int, checksUTF8: Bool = true) -> Int? {
    guard bytes.byte(ifAt: start) == UInt8(ascii: "\"") else { return nil }
    return checksUTF8 ? endOfString(bytes, start &+ 1) : endOfStringOfAnyBytes(bytes, start &+ 1)
  }

  private static func endOfString(_ bytes: RawSpan, _ start: Int) -> Int? {
    var at = start
    while true {
      at = bytes.endOfPlainRun(from: at, asciiOnly: true)
      guard let byte = bytes.byte(ifAt: at) else { return nil }
      if byte == UInt8(ascii: "\"") { return at &+ 1 }
      guard let end = byte == UInt8(ascii: "\\") ? skipEscape(bytes, at) : skipScalarOfUTF8(bytes, at) else {
        return nil
      }
      at = end
      // Where one scalar is not ASCII its neighbours seldom are.
      while at < bytes.byteCount, bytes.byte(at: at) > 0x7F {
        guard let end = skipScalarOfUTF8(bytes, at) else { return nil }
        at = end
      }
    }
  }

  private static func endOfStringOfAnyBytes(_ bytes: RawSpan, _ start: Int) -> Int? {
    var at = start
    while true {
      at = bytes.endOfPlainRun(from: at, asciiOnly: false)
      guard let byte = bytes.byte(ifAt: at) else { return nil }
      if byte == UInt8(ascii: "\"") { return at &+ 1 }
      guard byte == UInt8(ascii: "\\"), let end = skipEscape(bytes, at) else { return nil }
      at = end
    }
  }

  @inline(__always)
  private static func skipEscape(_ bytes: RawSpan, _ start: Int) -> Int? {
    guard let letter = bytes.byte(ifAt: start &+ 1) else { return nil }
    // By far the most common.
    if letter == UInt8(ascii: "n") || letter == UInt8(ascii: "\"") { return start &+ 2 }
    return skipRareEscape(bytes, start, letter)
  }

  private static func skipRareEscape(_ bytes: RawSpan, _ start: Int, _ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start &+ 2
    case UInt8(ascii: "u"):
      guard start &+ 6 <= bytes.byteCount else { return nil }
      for offset in (start &+ 2)..<(start &+ 6) where JSONText.hexDigit(bytes.byte(at: offset)) == nil { return nil }
      return start &+ 6
    default:
      return nil
    }
  }

  /// One scalar of two to four bytes as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF.
  private static func skipScalarOfUTF8(_ bytes: RawSpan, _ start: Int) -> Int? {
    let lead = bytes.byte(at: start)
    // What is below 0x80 here is a control, which a string may not hold as it is.
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard start &+ length <= bytes.byteCount, second.contains(bytes.byte(at: start &+ 1)) else { return nil }
    for offset in 2..<max(length, 2) where bytes.byte(at: start &+ offset) & 0xC0 != 0x80 { return nil }
    return start &+ length
  }
}
