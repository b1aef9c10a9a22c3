/// A field name's bytes in three words of small letters, to be held against known names with a comparison each.

/// The first eight bytes, the eight after them and the last eight, which overlap where the name is not of whole words;
/// what a shorter name does not have is 0.
struct NameWords {
  let count: Int
  private let first: UInt64
  private let second: UInt64
  private let last: UInt64

  /// - Returns: nil where the range is empty or not within the bytes.
  @inline(__always)
  init?(_ range: Range<Int>, in bytes: RawSpan) {
    let (start, end) = (range.lowerBound, range.upperBound)
    guard start >= 0, end > start, end <= bytes.byteCount else { return nil }
    count = end &- start
    first = Self.word(in: bytes, from: start, to: end)
    second = count > 8 ? Self.word(in: bytes, from: start &+ 8, to: end) : 0
    last = count > 16 ? OctetWord.lowercased(bytes.word(at: end &- 8)) : 0
  }

  private init(count: Int, first: UInt64, second: UInt64, last: UInt64) {
    self.count = count
    self.first = first
    self.second = second
    self.last = last
  }

  /// Among the bytes that are looked at.
  @inline(__always)
  var hasUnderscore: Bool {
    OctetWord.underscores(first) | OctetWord.underscores(second) | OctetWord.underscores(last) != 0
  }

  /// The name with its underscores as hyphens.
  var hyphenated: NameWords {
    NameWords(
      count: count, first: OctetWord.hyphenated(first), second: OctetWord.hyphenated(second),
      last: OctetWord.hyphenated(last))
  }

  /// The eight bytes at `start`, those from `end` on as 0.
  @inline(__always)
  private static func word(in bytes: RawSpan, from start: Int, to end: Int) -> UInt64 {
    if start &+ 8 <= bytes.byteCount {
      let missing = max(start &+ 8 &- end, 0)
      return OctetWord.lowercased(bytes.word(at: start)) & UInt64.max &>> UInt64(truncatingIfNeeded: missing &* 8)
    }
    var word: UInt64 = 0
    for offset in start..<end {
      word |= UInt64(bytes.octet(at: offset).lowercased) &<< UInt64(truncatingIfNeeded: (offset &- start) &* 8)
    }
    return word
  }

  /// Whether the name is `text`: of the name's length, at most 24 small letters, digits and hyphens.
  @inline(__always)
  func reads(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard count == length, first == Self.word(of: text, from: 0, to: length) else { return false }
    return (length <= 8 || second == Self.word(of: text, from: 8, to: length))
      && (length <= 16 || last == Self.word(of: text, from: length &- 8, to: length))
  }

  /// Whether the name begins with `prefix`, of 9 to 16 small letters, digits and hyphens.
  @inline(__always)
  func begins(_ prefix: StaticString) -> Bool {
    let length = prefix.utf8CodeUnitCount
    let mask = UInt64.max &>> UInt64(truncatingIfNeeded: (16 &- length) &* 8)
    return count >= length && first == Self.word(of: prefix, from: 0, to: length)
      && second & mask == Self.word(of: prefix, from: 8, to: length)
  }

  /// A constant wherever the text is.
  @inline(__always)
  private static func word(of text: StaticString, from start: Int, to end: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<8 where start &+ index < end {
      word |= UInt64(text.utf8Start[start &+ index]) &<< UInt64(truncatingIfNeeded: index &* 8)
    }
    return word
  }
}
