/// A gzip member written piece by piece, each readable at once: fixed Huffman literals (RFC 1951, 3.2.6), no matches.
struct GzipStream {
  private var bits = BitWriter()
  private var checksum = Checksum()
  private var size: UInt32 = 0

  init() {
    bits.output = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  }

  /// The compressed bytes of one piece, ended by an empty stored block (a sync flush).
  mutating func piece(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bits.put(0b010, count: 3)
    for byte in bytes {
      literal(UInt32(byte))
      checksum.add(byte)
      size &+= 1
    }
    bits.put(0, count: 7)
    bits.put(0b000, count: 3)
    bits.align()
    bits.output += [0, 0, 0xFF, 0xFF]
    return take()
  }

  /// The last, empty block and the trailer.
  mutating func finish() -> [UInt8] {
    bits.put(0b011, count: 3)
    bits.put(0, count: 7)
    bits.align()
    for word in [checksum.value, size] {
      bits.output += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }
    return take()
  }

  private mutating func literal(_ symbol: UInt32) {
    if symbol < 144 {
      bits.putCode(0x30 + symbol, count: 8)
    } else {
      bits.putCode(0x190 + symbol - 144, count: 9)
    }
  }

  private mutating func take() -> [UInt8] {
    defer { bits.output = [] }
    return bits.output
  }
}
