/// Writes bytes in base64 (RFC 4648) as they come, whatever the pieces they come in.

package struct Base64Writer: Sendable {
  /// Bytes that do not make a group of three yet.
  private var rest: [UInt8] = []
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package init() {}

  package mutating func write(_ bytes: RawSpan) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity((rest.count + bytes.byteCount) / 3 * 4)
    var at = 0
    while !rest.isEmpty, at < bytes.byteCount {
      rest.append(bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self))
      at += 1
      guard rest.count == 3 else { continue }
      Self.group(rest[0], rest[1], rest[2], into: &out)
      rest = []
    }
    while at + 3 <= bytes.byteCount {
      let (one, two, three) = bytes.withUnsafeBytes { ($0[at], $0[at + 1], $0[at + 2]) }
      Self.group(one, two, three, into: &out)
      at += 3
    }
    while at < bytes.byteCount {
      rest.append(bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self))
      at += 1
    }
    return out
  }

  /// The last group, filled up.
  package mutating func end() -> [UInt8] {
    guard let first = rest.first else { return [] }
    let second = rest.count > 1 ? rest[1] : 0
    var out: [UInt8] = []
    Self.group(first, second, 0, into: &out)
    out[3] = UInt8(ascii: "=")
    if rest.count == 1 { out[2] = UInt8(ascii: "=") }
    rest = []
    return out
  }

  private static func group(_ one: UInt8, _ two: UInt8, _ three: UInt8, into out: inout [UInt8]) {
    out.append(letters[Int(one >> 2)])
    out.append(letters[Int((one & 3) << 4 | two >> 4)])
    out.append(letters[Int((two & 15) << 2 | three >> 6)])
    out.append(letters[Int(three & 63)])
  }
}
