/// The name that an exchange has on the wire and in the log.

import NIOCore
import Testing

@testable import SidecarProxy

@Suite struct ExchangeIDTests {
  @Test("is sixteen lower-case hexadecimal digits, on the wire as in the log")
  func digits() {
    for (bits, text) in [
      (UInt64(0), "0000000000000000"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"), (.max, "ffffffffffffffff"),
      (0xF0E1_D2C3_B4A5_9687, "f0e1d2c3b4a59687"), (0x9A, "000000000000009a"),
    ] {
      var buffer = ByteBuffer()
      ExchangeID(bits: bits).write(into: &buffer)
      #expect(String(buffer: buffer) == text)
      #expect(exchangeText(bits) == text)
    }
  }
}
