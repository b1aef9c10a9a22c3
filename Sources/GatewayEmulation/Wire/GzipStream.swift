/// A gzip member written piece by piece, each readable at once: fixed Huffman literals (RFC 1951, 3.2.6), no matches.
struct GzipStream {
  private var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  private var pending: UInt32 = 0
  private var pendingCount: UInt32 = 0
  private var checksum: UInt32 = 0xFFFF_FFFF
  private var size: UInt32 = 0

  /// The compressed bytes of one piece, ended by an empty stored block (a sync flush).
  mutating func piece(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    put(0b010, count: 3)
    for byte in bytes {
      literal(UInt32(byte))
      checksum = Self.table[Int((checksum ^ UInt32(byte)) & 0xFF)] ^ (checksum >> 8)
      size &+= 1
    }
    put(0, count: 7)
    put(0b000, count: 3)
    align()
    output += [0, 0, 0xFF, 0xFF]
    defer { output = [] }
    return output
  }

  /// The last, empty block and the trailer.
  mutating func finish() -> [UInt8] {
    put(0b011, count: 3)
    put(0, count: 7)
    align()
    for word in [~checksum, size] {
      output += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }
    defer { output = [] }
    return output
  }

  private mutating func literal(_ symbol: UInt32) {
    if symbol < 144 {
      putCode(0x30 + symbol, count: 8)
    } else {
      putCode(0x190 + symbol - 144, count: 9)
    }
  }

  /// Huffman codes go most significant bit first, everything else least.
  private mutating func putCode(_ code: UInt32, count: UInt32) {
    var reversed: UInt32 = 0
    for bit in 0..<count { reversed |= (code >> bit & 1) << (count - 1 - bit) }
    put(reversed, count: count)
  }

  private mutating func put(_ bits: UInt32, count: UInt32) {
    pending |= bits << pendingCount
    pendingCount += count
    while pendingCount >= 8 {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }

  private mutating func align() {
    if pendingCount > 0 { put(0, count: 8 - pendingCount) }
  }

  /// CRC-32 of RFC 1952, section 8.
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}
