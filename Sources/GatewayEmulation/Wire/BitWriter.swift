/// Bits as deflate packs them into bytes (RFC 1951, section 3.1.1).
struct BitWriter {
  /// Whole bytes only.
  var output: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingCount: UInt32 = 0

  /// Huffman codes go most significant bit first, everything else least.
  mutating func putCode(_ code: UInt32, count: UInt32) {
    var reversed: UInt32 = 0
    for bit in 0..<count { reversed |= (code >> bit & 1) << (count - 1 - bit) }
    put(reversed, count: count)
  }

  mutating func put(_ bits: UInt32, count: UInt32) {
    pending |= bits << pendingCount
    pendingCount += count
    while pendingCount >= 8 {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }

  /// Zeros up to the next byte.
  mutating func align() {
    if pendingCount > 0 { put(0, count: 8 - pendingCount) }
  }
}
