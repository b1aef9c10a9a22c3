/// The name that an exchange has on the wire and in the log.

import NIOCore
import Testing

@testable import SidecarProxy

@Suite struct ExchangeIDTests {
  @Test("is sixteen lower-case hexadecimal digits, on the wire as in the log")
  func digits() {
    for (bits, text) in [
      (UInt64(0), "0000000000000000"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"), (.max, "ffffffffffffffff"),
    ] {
      var buffer = ByteBuffer()
      ExchangeID(bits: bits).write(into: &buffer)
      #expect(String(buffer: buffer) == text)
      #expect(ExchangeID(bits: bits).text == text)
    }
  }
}
