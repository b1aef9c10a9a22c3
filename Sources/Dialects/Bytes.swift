/// Reads bytes and words out of a span: the one place where Dialects looks at memory by offset, always in bounds.

extension RawSpan {
  @inline(__always)
  func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// The byte where there is one, with one comparison for both ends.
  @inline(__always)
  func byte(ifAt offset: Int) -> UInt8? {
    guard UInt(bitPattern: offset) < UInt(bitPattern: byteCount) else { return nil }
    return unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// - Parameter offset: the caller has made sure that eight bytes follow.
  @inline(__always)
  func wordInBounds(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// Up to seven bytes as a word, the first lowest, the missing ones 0.
  /// - Parameter count: 0 to 7, all within the span.
  @inline(__always)
  func word(at offset: Int, count: Int) -> UInt64 {
    if offset >= 0, offset &+ 8 <= byteCount {
      return wordInBounds(at: offset) & ~(UInt64.max &<< UInt64(truncatingIfNeeded: count &* 8))
    }
    var word: UInt64 = 0
    for index in 0..<count { word |= UInt64(byte(at: offset &+ index)) &<< UInt64(truncatingIfNeeded: index &* 8) }
    return word
  }

  /// Whether these bytes stand here.
  @inline(__always)
  func holds(_ text: StaticString, at start: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard start &+ count <= byteCount else { return false }
    for offset in 0..<count where byte(at: start &+ offset) != text.utf8Start[offset] { return false }
    return true
  }

  /// Whether this range holds exactly these bytes.
  @inline(__always)
  func reads(_ text: StaticString, in range: Range<Int>) -> Bool {
    range.count == text.utf8CodeUnitCount && holds(text, at: range.lowerBound)
  }

  /// The bytes of a range as text; what is not UTF-8 is repaired.
  func string(_ range: Range<Int>) -> String {
    let bytes = extracting(range)
    // Text that is plain throughout, as nearly all of it is, needs no second look for what is not UTF-8.
    let isPlain = bytes.endOfPlainRun(from: 0, asciiOnly: true) == bytes.byteCount
    return bytes.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: UInt8.self) { bytes in
        isPlain
          ? String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: true))
          : String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  /// Where a run of ASCII bytes that a JSON string may hold as they are ends: at a quote, a backslash, a control or
  /// (with `asciiOnly`) a byte above 127; or at the span's end.
  @inline(__always)
  func endOfPlainRun(from start: Int, asciiOnly: Bool) -> Int {
    precondition(start >= 0)
    var offset = start
    // Most strings end within their first block; those that do not are long.
    if offset &+ 16 <= byteCount {
      if let first = Block.notPlain(self, offset, asciiOnly: asciiOnly).first { return offset &+ first }
      offset &+= 16
      while offset &+ 64 <= byteCount {
        let first = Block.notPlain(self, offset, asciiOnly: asciiOnly)
        let second = Block.notPlain(self, offset &+ 16, asciiOnly: asciiOnly)
        let third = Block.notPlain(self, offset &+ 32, asciiOnly: asciiOnly)
        let fourth = Block.notPlain(self, offset &+ 48, asciiOnly: asciiOnly)
        if Block.areClear(first, second, third, fourth) {
          offset &+= 64
          continue
        }
        if let place = first.first ?? second.first.map({ $0 &+ 16 }) { return offset &+ place }
        return offset &+ 32 &+ (third.first ?? 16 &+ (fourth.first ?? 16))
      }
    }
    while offset &+ 16 <= byteCount {
      if let first = Block.notPlain(self, offset, asciiOnly: asciiOnly).first { return offset &+ first }
      offset &+= 16
    }
    let highBits = asciiOnly ? Word.high : 0
    if offset &+ 8 <= byteCount {
      let word = word(at: offset)
      // The lowest flagged byte of each term is exact: a borrow can only flag bytes above a true one.
      let flags =
        Word.zeroBytes(word ^ Word.quotes) | Word.zeroBytes(word ^ Word.backslashes) | Word.controls(word)
        | (word & highBits)
      if flags != 0 { return offset &+ flags.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while let byte = byte(ifAt: offset) {
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (asciiOnly && byte > 0x7F) { break }
      offset &+= 1
    }
    return offset
  }

  /// Where the line that `start` is in ends: at its CR or LF, or at the span's end.
  @inline(__always)
  func endOfLine(from start: Int) -> Int {
    precondition(start >= 0)
    var offset = start
    while offset &+ 16 <= byteCount {
      if let first = Block.lineEnds(self, offset).first { return offset &+ first }
      offset &+= 16
    }
    while offset < byteCount, byte(at: offset) != 0x0A, byte(at: offset) != 0x0D { offset &+= 1 }
    return offset
  }
}

/// Sixteen bytes looked at in one vector of two words, the high bit set of each byte that is looked for; the other bits
/// mean nothing.
///
/// Wrapping differences find them: single instructions, where comparisons go byte by byte. In each word the lowest
/// flag is exact: a borrow can only flag bytes above a true one.
struct Block {
  private let flags: SIMD2<UInt64>

  @inline(__always)
  private init(_ flags: SIMD2<UInt64>) { self.flags = flags }

  /// The first such byte's place in the block.
  @inline(__always)
  var first: Int? {
    let (low, high) = unsafeBitCast(flags & every(0x80), to: (UInt64, UInt64).self)
    guard low | high != 0 else { return nil }
    return low != 0 ? low.trailingZeroBitCount &>> 3 : 8 &+ high.trailingZeroBitCount &>> 3
  }

  @inline(__always)
  static func areClear(_ a: Block, _ b: Block, _ c: Block, _ d: Block) -> Bool {
    let flags = a.flags | b.flags | (c.flags | d.flags)
    let (low, high) = unsafeBitCast(flags, to: (UInt64, UInt64).self)
    return (low | high) & Word.high == 0
  }

  /// - Parameter offset: the caller has made sure that 16 bytes follow.
  @inline(__always)
  static func notPlain(_ bytes: RawSpan, _ offset: Int, asciiOnly: Bool) -> Block {
    let block = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD2<UInt64>.self)
    // With bit 1 turned, quote and space change places: then a quote and the controls are what is below 0x21.
    let quoteOrControl = (block ^ every(0x02)) &- every(0x21)
    let flags = quoteOrControl | ((block ^ every(0x5C)) &- every(1))
    return Block(asciiOnly ? flags | block : flags & ~block)
  }

  /// - Parameter offset: the caller has made sure that 16 bytes follow.
  @inline(__always)
  static func lineEnds(_ bytes: RawSpan, _ offset: Int) -> Block {
    let block = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD2<UInt64>.self)
    let one = every(1)
    return Block((((block ^ every(0x0A)) &- one) | ((block ^ every(0x0D)) &- one)) & ~block)
  }
}

/// A vector of one byte repeated.
@inline(__always)
private func every(_ byte: UInt64) -> SIMD2<UInt64> {
  unsafeBitCast((Word.ones &* byte, Word.ones &* byte), to: SIMD2<UInt64>.self)
}

/// Eight bytes looked at in one word.
enum Word {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let high: UInt64 = 0x8080_8080_8080_8080
  static let quotes = ones &* 0x22
  static let backslashes = ones &* 0x5C

  /// Flags the high bit of each byte that is zero; above the lowest of them it may flag others.
  @inline(__always)
  static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & high }

  /// Flags the high bit of each byte below 0x20; above the lowest of them it may flag others.
  @inline(__always)
  static func controls(_ word: UInt64) -> UInt64 { (word &- ones &* 0x20) & ~word & high }

  /// The word with its ASCII capitals made small.
  @inline(__always)
  static func lowercased(_ word: UInt64) -> UInt64 {
    let letters = word & ~high
    // A byte's high bit is set where it is at least A, and not where it is above Z.
    let capitals = (letters &+ ones &* 0x3F) & ~(letters &+ ones &* 0x25) & ~word & high
    return word | capitals &>> 2
  }
}
