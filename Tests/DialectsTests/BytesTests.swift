/// Looking at many bytes at once finds what looking at each in turn would.

import Testing

@testable import Dialects

@Suite("Bytes")
struct BytesTests {
  private func endOfPlainRun(_ bytes: [UInt8], from start: Int, asciiOnly: Bool) -> Int {
    bytes[start...].firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || (asciiOnly && $0 > 0x7F) } ?? bytes.count
  }

  @Test("every byte value ends a plain run or does not, at every place of a block", arguments: [true, false])
  func plainRuns(asciiOnly: Bool) {
    for length in 1...70 {
      for place in 0..<length {
        for value in [0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xA2, 0xDC, 0xFF] as [UInt8] {
          var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
          bytes[place] = value
          let start = place / 2
          #expect(
            bytes.span.bytes.endOfPlainRun(from: start, asciiOnly: asciiOnly)
              == endOfPlainRun(bytes, from: start, asciiOnly: asciiOnly))
        }
      }
    }
    for value in UInt8.min...UInt8.max {
      let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 5) + [value] + [UInt8](repeating: 0x62, count: 12)
      #expect(
        bytes.span.bytes.endOfPlainRun(from: 0, asciiOnly: asciiOnly)
          == endOfPlainRun(bytes, from: 0, asciiOnly: asciiOnly))
    }
  }

  @Test("a line ends at its first CR or LF, at every place of a block")
  func lines() {
    for length in 1...40 {
      for place in 0..<length {
        for value in [0x0A, 0x0D, 0x0B, 0x09, 0x8A, 0x8D] as [UInt8] {
          var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
          bytes[place] = value
          #expect(bytes.span.bytes.endOfLine(from: place / 2) == (value == 0x0A || value == 0x0D ? place : length))
        }
      }
    }
  }

  @Test("ASCII capitals are made small, and nothing else")
  func lowercased() {
    for value in UInt8.min...UInt8.max {
      let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(value)
      let small = UInt64(isCapital ? value + 0x20 : value)
      // Between neighbours that a carry would change.
      #expect(Word.lowercased(0xFF41_5A00_FF00_5A7F | UInt64(value) << 16) == 0xFF61_7A00_FF00_7A7F | small << 16)
    }
  }
}
