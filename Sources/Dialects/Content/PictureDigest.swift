/// Gathers what is kept of a picture that comes as base64, in pieces cut anywhere: type, dimensions, size and a hash.

struct PictureDigest {
  /// Base64 characters at the beginning that are kept to find the dimensions in.
  private static let headLimit = 32 << 10

  private var head: [UInt8] = []
  private var characters = 0
  /// FNV-1a over words of eight characters (Fowler, Noll, Vo).
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private var word: UInt64 = 0
  private var filled = 0

  /// Characters that are none of base64's mean nothing and are passed over.
  mutating func read(_ byte: UInt8) {
    guard base64Value(byte) != nil else { return }
    if characters < Self.headLimit { head.append(byte) }
    characters += 1
    word = word << 8 | UInt64(byte)
    filled += 1
    if filled == 8 { mix() }
  }

  private mutating func mix() {
    hash = (hash ^ word) &* 0x0000_0100_0000_01B3
    // The multiplication carries upwards only.
    hash ^= hash >> 29
    (word, filled) = (0, 0)
  }

  /// - Parameter named: the type that is said beside it, where the bytes do not tell.
  func medium(named: String?) -> AnswerContent.Medium {
    var digest = self
    if filled > 0 { digest.mix() }
    let header = PictureHeader(Self.decoded(head))
    var medium = AnswerContent.Medium(isSound: false, type: header?.type ?? named)
    (medium.width, medium.height) = (header?.width, header?.height)
    (medium.byteCount, medium.hash) = (characters * 3 / 4, digest.hash)
    return medium
  }

  private static func decoded(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var (word, bits): (UInt32, UInt32) = (0, 0)
    for value in text.lazy.compactMap(base64Value) {
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> bits))
      }
    }
    return bytes
  }
}

extension AnswerContent.Medium {
  /// In place of a picture's base64 in an answer that is kept: `data:image/png;crossfade;…`.
  var placeholder: String {
    let parts = [
      width.map { "width=\($0)" }, height.map { "height=\($0)" }, byteCount.map { "bytes=\($0)" },
      hash.map { "hash=\(String($0, radix: 16))" },
    ]
    return (["data:\(type ?? "")", "crossfade"] + parts.compactMap(\.self)).joined(separator: ";") + ","
  }

  /// - Returns: nil for what is no such text.
  init?(placeholder text: String) {
    let parts = text.prefix(256).prefix { $0 != "," }.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[0].hasPrefix("data:"), parts[1] == "crossfade" else { return nil }
    let type = parts[0].dropFirst(5)
    self.init(isSound: false, type: type.isEmpty ? nil : String(type))
    for part in parts.dropFirst(2) {
      let pair = part.split(separator: "=")
      guard pair.count == 2 else { continue }
      switch pair[0] {
      case "width": width = Int(pair[1])
      case "height": height = Int(pair[1])
      case "bytes": byteCount = Int(pair[1])
      case "hash": hash = UInt64(pair[1], radix: 16)
      default: break
      }
    }
  }
}
