/// Patterns of the playbook: `*` stands for any run of characters, all else for itself.

/// Matches UTF-8 byte by byte, so case and Unicode form matter, in time linear in the text whatever the pattern.
package struct Glob: Sendable, Hashable {
  package let pattern: String
  /// The text between the stars; one piece for a literal.
  private let pieces: [Piece]

  package init(_ pattern: String) {
    self.pattern = pattern
    pieces = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
      .map { Piece(bytes: Array($0)) }
  }

  package static func == (a: Glob, b: Glob) -> Bool { a.pattern.utf8.elementsEqual(b.pattern.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in pattern.utf8 { hasher.combine(byte) }
  }

  package var isLiteral: Bool { pieces.count == 1 }

  package func matches(_ text: String) -> Bool {
    let utf8 = text.utf8
    return capture(in: utf8.span) != nil
  }

  /// The text that the first `*` stood for, the shortest that lets the rest match; the empty string for a literal that
  /// matches; nil where nothing matches.
  package func firstCapture(in text: String) -> Substring? {
    let utf8 = text.utf8
    guard let range = capture(in: utf8.span) else { return nil }
    // Both ends lie beside bytes of the pattern or the text's ends, so never inside a character's encoding.
    let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    return text[start..<utf8.index(start, offsetBy: range.count)]
  }

  private func capture(in text: Span<UInt8>) -> Range<Int>? {
    let (first, last) = (pieces[0].bytes, pieces[pieces.count - 1].bytes)
    guard text.holds(first, at: 0) else { return nil }
    guard !isLiteral else { return text.count == first.count ? 0..<0 : nil }
    var at = first.count
    var captureEnd: Int?
    for piece in pieces[1..<(pieces.count - 1)] {
      guard let found = piece.firstOffset(in: text, from: at) else { return nil }
      captureEnd = captureEnd ?? found
      at = found + piece.bytes.count
    }
    let tail = text.count - last.count
    guard tail >= at, text.holds(last, at: tail) else { return nil }
    return first.count..<(captureEnd ?? tail)
  }

  /// A run of literal bytes, prepared to be searched for (Knuth, Morris and Pratt 1977).
  private struct Piece: Sendable {
    let bytes: [UInt8]
    /// For each byte: how many of the first bytes also end there, other than all of them.
    let borders: [Int]

    init(bytes: [UInt8]) {
      self.bytes = bytes
      var borders = [Int](repeating: 0, count: bytes.count)
      var length = 0
      for index in bytes.indices.dropFirst() {
        while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
        if bytes[index] == bytes[length] { length += 1 }
        borders[index] = length
      }
      self.borders = borders
    }

    func firstOffset(in text: Span<UInt8>, from start: Int) -> Int? {
      if bytes.isEmpty { return start }
      var matched = 0
      for index in start..<text.count {
        while matched > 0, text[index] != bytes[matched] { matched = borders[matched - 1] }
        if text[index] == bytes[matched] { matched += 1 }
        if matched == bytes.count { return index + 1 - matched }
      }
      return nil
    }
  }
}

extension Span<UInt8> {
  fileprivate func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, count - offset >= bytes.count else { return false }
    for index in bytes.indices where self[offset + index] != bytes[index] { return false }
    return true
  }
}
