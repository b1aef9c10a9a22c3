/// Eight bytes at once are told apart as one by one.

import Testing

@testable import HTTPFraming

@Suite struct OctetWordTests {
  /// Every byte at every place, among bytes of which none is looked for.
  private func check(_ flags: (UInt64) -> UInt64, _ isFlagged: (UInt8) -> Bool) {
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max {
        let shift = UInt64(place * 8)
        let word = 0x6161_6161_6161_6161 & ~(0xFF << shift) | UInt64(byte) << shift
        let found = flags(word)
        #expect((found != 0) == isFlagged(byte), "\(byte)")
        if isFlagged(byte) { #expect(found.trailingZeroBitCount / 8 == place, "\(byte)") }
      }
    }
  }

  @Test("what is neither a letter nor a digit nor a hyphen")
  func names() {
    check(OctetWord.notLettersDigitsOrHyphens) { byte in
      !byte.isDigit && !(byte.lowercased &- 0x61 < 26) && byte != UInt8(ascii: "-")
    }
  }

  @Test("what no target may hold, the backslash and the question mark")
  func targets() {
    check(OctetWord.notPlainInTargets) { byte in
      !byte.isTargetOctet || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "?")
    }
  }

  @Test("the lowest flag is exact whatever bytes are above it")
  func lowest() {
    var random = Seeded(5)
    for _ in 0..<20_000 {
      let word: UInt64 = random.next() & 0x7F7F_7F7F_7F7F_7F7F
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
      let inTargets = bytes.firstIndex { !$0.isTargetOctet || $0 == 0x5C || $0 == 0x3F } ?? 8
      #expect(OctetWord.notPlainInTargets(word).trailingZeroBitCount / 8 == inTargets)
      let inNames = bytes.firstIndex { !$0.isTokenOctet || "!#$%&'*+.^_`|~".utf8.contains($0) } ?? 8
      #expect(OctetWord.notLettersDigitsOrHyphens(word).trailingZeroBitCount / 8 == inNames)
    }
  }

  @Test("capitals become small, and nothing else changes")
  func lowercasing() {
    for byte in UInt8.min...UInt8.max {
      let word = UInt64(byte) &* OctetWord.ones
      #expect(OctetWord.lowercased(word) == UInt64(byte.lowercased) &* OctetWord.ones)
    }
  }
}
