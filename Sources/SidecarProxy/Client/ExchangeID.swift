/// The name of one exchange, in the answer's `x-crossfade-id`, the log and the application's outcome reports.

import NIOCore

/// 64 random bits, written as 16 hexadecimal digits.
struct ExchangeID: Hashable, Sendable {
  let bits: UInt64

  func write(into buffer: inout ByteBuffer) {
    for shift in stride(from: UInt64(60), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: bits >> shift & 0xF)
      buffer.writeInteger(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  var text: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
