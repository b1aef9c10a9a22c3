/// Reads the tokens that a piece cuts, and whatever else is rare, byte by byte.

extension JSONTokenizer {
  mutating func readString(_ bytes: RawSpan, _ at: inout Int) -> JSONToken? {
    let end = bytes.endOfPlainRun(from: at, asciiOnly: false)
    if keepsText { text.append(bytes, at, end) } else { text.skip(end &- at) }
    at = end
    guard at < bytes.byteCount else { return nil }
    let byte = bytes.byte(at: at)
    guard byte != UInt8(ascii: "\"") else {
      at &+= 1
      keepsText = false
      if !isKey {
        valueEnded()
        return .string
      }
      state = .colon
      if skippingFrom == 0 { name = AnswerName(text) }
      return .key
    }
    guard byte == UInt8(ascii: "\\") else { return fail() }
    state = .escape
    at &+= 1
    return nil
  }

  /// Surrogates become U+FFFD each: the texts that matter here are identifiers.
  mutating func readEscape(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    if state == .escape {
      if byte == UInt8(ascii: "u") {
        (state, hexLeft, hexValue) = (.hex, 4, 0)
      } else {
        guard let plain = JSONText.unescaped(byte) else { return fail() }
        text.append(plain)
        state = .string
      }
    } else {
      guard let digit = JSONText.hexDigit(byte) else { return fail() }
      hexValue = hexValue << 4 | UInt32(digit)
      hexLeft -= 1
      if hexLeft == 0 {
        for byte in UTF8.encode(Unicode.Scalar(hexValue) ?? "\u{FFFD}")! { text.append(byte) }
        state = .string
      }
    }
    at &+= 1
    return nil
  }

  mutating func readNumber(_ bytes: RawSpan, _ at: inout Int) -> JSONToken? {
    while at < bytes.byteCount {
      let byte = bytes.byte(at: at)
      guard numberSyntax.accepts(byte) else {
        guard numberSyntax.isComplete else { return fail() }
        valueEnded()
        return .number
      }
      text.append(byte)
      at &+= 1
    }
    return nil
  }

  mutating func readLiteral(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    guard byte == literal.utf8Start[literalMatched] else { return fail() }
    at &+= 1
    literalMatched &+= 1
    guard literalMatched == literal.utf8CodeUnitCount else { return nil }
    valueEnded()
    return literal.utf8CodeUnitCount == 5
      ? .bool(false) : literal.utf8Start[0] == UInt8(ascii: "t") ? .bool(true) : .null
  }
}
