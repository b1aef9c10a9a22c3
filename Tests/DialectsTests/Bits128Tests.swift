/// The bits in two words: a set of numbers, and a stack.

import Testing

@testable import Dialects

@Suite struct Bits128Tests {
  @Test("every number below 128 is in the set once it is inserted, alone, and gone once it is removed")
  func set() {
    for number in UInt8(0)..<128 {
      var bits = Bits128()
      bits.insert(number)
      #expect((UInt8(0)..<128).filter(bits.contains) == [number])
      bits.remove(number)
      #expect(bits.isEmpty && Bits128.all.contains(number))
    }
  }

  @Test("bits come back in the reverse of the order in which they were pushed, over both words")
  func stack() {
    var bits = Bits128()
    for number in 0..<128 { bits.push(number % 3 == 0) }
    for number in (0..<128).reversed() {
      #expect(bits.top == (number % 3 == 0), "\(number)")
      bits.pop()
    }
    #expect(bits.isEmpty)
  }

  @Test("bytes come back likewise, sixteen of them, and nothing after them")
  func bytes() {
    var bits = Bits128()
    for byte in UInt8(1)...16 { bits.push(byte: byte &* 15) }
    for byte in (UInt8(1)...16).reversed() { #expect(bits.popByte() == byte &* 15) }
    #expect(bits.popByte() == 0)
  }
}
