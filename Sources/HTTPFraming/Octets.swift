/// The questions every parser here asks of bytes: the class of one, where the next control is, whether a run reads so.

extension UInt8 {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let colon: UInt8 = 0x3A

  @inline(__always)
  private func isIn(_ low: UInt64, _ high: UInt64) -> Bool {
    self < 0x80 && ((self < 0x40 ? low : high) &>> UInt64(self & 0x3F)) & 1 == 1
  }

  /// RFC 9110 5.6.2: a byte of a method, a field name or a connection option.
  @inline(__always)
  var isTokenOctet: Bool { isIn(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

  /// Printable ASCII but `"`, `#`, `<` and `>`. RFC 3986 also bars `{ } | \ ^` and the backtick, which browsers and
  /// fetch send bare in queries and which no parser takes for a delimiter.
  @inline(__always)
  var isTargetOctet: Bool { isIn(0xAFFF_FFF2_0000_0000, 0x7FFF_FFFF_FFFF_FFFF) }

  /// Letters, digits and `-._~%:[]`: every host and port in use, and no byte that another parser could split on.
  @inline(__always)
  var isHostOctet: Bool { isIn(0x07FF_6020_0000_0000, 0x47FF_FFFE_AFFF_FFFE) }

  @inline(__always)
  var isBlank: Bool { self == .space || self == .tab }

  @inline(__always)
  var isDigit: Bool { self &- 0x30 < 10 }

  @inline(__always)
  var isControl: Bool { self < 0x20 || self == 0x7F }

  @inline(__always)
  var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// The violation that a control stands for where none is allowed.
  var controlViolation: FramingViolation {
    switch self {
    case 0: .nul
    case .lineFeed: .bareLF
    case .carriageReturn: .bareCR
    default: .controlCharacter
    }
  }
}

extension RawSpan {
  /// Bounds-checked: a wrong offset traps, it never reads beyond the buffer.
  @inline(__always)
  package func octet(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// Eight bytes, the first one lowest.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  func isCRLF(at offset: Int) -> Bool {
    offset + 1 < byteCount && octet(at: offset) == .carriageReturn && octet(at: offset + 1) == .lineFeed
  }

  /// The offset of the first byte below 0x20 or equal to 0x7F in `start..<end`, else `end`.
  ///
  /// Eight bytes a step: borrows of the two subtractions only spoil bits above the lowest hit, which alone is used.
  @inline(__always)
  func nextControl(from start: Int, to end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var offset = start
    while offset &+ 8 <= end {
      let word = word(at: offset)
      let delete = word ^ (ones &* 0x7F)
      let hits = ((word &- (ones &* 0x20)) & ~word | (delete &- ones) & ~delete) & tops
      if hits != 0 { return offset &+ hits.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while offset < end && !octet(at: offset).isControl { offset &+= 1 }
    return offset
  }

  /// The end of the token that begins at `start`: the first byte that no token may hold, or the span's end.
  @inline(__always)
  func endOfToken(from start: Int) -> Int {
    var offset = start
    while offset < byteCount {
      if offset &+ 8 <= byteCount {
        let flags = OctetWord.notLettersDigitsOrHyphens(word(at: offset))
        if flags == 0 {
          offset &+= 8
          continue
        }
        offset &+= flags.trailingZeroBitCount &>> 3
      }
      guard octet(at: offset).isTokenOctet else { break }
      offset &+= 1
    }
    return offset
  }

  /// Whether the bytes in `range` read as `text`, ASCII case aside. `text` is given in lower case.
  @inline(__always)
  package func reads(_ range: Range<Int>, asLowercase text: StaticString) -> Bool {
    range.count == text.utf8CodeUnitCount && begins(range, withLowercase: text)
  }

  /// Whether the bytes in `range` begin with `prefix`, ASCII case aside. `prefix` is given in lower case.
  @inline(__always)
  package func begins(_ range: Range<Int>, withLowercase prefix: StaticString) -> Bool {
    let length = prefix.utf8CodeUnitCount
    guard range.count >= length else { return false }
    let wanted = prefix.utf8Start
    var index = 0
    while index < length {
      if octet(at: range.lowerBound &+ index).lowercased != wanted[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Whether the bytes in `range` read as `text`, ASCII case aside on both sides.
  package func reads(_ range: Range<Int>, caseInsensitively text: [UInt8]) -> Bool {
    guard range.count == text.count else { return false }
    for index in text.indices where octet(at: range.lowerBound + index).lowercased != text[index].lowercased {
      return false
    }
    return true
  }

  /// Whether two runs of these bytes read alike, ASCII case aside.
  func read(_ range: Range<Int>, like other: Range<Int>) -> Bool {
    guard range.count == other.count else { return false }
    for index in 0..<range.count
    where octet(at: range.lowerBound + index).lowercased != octet(at: other.lowerBound + index).lowercased {
      return false
    }
    return true
  }

  /// `range` without the spaces and tabs at both of its ends.
  @inline(__always)
  package func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper && octet(at: lower).isBlank { lower &+= 1 }
    while lower < upper && octet(at: upper &- 1).isBlank { upper &-= 1 }
    return Range(uncheckedBounds: (lower, upper))
  }

  /// The number that `range` holds, where it is one or more decimal digits and fits.
  package func decimal(in range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    var value = 0
    for offset in range {
      let digit = octet(at: offset) &- 0x30
      guard digit < 10 else { return nil }
      let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tenfold.addingReportingOverflow(Int(digit))
      guard !overflowed && !carried else { return nil }
      value = sum
    }
    return value
  }
}
