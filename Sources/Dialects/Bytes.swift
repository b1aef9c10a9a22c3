/// Reads bytes and eight-byte words out of a span: the one place where Dialects looks at memory by offset, always in
/// bounds.

extension RawSpan {
  @inline(__always)
  func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The bytes of a range as text; what is not UTF-8 is repaired.
  func string(_ range: Range<Int>) -> String {
    withUnsafeBytes { String(decoding: $0[range], as: UTF8.self) }
  }

  /// Where a run of ASCII bytes that a JSON string may hold as they are ends: at a quote, a backslash, a control or
  /// (with `asciiOnly`) a byte above 127; or at `limit`.
  @inline(__always)
  func endOfPlainRun(from start: Int, to limit: Int, asciiOnly: Bool) -> Int {
    var offset = start
    let highBits = asciiOnly ? Word.high : 0
    while offset &+ 8 <= limit {
      let word = word(at: offset)
      // The lowest flagged byte of each term is exact: a borrow can only flag bytes above a true one.
      let flags =
        Word.zeroBytes(word ^ Word.quotes) | Word.zeroBytes(word ^ Word.backslashes) | Word.controls(word)
        | (word & highBits)
      if flags != 0 { return offset &+ flags.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while offset < limit {
      let byte = byte(at: offset)
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (asciiOnly && byte > 0x7F) { break }
      offset &+= 1
    }
    return offset
  }

  /// Where the line that `start` is in ends: at its CR or LF, or at `limit`.
  @inline(__always)
  func endOfLine(from start: Int, to limit: Int) -> Int {
    var offset = start
    while offset &+ 8 <= limit {
      let word = word(at: offset)
      let flags = Word.zeroBytes(word ^ Word.lineFeeds) | Word.zeroBytes(word ^ Word.carriageReturns)
      if flags != 0 { return offset &+ flags.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while offset < limit, byte(at: offset) != 0x0A, byte(at: offset) != 0x0D { offset &+= 1 }
    return offset
  }
}

/// Eight bytes looked at in one word.
enum Word {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let high: UInt64 = 0x8080_8080_8080_8080
  static let quotes = ones &* 0x22
  static let backslashes = ones &* 0x5C
  static let lineFeeds = ones &* 0x0A
  static let carriageReturns = ones &* 0x0D

  /// Flags the high bit of each byte that is zero; above the lowest of them it may flag others.
  @inline(__always)
  static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & high }

  /// Flags the high bit of each byte below 0x20; above the lowest of them it may flag others.
  @inline(__always)
  static func controls(_ word: UInt64) -> UInt64 { (word &- ones &* 0x20) & ~word & high }
}
