/// Reads what a JSON text begins with, where the rest was cut off.

import Dialects

struct JSONBeginning {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  /// Containers within containers.
  static let maxDepth = 128

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter bytes: what a JSON text begins with, up to anywhere; what was open is closed.
  /// - Returns: nil where it is not JSON as far as it goes, or deeper than `maxDepth`.
  static func tree(_ bytes: [UInt8]) -> JSONTree? {
    var parser = JSONBeginning(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    guard let value = parser.value() else { return nil }
    parser.skipSpace()
    return parser.position == bytes.count ? value : nil
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private mutating func value() -> JSONTree? {
    skipSpace()
    guard let byte = next else { return .null }
    switch byte {
    case UInt8(ascii: "{"): return nested { $0.object() }
    case UInt8(ascii: "["): return nested { $0.array() }
    case UInt8(ascii: "\""): return string().map(JSONTree.string)
    default: return word()
    }
  }

  private mutating func nested(_ body: (inout Self) -> JSONTree?) -> JSONTree? {
    guard depth < Self.maxDepth else { return nil }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return body(&self)
  }

  private mutating func object() -> JSONTree? {
    var members: [JSONTree.Member] = []
    while true {
      skipSpace()
      guard let byte = next else { return .object(members) }
      if byte == UInt8(ascii: "}"), members.isEmpty { break }
      guard byte == UInt8(ascii: "\""), let key = string() else { return nil }
      skipSpace()
      guard let colon = next else { return .object(members) }
      guard colon == UInt8(ascii: ":") else { return nil }
      position += 1
      guard let value = value() else { return nil }
      members.append(.init(name: key, value: value))
      skipSpace()
      guard let end = next else { return .object(members) }
      if end == UInt8(ascii: "}") { break }
      guard end == UInt8(ascii: ",") else { return nil }
      position += 1
    }
    position += 1
    return .object(members)
  }

  private mutating func array() -> JSONTree? {
    var items: [JSONTree] = []
    while true {
      skipSpace()
      guard let byte = next else { return .array(items) }
      if byte == UInt8(ascii: "]"), items.isEmpty { break }
      guard let item = value() else { return nil }
      items.append(item)
      skipSpace()
      guard let end = next else { return .array(items) }
      if end == UInt8(ascii: "]") { break }
      guard end == UInt8(ascii: ",") else { return nil }
      position += 1
    }
    position += 1
    return .array(items)
  }

  private mutating func word() -> JSONTree? {
    let start = position
    while let byte = next, !",]} \t\r\n".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default:
      // A number that is cut may end in what is none.
      let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
      if isNumber, !text.isEmpty, next == nil || Double(text) != nil {
        return .number(Double(text) == nil ? "0" : text)
      }
      let isPart = ["null", "true", "false"].contains { $0.hasPrefix(text) }
      return isPart && next == nil ? .null : nil
    }
  }

  private mutating func string() -> String? {
    position += 1
    var scalars: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: scalars, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = next else { break }
        position += 1
        guard append(escaped, to: &scalars) else { return next == nil ? closed(scalars) : nil }
      case 0..<0x20: return nil
      default: scalars.append(byte)
      }
    }
    return closed(scalars)
  }

  /// The end of a text that is cut could be the beginning of what no pattern knows by its beginning.
  private func closed(_ bytes: [UInt8]) -> String { withoutLastWord(String(decoding: bytes, as: UTF8.self)) + "…" }

  private mutating func append(_ escaped: UInt8, to bytes: inout [UInt8]) -> Bool {
    switch escaped {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(escaped)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      guard let unit = codeUnit() else { return false }
      bytes.append(contentsOf: String(scalar(unit)).utf8)
    default: return false
    }
    return true
  }

  private mutating func codeUnit() -> UInt32? {
    guard position + 4 <= bytes.count else {
      position = bytes.count
      return nil
    }
    let text = String(decoding: bytes[position..<(position + 4)], as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
    position += 4
    return UInt32(text, radix: 16)
  }

  /// With the low half of a surrogate pair, where one follows; U+FFFD for a lone half.
  private mutating func scalar(_ unit: UInt32) -> Unicode.Scalar {
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let saved = position
    if unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      if let low = codeUnit(), (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
      position = saved
    }
    return "\u{FFFD}"
  }
}

/// Without what stands after the last space, at most 256 characters of it.
func withoutLastWord(_ text: String) -> String {
  var kept = Substring(text)
  var count = 0
  while count < 256, let last = kept.last, !last.isWhitespace {
    kept.removeLast()
    count += 1
  }
  return String(kept)
}
