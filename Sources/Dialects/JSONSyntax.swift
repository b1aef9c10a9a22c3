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
    while let byte = bytes.byte(ifAt: at) {
      // Hardly any text has space where it may: one comparison tells.
      if byte > 0x20 { break }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      at &+= 1
    }
    return at
  }

  /// - Parameters:
  ///   - depth: containers that are already open around the value.
  ///   - checksUTF8: false takes any byte above 127 within a string.
  @inline(__always)
  static func skipValue(_ bytes: RawSpan, _ start: Int, depth: Int, checksUTF8: Bool = true) -> Int? {
    let at = skipSpace(bytes, start)
    guard let byte = bytes.byte(ifAt: at) else { return nil }
    if byte == UInt8(ascii: "\"") { return skipString(bytes, at, checksUTF8: checksUTF8) }
    guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return skipScalar(bytes, at, first: byte) }
    return checksUTF8 ? skipContainer(bytes, at, depth: depth) : skipContainerOfAnyBytes(bytes, at, depth: depth)
  }

  private static func skipContainer(_ bytes: RawSpan, _ start: Int, depth: Int) -> Int? {
    skipContainer(bytes, start, depth: depth, checksUTF8: true)
  }

  private static func skipContainerOfAnyBytes(_ bytes: RawSpan, _ start: Int, depth: Int) -> Int? {
    skipContainer(bytes, start, depth: depth, checksUTF8: false)
  }

  @inline(__always)
  private static func skipContainer(_ bytes: RawSpan, _ start: Int, depth: Int, checksUTF8: Bool) -> Int? {
    var at = start
    var nesting = Nesting(outer: depth)
    while true {
      at = skipSpace(bytes, at)
      guard let byte = bytes.byte(ifAt: at) else { return nil }
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
            guard let value = skipKey(bytes, at, checksUTF8: checksUTF8) else { return nil }
            at = value
          }
          continue
        }
      } else if byte == UInt8(ascii: "\"") {
        guard let end = skipString(bytes, at, checksUTF8: checksUTF8) else { return nil }
        at = end
      } else {
        guard let end = skipScalar(bytes, at, first: byte) else { return nil }
        at = end
      }
      guard let next = closeContainers(bytes, at, &nesting, checksUTF8: checksUTF8) else { return nil }
      if nesting.isEmpty { return next }
      at = next
    }
  }

  /// After a value: over the brackets that end here and one comma, to the next value.
  @inline(__always)
  private static func closeContainers(
    _ bytes: RawSpan, _ start: Int, _ nesting: inout Nesting, checksUTF8: Bool
  ) -> Int? {
    var at = start
    while !nesting.isEmpty {
      at = skipSpace(bytes, at)
      guard let byte = bytes.byte(ifAt: at) else { return nil }
      at &+= 1
      if byte == UInt8(ascii: ",") {
        return nesting.isInObject ? skipKey(bytes, skipSpace(bytes, at), checksUTF8: checksUTF8) : at
      }
      guard byte == (nesting.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return nil }
      nesting.close()
    }
    return at
  }

  /// Over `"key" :` to where the value or the space before it starts.
  @inline(__always)
  private static func skipKey(_ bytes: RawSpan, _ start: Int, checksUTF8: Bool) -> Int? {
    guard let end = skipString(bytes, start, checksUTF8: checksUTF8) else { return nil }
    return skipColon(bytes, end)
  }

  @inline(__always)
  static func skipColon(_ bytes: RawSpan, _ start: Int) -> Int? {
    let colon = skipSpace(bytes, start)
    guard bytes.byte(ifAt: colon) == UInt8(ascii: ":") else { return nil }
    return colon &+ 1
  }

  /// A literal or a number.
  @inline(__always)
  private static func skipScalar(_ bytes: RawSpan, _ at: Int, first: UInt8) -> Int? {
    switch first {
    case UInt8(ascii: "t"): bytes.holds("true", at: at) ? at &+ 4 : nil
    case UInt8(ascii: "f"): bytes.holds("false", at: at) ? at &+ 5 : nil
    case UInt8(ascii: "n"): bytes.holds("null", at: at) ? at &+ 4 : nil
    default: skipNumber(bytes, at)
    }
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  static func skipNumber(_ bytes: RawSpan, _ start: Int) -> Int? {
    var at = start
    if bytes.byte(ifAt: at) == UInt8(ascii: "-") { at &+= 1 }
    guard at < bytes.byteCount else { return nil }
    if bytes.byte(at: at) == UInt8(ascii: "0") {
      at &+= 1
    } else {
      guard let end = skipDigits(bytes, at) else { return nil }
      at = end
    }
    if bytes.byte(ifAt: at) == UInt8(ascii: ".") {
      guard let end = skipDigits(bytes, at &+ 1) else { return nil }
      at = end
    }
    if let byte = bytes.byte(ifAt: at), byte | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      guard at < bytes.byteCount else { return nil }
      if bytes.byte(at: at) == UInt8(ascii: "+") || bytes.byte(at: at) == UInt8(ascii: "-") { at &+= 1 }
      return skipDigits(bytes, at)
    }
    return at
  }

  /// - Returns: nil where there is no digit.
  @inline(__always)
  private static func skipDigits(_ bytes: RawSpan, _ start: Int) -> Int? {
    var at = start
    while let byte = bytes.byte(ifAt: at), byte &- UInt8(ascii: "0") < 10 { at &+= 1 }
    return at == start ? nil : at
  }
}

/// The containers open around a position, as one bit each.
private struct Nesting {
  private var kinds = Bits128()
  private var opened = 0
  private let room: Int

  init(outer depth: Int) { room = JSONSyntax.depthLimit - depth }

  var isEmpty: Bool { opened == 0 }
  var isInObject: Bool { kinds.top }

  mutating func open(isObject: Bool) -> Bool {
    guard opened < room else { return false }
    kinds.push(isObject)
    opened &+= 1
    return true
  }

  mutating func close() {
    kinds.pop()
    opened &-= 1
  }
}
