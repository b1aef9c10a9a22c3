/// Checks and walks a whole JSON text in memory: the request path's half of JSON, strict because what it accepts is
/// edited.

/// The grammar of RFC 8259 over a span. Every function takes the offset where its token starts and returns the offset
/// after it, or nil where the bytes are not JSON.
enum JSONSyntax {
  /// Containers within containers, the outermost counted; a deeper text is refused.
  static let depthLimit = 128

  @inline(__always)
  static func skipSpace(_ bytes: RawSpan, _ start: Int) -> Int {
    var at = start
    while at < bytes.byteCount {
      let byte = bytes.byte(at: at)
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      at &+= 1
    }
    return at
  }

  /// - Parameter depth: containers that are already open around the value.
  static func skipValue(_ bytes: RawSpan, _ start: Int, depth: Int) -> Int? {
    var at = start
    var nesting = Nesting(outer: depth)
    while true {
      at = skipSpace(bytes, at)
      guard at < bytes.byteCount else { return nil }
      let byte = bytes.byte(at: at)
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        let isObject = byte == UInt8(ascii: "{")
        guard nesting.open(isObject: isObject) else { return nil }
        at = skipSpace(bytes, at &+ 1)
        guard at < bytes.byteCount else { return nil }
        if bytes.byte(at: at) == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          nesting.close()
          at &+= 1
        } else {
          if isObject {
            guard let value = skipKey(bytes, at) else { return nil }
            at = value
          }
          continue
        }
      } else {
        guard let end = skipScalar(bytes, at, first: byte) else { return nil }
        at = end
      }
      guard let next = closeContainers(bytes, at, &nesting) else { return nil }
      if nesting.isEmpty { return next }
      at = next
    }
  }

  /// After a value: over the brackets that end here and one comma, to the next value.
  @inline(__always)
  private static func closeContainers(_ bytes: RawSpan, _ start: Int, _ nesting: inout Nesting) -> Int? {
    var at = start
    while !nesting.isEmpty {
      at = skipSpace(bytes, at)
      guard at < bytes.byteCount else { return nil }
      let byte = bytes.byte(at: at)
      at &+= 1
      if byte == UInt8(ascii: ",") {
        return nesting.isInObject ? skipKey(bytes, skipSpace(bytes, at)) : at
      }
      guard byte == (nesting.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return nil }
      nesting.close()
    }
    return at
  }

  /// Over `"key" :` to where the value or the space before it starts.
  @inline(__always)
  private static func skipKey(_ bytes: RawSpan, _ start: Int) -> Int? {
    guard let end = skipString(bytes, start) else { return nil }
    let colon = skipSpace(bytes, end)
    guard colon < bytes.byteCount, bytes.byte(at: colon) == UInt8(ascii: ":") else { return nil }
    return colon &+ 1
  }

  @inline(__always)
  private static func skipScalar(_ bytes: RawSpan, _ at: Int, first: UInt8) -> Int? {
    switch first {
    case UInt8(ascii: "\""): skipString(bytes, at)
    case UInt8(ascii: "t"): skipLiteral(bytes, at, "true")
    case UInt8(ascii: "f"): skipLiteral(bytes, at, "false")
    case UInt8(ascii: "n"): skipLiteral(bytes, at, "null")
    default: skipNumber(bytes, at)
    }
  }

  private static func skipLiteral(_ bytes: RawSpan, _ start: Int, _ literal: StaticString) -> Int? {
    let end = start &+ literal.utf8CodeUnitCount
    guard end <= bytes.byteCount else { return nil }
    for offset in 0..<literal.utf8CodeUnitCount where bytes.byte(at: start &+ offset) != literal.utf8Start[offset] {
      return nil
    }
    return end
  }

  private static func skipNumber(_ bytes: RawSpan, _ start: Int) -> Int? {
    var number = JSONNumberSyntax()
    var at = start
    while at < bytes.byteCount, number.accepts(bytes.byte(at: at)) { at &+= 1 }
    return number.isComplete ? at : nil
  }

  static func skipString(_ bytes: RawSpan, _ start: Int) -> Int? {
    guard start < bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "\"") else { return nil }
    var at = start &+ 1
    while true {
      at = bytes.endOfPlainRun(from: at, to: bytes.byteCount, asciiOnly: true)
      guard at < bytes.byteCount else { return nil }
      let byte = bytes.byte(at: at)
      if byte == UInt8(ascii: "\"") { return at &+ 1 }
      guard let end = byte == UInt8(ascii: "\\") ? skipEscape(bytes, at) : skipScalarOfUTF8(bytes, at) else {
        return nil
      }
      at = end
    }
  }

  private static func skipEscape(_ bytes: RawSpan, _ start: Int) -> Int? {
    guard start &+ 1 < bytes.byteCount else { return nil }
    switch bytes.byte(at: start &+ 1) {
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

/// The containers open around a position, as one bit each.
private struct Nesting {
  private var kinds: UInt128 = 0
  private var opened = 0
  private let room: Int

  init(outer depth: Int) { room = JSONSyntax.depthLimit - depth }

  var isEmpty: Bool { opened == 0 }
  var isInObject: Bool { kinds & 1 == 1 }

  mutating func open(isObject: Bool) -> Bool {
    guard opened < room else { return false }
    kinds = kinds << 1 | (isObject ? 1 : 0)
    opened &+= 1
    return true
  }

  mutating func close() {
    kinds >>= 1
    opened &-= 1
  }
}
