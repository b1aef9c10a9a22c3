/// The name of one exchange, in the answer's `x-crossfade-id`, the log and the application's outcome reports.

import NIOCore

/// 63 random bits, written as 16 hexadecimal digits.
struct ExchangeID: Hashable, Sendable {
  let bits: UInt64

  init(bits: UInt64) { self.bits = bits }

  /// Odd: in an answer it never ends a line with the `0` that a careless reader takes for a last chunk.
  init(random: inout SplitMix64) { bits = random.next() | 1 }

  func write(into buffer: inout ByteBuffer) {
    buffer.writeMultipleIntegers(Self.digits(of: bits >> 32), Self.digits(of: bits & 0xFFFF_FFFF))
  }

  /// The eight digits of a number below 2^32, the first one highest, each step doing all of them at once.
  private static func digits(of number: UInt64) -> UInt64 {
    // One nibble to a byte.
    var nibbles = (number << 16 | number) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles << 8 | nibbles) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles << 4 | nibbles) & 0x0F0F_0F0F_0F0F_0F0F
    // 1 in every byte above 9, which is then a letter.
    let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles + 0x3030_3030_3030_3030 + letters * 0x27
  }
}

/// An exchange's id as clients see it: 16 hexadecimal digits.
package func exchangeText(_ exchange: UInt64) -> String {
  let digits = String(exchange, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
