/// Finds the fields of a JSON object and where their values lie, without building a tree, for bodies of any size.
struct JSONScan {
  /// Byte offsets, the quotes, braces or brackets included.
  typealias Extent = Range<Int>

  /// Nesting deeper than this is refused, so that no body can exhaust the stack.
  static let deepest = 512

  private var position: Int

  /// The members of the object that fills `extent`, the last of equal names winning; nil where it is not a JSON object.
  static func object(in bytes: Span<UInt8>, extent: Extent) -> [String: Extent]? {
    var scan = JSONScan(position: extent.lowerBound)
    var members: [String: Extent] = [:]
    scan.skipBlanks(bytes)
    let isWhole = scan.members(bytes, depth: 0) { name, value in
      members[String(decoding: copy(bytes, name).dropFirst().dropLast(), as: UTF8.self)] = value
    }
    scan.skipBlanks(bytes)
    return isWhole && scan.position == extent.upperBound ? members : nil
  }

  /// The elements of the array that fills `extent`; nil where it is not a JSON array.
  static func array(in bytes: Span<UInt8>, extent: Extent) -> [Extent]? {
    var scan = JSONScan(position: extent.lowerBound)
    var elements: [Extent] = []
    let isWhole = scan.elements(bytes, depth: 0) { elements.append($0) }
    return isWhole ? elements : nil
  }

  static func copy(_ bytes: Span<UInt8>, _ extent: Extent) -> [UInt8] {
    var copied: [UInt8] = []
    copied.reserveCapacity(extent.count)
    for index in extent { copied.append(bytes[index]) }
    return copied
  }

  private mutating func value(_ bytes: Span<UInt8>, depth: Int) -> Extent? {
    skipBlanks(bytes)
    guard position < bytes.count, depth < Self.deepest else { return nil }
    let start = position
    let isWhole =
      switch bytes[position] {
      case UInt8(ascii: "{"): members(bytes, depth: depth) { _, _ in }
      case UInt8(ascii: "["): elements(bytes, depth: depth) { _ in }
      case UInt8(ascii: "\""): string(bytes)
      default: scalar(bytes)
      }
    return isWhole ? start..<position : nil
  }

  private mutating func members(
    _ bytes: Span<UInt8>, depth: Int, each: (_ name: Extent, _ value: Extent) -> Void
  ) -> Bool {
    guard take(bytes, "{") else { return false }
    skipBlanks(bytes)
    if take(bytes, "}") { return true }
    while true {
      skipBlanks(bytes)
      let start = position
      guard string(bytes) else { return false }
      let name = start..<position
      skipBlanks(bytes)
      guard take(bytes, ":"), let value = value(bytes, depth: depth + 1) else { return false }
      each(name, value)
      skipBlanks(bytes)
      if take(bytes, "}") { return true }
      guard take(bytes, ",") else { return false }
    }
  }

  private mutating func elements(_ bytes: Span<UInt8>, depth: Int, each: (Extent) -> Void) -> Bool {
    guard take(bytes, "[") else { return false }
    skipBlanks(bytes)
    if take(bytes, "]") { return true }
    while true {
      guard let value = value(bytes, depth: depth + 1) else { return false }
      each(value)
      skipBlanks(bytes)
      if take(bytes, "]") { return true }
      guard take(bytes, ",") else { return false }
    }
  }

  private mutating func string(_ bytes: Span<UInt8>) -> Bool {
    guard take(bytes, "\"") else { return false }
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return true
      case UInt8(ascii: "\\"):
        position += 2
      case 0..<0x20:
        return false
      default:
        position += 1
      }
    }
    return false
  }

  /// Numbers and the three literals; a number's digits are not checked further.
  private mutating func scalar(_ bytes: Span<UInt8>) -> Bool {
    let start = position
    while position < bytes.count, Self.isScalar(bytes[position]) { position += 1 }
    guard position > start else { return false }
    if bytes[start] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[start]) { return true }
    let literal = String(decoding: Self.copy(bytes, start..<position), as: UTF8.self)
    return ["true", "false", "null"].contains(literal)
  }

  private static func isScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
    default: false
    }
  }

  private mutating func take(_ bytes: Span<UInt8>, _ expected: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: expected) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }
}
