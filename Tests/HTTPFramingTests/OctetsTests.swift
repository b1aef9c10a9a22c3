/// The questions about bytes have the same answers as their plain definitions.

import HTTPFraming
import Testing

@Suite struct OctetsTests {
  private static let sample = Array("xHoSt-\u{C9}y".utf8)

  private func reads(_ range: Range<Int>, _ text: StaticString) -> Bool {
    Self.sample.span.bytes.reads(range, asLowercase: text)
  }

  private func begins(_ range: Range<Int>, _ text: StaticString) -> Bool {
    Self.sample.span.bytes.begins(range, withLowercase: text)
  }

  private func reads(_ bytes: [UInt8], _ range: Range<Int>, caseInsensitively other: [UInt8]) -> Bool {
    bytes.span.bytes.reads(range, caseInsensitively: other)
  }

  @Test("runs are compared without regard to ASCII case, and to nothing else")
  func comparing() {
    #expect(reads(1..<6, "host-"))
    #expect(!reads(1..<6, "host"))
    #expect(!reads(1..<5, "hosT"))
    #expect(begins(1..<8, "host"))
    #expect(!begins(1..<4, "host"))
    #expect(reads(Self.sample, 1..<8, caseInsensitively: Array("HOST-\u{C9}".utf8)))
    #expect(!reads(Self.sample, 1..<8, caseInsensitively: Array("HOST-\u{E9}".utf8)))
  }

  @Test("case is folded for ASCII letters only")
  func folding() {
    let small = UInt8(ascii: "a")...UInt8(ascii: "z")
    for byte in UInt8.min...UInt8.max {
      for other in UInt8.min...UInt8.max {
        let alike = byte == other || (byte ^ other == 0x20 && small.contains(max(byte, other)))
        #expect(reads([byte], 0..<1, caseInsensitively: [other]) == alike, "\(byte) and \(other)")
      }
    }
  }

  @Test(
    "decimal numbers are digits that fit, and nothing else is one",
    arguments: [
      ("0", 0), ("007", 7), ("9223372036854775807", .max), ("9223372036854775808", nil), ("", nil), ("-1", nil),
      ("+1", nil), ("1 ", nil), ("1a", nil), (":", nil), ("/", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func decimals(_ text: String, _ number: Int?) {
    let bytes = Array(text.utf8)
    let read = bytes.span.bytes.decimal(in: 0..<bytes.count)
    #expect(read == number)
  }

  @Test("blanks are taken off both ends and nowhere else")
  func trimming() {
    func trimmed(_ text: String) -> Range<Int> {
      let bytes = Array(text.utf8)
      return bytes.span.bytes.trimmingBlanks(0..<bytes.count)
    }
    #expect(trimmed(" \ta b\t ") == 2..<5)
    #expect(trimmed("ab") == 0..<2)
    #expect(trimmed(" \t ").isEmpty)
    #expect(trimmed("").isEmpty)
  }
}
