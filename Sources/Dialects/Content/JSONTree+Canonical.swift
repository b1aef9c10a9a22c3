/// Brings trees that mean the same to the same text: names sorted, numbers by their value and not their spelling.

extension JSONTree {
  /// Without space, an object's members sorted by the bytes of their names, numbers as `canonicalNumber` writes them.
  package var canonicalText: String {
    var bytes: [UInt8] = []
    writeCanonical(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether both mean the same: the order of members does not matter, nor how a number is spelled.
  package func means(_ other: JSONTree) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.number(let a), .number(let b)): a == b || canonicalNumber(a) == canonicalNumber(b)
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.means($1) }
    case (.object(let a), .object(let b)):
      a.count == b.count
        && zip(Self.sorted(a), Self.sorted(b)).allSatisfy { $0.name == $1.name && $0.value.means($1.value) }
    default: false
    }
  }

  private static func sorted(_ members: [Member]) -> [Member] {
    members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func writeCanonical(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += Array("null".utf8)
    case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
    case .number(let text): bytes += Array(canonicalNumber(text).utf8)
    case .string(let text): bytes += JSONText.encoded(text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.writeCanonical(into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in Self.sorted(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += JSONText.encoded(member.name)
        bytes.append(UInt8(ascii: ":"))
        member.value.writeCanonical(into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

/// One spelling for each value, exact for any number of digits: `1.50`, `15e-1` and `1.5` are all `1.5`; `-0` is `0`;
/// what would take more than 21 places is written `1.5e30`.
/// - Parameter text: a JSON number.
package func canonicalNumber(_ text: String) -> String {
  var (digits, places, exponent) = ([UInt8](), 0, 0)
  var isAfterPoint = false
  var rest = text.utf8[...]
  let isNegative = rest.first == UInt8(ascii: "-")
  if isNegative { rest = rest.dropFirst() }
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: "."): isAfterPoint = true
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      // An exponent beyond all sense stays as it is spelled.
      guard let value = Int(String(decoding: rest, as: UTF8.self)), abs(value) < 1_000_000 else { return text }
      exponent = value
      rest = rest.suffix(0)
    default:
      if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
      if isAfterPoint { places += 1 }
    }
  }
  exponent -= places
  while digits.last == UInt8(ascii: "0") {
    digits.removeLast()
    exponent += 1
  }
  guard !digits.isEmpty else { return "0" }
  return (isNegative ? "-" : "") + spelled(digits, exponent)
}

/// - Parameters:
///   - digits: without zeros at either end, not empty.
///   - exponent: of ten, for the number that the digits are as an integer.
private func spelled(_ digits: [UInt8], _ exponent: Int) -> String {
  let text = String(decoding: digits, as: UTF8.self)
  let beforePoint = digits.count + exponent
  switch (exponent, beforePoint) {
  case (0..., ...21): return text + String(repeating: "0", count: exponent)
  case (..<0, 1...21): return "\(text.prefix(beforePoint)).\(text.dropFirst(beforePoint))"
  case (..<0, -5...0): return "0." + String(repeating: "0", count: -beforePoint) + text
  default: return text.prefix(1) + (digits.count > 1 ? "." : "") + text.dropFirst() + "e\(beforePoint - 1)"
  }
}
