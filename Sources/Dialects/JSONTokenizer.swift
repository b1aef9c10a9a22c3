/// Cuts a JSON text that arrives in pieces into tokens, in constant memory: the answer path's half of JSON.

enum JSONToken {
  /// The piece is used up.
  case more
  case key, string, number, null
  case bool(Bool)
  case beginObject, beginArray, end
  /// A container that was skipped has ended.
  case skipped
  /// Not JSON; nothing comes after it.
  case failed
}

/// A pull parser of RFC 8259: strict in its grammar, but for UTF-8, which it does not check.
///
/// States: `value` and its kin wait for a token; `string`, `escape`, `hex`, `number`, `literal` are inside of one;
/// `closed` and `failed` are final.
struct JSONTokenizer: Sendable {
  enum State: UInt8, Sendable {
    case value, firstElement, firstKey, key, colon, afterValue
    case string, escape, hex, number, literal
    case closed, failed
  }

  private(set) var state = State.value
  /// The last key, string or number. Of a string, only its length unless `keepsText` was set.
  private(set) var text = ShortText()
  /// Whether the next string value's text is wanted; each key and value clears it.
  var keepsText = false

  private var isKey = false
  private var depth = 0
  private var objects: UInt128 = 0
  private var skippingFrom = 0
  private var numberSyntax = JSONNumberSyntax()
  private var literal: StaticString = "null"
  private var literalMatched = 0
  private var hexLeft = 0
  private var hexValue: UInt32 = 0

  /// The whole value has been read, and nothing but space after it.
  var isClosed: Bool { state == .closed }
  /// The whole value has been read, whatever came after it.
  private(set) var hasEnded = false

  mutating func reset() {
    state = .value
    hasEnded = false
    depth = 0
    skippingFrom = 0
    keepsText = false
  }

  /// Leaves out everything in the container that has just begun.
  mutating func skipContainer() { skippingFrom = depth }

  /// The text ends here: a number at the top level has no other end.
  mutating func finish() -> JSONToken {
    guard state == .number, depth == 0, numberSyntax.isComplete else { return .more }
    valueEnded()
    return .number
  }

  mutating func next(in bytes: RawSpan, at: inout Int, to limit: Int) -> JSONToken {
    while at < limit {
      let token: JSONToken?
      switch state {
      case .string: token = readString(bytes, &at, limit)
      case .value, .firstElement: token = beginValue(bytes.byte(at: at), &at)
      case .firstKey, .key: token = beginKey(bytes.byte(at: at), &at)
      case .colon: token = readColon(bytes.byte(at: at), &at)
      case .afterValue: token = readAfterValue(bytes.byte(at: at), &at)
      case .escape, .hex: token = readEscape(bytes.byte(at: at), &at)
      case .number: token = readNumber(bytes, &at, limit)
      case .literal: token = readLiteral(bytes.byte(at: at), &at)
      case .closed: token = Self.isSpace(bytes.byte(at: at)) ? advance(&at) : fail()
      case .failed: return .failed
      }
      if let token, skippingFrom == 0 || depth < skippingFrom { return delivered(token) }
    }
    return state == .failed ? .failed : .more
  }

  @inline(__always)
  private mutating func delivered(_ token: JSONToken) -> JSONToken {
    guard skippingFrom != 0 else { return token }
    skippingFrom = 0
    return .skipped
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  @inline(__always)
  private func advance(_ at: inout Int) -> JSONToken? {
    at &+= 1
    return nil
  }

  private mutating func fail() -> JSONToken {
    state = .failed
    skippingFrom = 0
    return .failed
  }

  @inline(__always)
  private mutating func valueEnded() {
    state = depth == 0 ? .closed : .afterValue
    hasEnded = depth == 0
  }
}

// MARK: Between tokens

extension JSONTokenizer {
  @inline(__always)
  private mutating func beginValue(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    switch byte {
    case UInt8(ascii: "\""): beginString(isKey: false)
    case UInt8(ascii: "{"): return open(isObject: true, &at)
    case UInt8(ascii: "["): return open(isObject: false, &at)
    case 0x20, 0x0A, 0x0D, 0x09: break
    case UInt8(ascii: "t"): beginLiteral("true")
    case UInt8(ascii: "f"): beginLiteral("false")
    case UInt8(ascii: "n"): beginLiteral("null")
    case UInt8(ascii: "]") where state == .firstElement: return close(isObject: false, &at)
    default:
      numberSyntax = JSONNumberSyntax()
      guard numberSyntax.accepts(byte) else { return fail() }
      text.clear()
      text.append(byte)
      state = .number
    }
    at &+= 1
    return nil
  }

  @inline(__always)
  private mutating func beginKey(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    switch byte {
    case UInt8(ascii: "\""): beginString(isKey: true)
    case 0x20, 0x0A, 0x0D, 0x09: break
    case UInt8(ascii: "}") where state == .firstKey: return close(isObject: true, &at)
    default: return fail()
    }
    at &+= 1
    return nil
  }

  @inline(__always)
  private mutating func readColon(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    if byte == UInt8(ascii: ":") { state = .value } else if !Self.isSpace(byte) { return fail() }
    at &+= 1
    return nil
  }

  @inline(__always)
  private mutating func readAfterValue(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    switch byte {
    case UInt8(ascii: ","): state = objects & 1 == 1 ? .key : .value
    case UInt8(ascii: "}"): return close(isObject: true, &at)
    case UInt8(ascii: "]"): return close(isObject: false, &at)
    case 0x20, 0x0A, 0x0D, 0x09: break
    default: return fail()
    }
    at &+= 1
    return nil
  }

  @inline(__always)
  private mutating func open(isObject: Bool, _ at: inout Int) -> JSONToken {
    guard depth < JSONSyntax.depthLimit else { return fail() }
    at &+= 1
    depth &+= 1
    objects = objects << 1 | (isObject ? 1 : 0)
    state = isObject ? .firstKey : .firstElement
    return isObject ? .beginObject : .beginArray
  }

  @inline(__always)
  private mutating func close(isObject: Bool, _ at: inout Int) -> JSONToken {
    guard (objects & 1 == 1) == isObject else { return fail() }
    at &+= 1
    depth &-= 1
    objects >>= 1
    valueEnded()
    return .end
  }

  @inline(__always)
  private mutating func beginString(isKey: Bool) {
    text.clear()
    self.isKey = isKey
    if isKey { keepsText = skippingFrom == 0 }
    state = .string
  }

  private mutating func beginLiteral(_ literal: StaticString) {
    self.literal = literal
    literalMatched = 1
    state = .literal
  }
}

// MARK: Inside of a token

extension JSONTokenizer {
  @inline(__always)
  private mutating func readString(_ bytes: RawSpan, _ at: inout Int, _ limit: Int) -> JSONToken? {
    let end = bytes.endOfPlainRun(from: at, to: limit, asciiOnly: false)
    if keepsText { text.append(bytes, at, end) } else { text.skip(end &- at) }
    at = end
    guard at < limit else { return nil }
    let byte = bytes.byte(at: at)
    guard byte != UInt8(ascii: "\"") else {
      at &+= 1
      keepsText = false
      if isKey { state = .colon } else { valueEnded() }
      return isKey ? .key : .string
    }
    guard byte == UInt8(ascii: "\\") else { return fail() }
    state = .escape
    at &+= 1
    return nil
  }

  /// Surrogates become U+FFFD each: the texts that matter here are identifiers.
  private mutating func readEscape(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
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

  private mutating func readNumber(_ bytes: RawSpan, _ at: inout Int, _ limit: Int) -> JSONToken? {
    while at < limit {
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

  private mutating func readLiteral(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    guard byte == literal.utf8Start[literalMatched] else { return fail() }
    at &+= 1
    literalMatched &+= 1
    guard literalMatched == literal.utf8CodeUnitCount else { return nil }
    valueEnded()
    return literal.utf8CodeUnitCount == 5
      ? .bool(false) : literal.utf8Start[0] == UInt8(ascii: "t") ? .bool(true) : .null
  }
}
