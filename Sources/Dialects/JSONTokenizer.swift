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

  var state = State.value
  /// The meaning of the last key in an answer.
  var name: AnswerName?
  /// The last string or number; a string only by its length unless `keepsText` was set.
  var text = ShortText()
  /// The last number where it was whole and short, and then not in `text`.
  var integer: Int?
  /// Whether the next string value's text is wanted; each key and value clears it.
  var keepsText = false

  /// The last number as text, or the last string; nil where it was too long to keep.
  var string: String? { integer.map { String($0) } ?? text.string }

  var isKey = false
  var depth = 0
  var objects = Bits128()
  var skippingFrom = 0
  var numberSyntax = JSONNumberSyntax()
  var literal: StaticString = "null"
  var literalMatched = 0
  var hexLeft = 0
  var hexValue: UInt32 = 0

  /// The whole value has been read, and nothing but space after it.
  var isClosed: Bool { state == .closed }
  /// The whole value has been read, whatever came after it.
  var hasEnded = false

  mutating func reset() {
    state = .value
    hasEnded = false
    depth = 0
    skippingFrom = 0
    keepsText = false
  }

  /// Leaves out everything in the container that has just begun, at once where its end is at hand.
  mutating func skipContainer(in piece: RawSpan, at: inout Int) {
    guard let end = JSONSyntax.skipValue(piece, at &- 1, depth: depth &- 1, checksUTF8: false) else {
      skippingFrom = depth
      return
    }
    at = end
    depth &-= 1
    objects.pop()
    valueEnded()
  }

  /// Leaves out the value of the key that has just been read, if all of it is at hand.
  @inline(__always)
  mutating func skipWholeValue(in piece: RawSpan, at: inout Int) {
    guard state == .value else { return }
    // A number at the piece's end may go on.
    guard let end = JSONSyntax.skipValue(piece, at, depth: depth, checksUTF8: false), end < piece.byteCount else {
      return
    }
    at = end
    keepsText = false
    valueEnded()
  }

  /// The text ends here: a number at the top level has no other end.
  mutating func finish() -> JSONToken {
    guard state == .number, depth == 0, numberSyntax.isComplete else { return .more }
    valueEnded()
    return .number
  }

  mutating func next(in bytes: RawSpan, at: inout Int, to limit: Int) -> JSONToken {
    next(in: bytes.extracting(0..<limit), at: &at)
  }

  @inline(__always)
  mutating func next(in piece: RawSpan, at: inout Int) -> JSONToken {
    if skippingFrom == 0, at < piece.byteCount, let token = nextWhole(piece, &at) { return token }
    return nextInPieces(piece, &at)
  }

  private mutating func nextInPieces(_ piece: RawSpan, _ at: inout Int) -> JSONToken {
    let limit = piece.byteCount
    while at < limit {
      let token: JSONToken?
      if skippingFrom == 0, let quick = nextWhole(piece, &at) { return quick }
      guard at < limit else { break }
      switch state {
      case .string: token = readString(piece, &at)
      case .value, .firstElement: token = beginValue(piece.byte(at: at), &at)
      case .firstKey, .key: token = beginKey(piece.byte(at: at), &at)
      case .colon: token = readColon(piece.byte(at: at), &at)
      case .afterValue: token = readAfterValue(piece.byte(at: at), &at)
      case .escape, .hex: token = readEscape(piece.byte(at: at), &at)
      case .number: token = readNumber(piece, &at)
      case .literal: token = readLiteral(piece.byte(at: at), &at)
      case .closed: token = Self.isSpace(piece.byte(at: at)) ? advance(&at) : fail()
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
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  @inline(__always)
  func advance(_ at: inout Int) -> JSONToken? {
    at &+= 1
    return nil
  }

  mutating func fail() -> JSONToken {
    state = .failed
    skippingFrom = 0
    return .failed
  }

  @inline(__always)
  mutating func valueEnded() {
    state = depth == 0 ? .closed : .afterValue
    hasEnded = depth == 0
  }
}

// MARK: Between tokens

extension JSONTokenizer {
  @inline(__always)
  mutating func beginValue(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
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
      integer = nil
      state = .number
    }
    at &+= 1
    return nil
  }

  @inline(__always)
  mutating func beginKey(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
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
  mutating func readColon(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    if byte == UInt8(ascii: ":") { state = .value } else if !Self.isSpace(byte) { return fail() }
    at &+= 1
    return nil
  }

  @inline(__always)
  mutating func readAfterValue(_ byte: UInt8, _ at: inout Int) -> JSONToken? {
    switch byte {
    case UInt8(ascii: ","): state = objects.top ? .key : .value
    case UInt8(ascii: "}"): return close(isObject: true, &at)
    case UInt8(ascii: "]"): return close(isObject: false, &at)
    case 0x20, 0x0A, 0x0D, 0x09: break
    default: return fail()
    }
    at &+= 1
    return nil
  }

  @inline(__always)
  mutating func open(isObject: Bool, _ at: inout Int) -> JSONToken {
    guard depth < JSONSyntax.depthLimit else { return fail() }
    at &+= 1
    depth &+= 1
    objects.push(isObject)
    state = isObject ? .firstKey : .firstElement
    return isObject ? .beginObject : .beginArray
  }

  @inline(__always)
  mutating func close(isObject: Bool, _ at: inout Int) -> JSONToken {
    guard objects.top == isObject else { return fail() }
    at &+= 1
    depth &-= 1
    objects.pop()
    valueEnded()
    return .end
  }

  @inline(__always)
  mutating func beginString(isKey: Bool) {
    text.clear()
    integer = nil
    self.isKey = isKey
    if isKey { keepsText = skippingFrom == 0 }
    state = .string
  }

  mutating func beginLiteral(_ literal: StaticString) {
    self.literal = literal
    literalMatched = 1
    state = .literal
  }
}
