/// Cuts a member's value out of a JSON object as it was written, so that a recorded body is sent byte for byte.

enum JSONSlice {
  /// The values of an object's own members, by key, in a document that a parser has accepted.
  ///
  /// - Returns: nil where it is no object. A key that is written with escapes is left out; of one that is repeated the
  ///   last counts, as parsers have it.
  static func members(_ text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>]? {
    var scan = Scan(text: text, at: text.startIndex)
    scan.skipSpace()
    guard scan.next() == UInt8(ascii: "{") else { return nil }
    var members: [String: ArraySlice<UInt8>] = [:]
    while true {
      scan.skipSpace()
      guard let byte = scan.peek, byte != UInt8(ascii: "}") else { return members }
      if byte == UInt8(ascii: ",") {
        _ = scan.next()
        continue
      }
      let key = scan.value()
      scan.skipSpace()
      guard scan.next() == UInt8(ascii: ":") else { return members }
      scan.skipSpace()
      let value = scan.value()
      guard !value.isEmpty else { return members }
      members[String(decoding: key.dropFirst().dropLast(), as: UTF8.self)] = value
    }
  }

  private struct Scan {
    let text: ArraySlice<UInt8>
    var at: Int

    var peek: UInt8? { at < text.endIndex ? text[at] : nil }

    mutating func next() -> UInt8? {
      guard let byte = peek else { return nil }
      at += 1
      return byte
    }

    mutating func skipSpace() {
      while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    /// A string, a container to its end, or a run up to the next delimiter.
    mutating func value() -> ArraySlice<UInt8> {
      let start = at
      var depth = 0
      while let byte = peek {
        switch byte {
        case UInt8(ascii: "\""):
          skipString()
          if depth == 0 { return text[start..<at] }
          continue
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return text[start..<at].trimmed }
          depth -= 1
          if depth == 0 {
            at += 1
            return text[start..<at]
          }
        case UInt8(ascii: ",") where depth == 0: return text[start..<at].trimmed
        default: break
        }
        at += 1
      }
      return text[start..<at].trimmed
    }

    private mutating func skipString() {
      at += 1
      while let byte = next(), byte != UInt8(ascii: "\"") {
        if byte == UInt8(ascii: "\\") { at += 1 }
      }
      at = min(at, text.endIndex)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmed: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, [0x20, 0x09, 0x0A, 0x0D].contains(self[end - 1]) { end -= 1 }
    return self[startIndex..<end]
  }
}
