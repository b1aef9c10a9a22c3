/// Walks the members of objects and the elements of arrays that `JSONSyntax` accepts.

/// One member of an object, by where its tokens are.
struct JSONMember {
  /// The key with its quotes.
  let key: Range<Int>
  let value: Range<Int>
}

extension JSONSyntax {
  /// Calls `visit` for each member of the object at `start` until it says stop.
  /// - Parameter depth: containers open around the object.
  /// - Returns: the offset after the object, or after the member at which `visit` returned false; nil: not an object.
  static func forEachMember(
    _ bytes: RawSpan, _ start: Int, depth: Int, _ visit: (JSONMember) -> Bool
  ) -> Int? {
    guard start < bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "{"), depth < depthLimit else { return nil }
    var at = skipSpace(bytes, start + 1)
    if at < bytes.byteCount, bytes.byte(at: at) == UInt8(ascii: "}") { return at + 1 }
    while true {
      let keyStart = skipSpace(bytes, at)
      guard let keyEnd = skipString(bytes, keyStart) else { return nil }
      let colon = skipSpace(bytes, keyEnd)
      guard colon < bytes.byteCount, bytes.byte(at: colon) == UInt8(ascii: ":") else { return nil }
      let valueStart = skipSpace(bytes, colon + 1)
      guard let valueEnd = skipValue(bytes, valueStart, depth: depth + 1) else { return nil }
      if !visit(JSONMember(key: keyStart..<keyEnd, value: valueStart..<valueEnd)) { return valueEnd }
      at = skipSpace(bytes, valueEnd)
      guard at < bytes.byteCount else { return nil }
      let byte = bytes.byte(at: at)
      at += 1
      if byte == UInt8(ascii: "}") { return at }
      guard byte == UInt8(ascii: ",") else { return nil }
    }
  }

  /// Calls `visit` with the range of each element of the array at `start` until it says stop; nothing where there is no
  /// array.
  static func forEachElement(_ bytes: RawSpan, _ start: Int, _ visit: (Range<Int>) -> Bool) {
    guard start < bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "[") else { return }
    var at = skipSpace(bytes, start + 1)
    while at < bytes.byteCount, bytes.byte(at: at) != UInt8(ascii: "]") {
      guard let end = skipValue(bytes, at, depth: 0), visit(at..<end) else { return }
      at = skipSpace(bytes, end)
      guard at < bytes.byteCount, bytes.byte(at: at) == UInt8(ascii: ",") else { return }
      at = skipSpace(bytes, at + 1)
    }
  }

  /// The value of an object's last member of that name: of duplicates the last one counts, as in Python and JavaScript.
  static func value(of name: String, _ bytes: RawSpan, in object: Range<Int>) -> Range<Int>? {
    var found: Range<Int>?
    _ = forEachMember(bytes, object.lowerBound, depth: 0) { member in
      if JSONText.decoded(bytes, member.key) == name { found = member.value }
      return true
    }
    return found
  }
}
