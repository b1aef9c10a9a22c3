/// Writes the fixed words and numbers of message heads, a dozen of them for each request: straight into the buffer's room, where
/// the library's ways go through closures and strings.

import NIOCore

extension ByteBuffer {
  @inline(__always)
  mutating func writeText(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: text.utf8Start, count: count))
      return count
    }
  }

  /// - Parameter number: not below 0.
  mutating func writeDecimal(_ number: Int) {
    var digits = 1
    var rest = number / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    writeWithUnsafeMutableBytes(minimumWritableBytes: digits) { room in
      var left = number
      for place in (0..<digits).reversed() {
        room[place] = UInt8(truncatingIfNeeded: left % 10) &+ UInt8(ascii: "0")
        left /= 10
      }
      return digits
    }
  }
}
