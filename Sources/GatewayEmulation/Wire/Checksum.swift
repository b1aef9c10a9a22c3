/// CRC-32, as gzip (RFC 1952, section 8) and PNG have it.
struct Checksum: Sendable {
  private var register: UInt32 = 0xFFFF_FFFF

  var value: UInt32 { ~register }

  mutating func add(_ byte: UInt8) {
    register = Self.table[Int((register ^ UInt32(byte)) & 0xFF)] ^ (register >> 8)
  }

  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var checksum = Checksum()
    for byte in bytes { checksum.add(byte) }
    return checksum.value
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}
