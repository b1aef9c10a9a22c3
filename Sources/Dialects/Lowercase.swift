/// The start of a text in lower case, to look for words in: prose about errors comes in every spelling.

/// ASCII letters only are lowered.
struct Lowercase {
  private let bytes: [UInt8]

  init(_ text: RawSpan) {
    bytes = text.withUnsafeBytes { $0.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 } }
  }

  func holdsAny(_ words: [[UInt8]]) -> Bool { words.contains { place(of: $0) != nil } }

  /// Where the first of these words that is there at all stands.
  func first(of words: [[UInt8]]) -> Range<Int>? {
    for word in words {
      if let start = place(of: word) { return start..<start + word.count }
    }
    return nil
  }

  func holds(_ word: String, at start: Int) -> Bool {
    start + word.utf8.count <= bytes.count && bytes[start..<start + word.utf8.count].elementsEqual(word.utf8)
  }

  private func place(of word: [UInt8]) -> Int? {
    guard bytes.count >= word.count else { return nil }
    let first = word[0]
    return (0...bytes.count - word.count).first { start in
      bytes[start] == first && bytes[start..<start + word.count].elementsEqual(word)
    }
  }
}
