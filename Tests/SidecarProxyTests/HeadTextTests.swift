/// The fixed words and numbers of message heads, as they are written.

import NIOCore
import Testing

@testable import SidecarProxy

@Suite struct HeadTextTests {
  @Test("a number is written as its decimal digits", arguments: [0, 7, 9, 10, 99, 100, 12_345, 1_000_000, Int.max])
  func decimal(_ number: Int) {
    var buffer = ByteBuffer(string: "n=")
    buffer.writeDecimal(number)
    buffer.writeText(";\r\n")
    #expect(String(buffer: buffer) == "n=\(number);\r\n")
  }
}
