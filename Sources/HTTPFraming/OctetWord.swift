/// Eight bytes looked at in one word, the first one lowest: how heads are read faster than byte by byte.

enum OctetWord {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Flags the high bit of each byte between `low` and `high`, both below 0x80, both included; of bytes without their
  /// high bits.
  @inline(__always)
  private static func within(_ low: UInt64, _ high: UInt64, _ word: UInt64) -> UInt64 {
    // The additions carry into no other byte: none exceeds 0xFF.
    (word &+ ones &* (0x80 &- low)) & ~(word &+ ones &* (0x7F &- high)) & tops
  }

  /// Flags the high bit of each byte that is neither an ASCII letter nor a digit nor a hyphen: most field names are
  /// made of nothing else.
  @inline(__always)
  static func notLettersDigitsOrHyphens(_ word: UInt64) -> UInt64 {
    let bits = word & ~tops
    let letters = within(0x61, 0x7A, bits | (ones &* 0x20))
    let others = within(0x30, 0x39, bits) | (tops &- (bits ^ (ones &* 0x2D)))
    return ~(letters | others) & tops | word & tops
  }

  /// Flags each byte that no target may hold, and the backslash and the question mark, which need a second look; of the
  /// flags only the lowest is exact, as borrows may spoil those above it.
  @inline(__always)
  static func notPlainInTargets(_ word: UInt64) -> UInt64 {
    let controlsAndSpace = word &- ones &* 0x21
    let quoteAndHash = (word ^ (ones &* 0x22)) &- ones &* 2
    // Without bit 1 the two angle brackets are one byte, and so are the equals sign and the question mark.
    let angleBrackets = ((word & ~(ones &* 2)) ^ (ones &* 0x3C)) &- ones
    let questionMark = (word ^ (ones &* 0x3F)) &- ones
    let backslash = (word ^ (ones &* 0x5C)) &- ones
    let delete = (word ^ (ones &* 0x7F)) &- ones
    return (controlsAndSpace | quoteAndHash | angleBrackets | questionMark | backslash | delete | word) & tops
  }

  /// Flags the high bit of each byte that is an underscore.
  @inline(__always)
  static func underscores(_ word: UInt64) -> UInt64 {
    within(0x5F, 0x5F, word & ~tops) & ~word
  }

  /// The word with its underscores made hyphens.
  @inline(__always)
  static func hyphenated(_ word: UInt64) -> UInt64 {
    // 0x5F and 0x2D differ in these bits: a flag at 0x80 brought down to a one, times them.
    word ^ (underscores(word) &>> 7) &* 0x72
  }

  /// The word with its ASCII capitals made small.
  @inline(__always)
  static func lowercased(_ word: UInt64) -> UInt64 {
    word | (within(0x41, 0x5A, word & ~tops) & ~word) &>> 2
  }
}
