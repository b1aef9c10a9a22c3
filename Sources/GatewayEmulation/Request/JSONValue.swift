/// A small part of a request as a tree: schemas and tool choices, whose order and spelling are kept.
indirect enum JSONValue: Sendable, Equatable {
  struct Member: Sendable, Equatable {
    /// Between the quotes, escapes as written.
    var name: String
    var value: JSONValue
  }

  case object([Member])
  case array([JSONValue])
  /// A string with its quotes, a number, `true`, `false` or `null`, as written.
  case scalar(String)

  static let sizeLimit = 256 << 10
  static let depthLimit = 32

  /// - Parameters:
  ///   - extent: of a value in `bytes` that `JSONScan` found.
  ///   - limit: larger values are not looked into.
  init?(_ bytes: Span<UInt8>, _ extent: JSONScan.Extent, limit: Int = JSONValue.sizeLimit, depth: Int = 0) {
    guard extent.count <= limit, !extent.isEmpty, depth < Self.depthLimit else { return nil }
    switch bytes[extent.lowerBound] {
    case UInt8(ascii: "{"):
      guard let members = JSONScan.object(in: bytes, extent: extent) else { return nil }
      var found: [Member] = []
      for (name, place) in members.sorted(by: { $0.value.lowerBound < $1.value.lowerBound }) {
        guard let value = JSONValue(bytes, place, limit: limit, depth: depth + 1) else { return nil }
        found.append(Member(name: name, value: value))
      }
      self = .object(found)
    case UInt8(ascii: "["):
      guard let elements = JSONScan.array(in: bytes, extent: extent) else { return nil }
      var found: [JSONValue] = []
      for place in elements {
        guard let value = JSONValue(bytes, place, limit: limit, depth: depth + 1) else { return nil }
        found.append(value)
      }
      self = .array(found)
    default:
      self = .scalar(String(decoding: JSONScan.copy(bytes, extent), as: UTF8.self))
    }
  }

  subscript(_ name: String) -> JSONValue? {
    members.first { $0.name == name }?.value
  }

  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The text of a string, between its quotes; nil for all else.
  var string: String? {
    guard case .scalar(let text) = self, text.hasPrefix("\"") else { return nil }
    return String(text.dropFirst().dropLast())
  }

  /// Finite; nil for all else.
  var number: Double? {
    guard case .scalar(let text) = self, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The value as JSON, without blanks.
  var text: String {
    switch self {
    case .object(let members): "{" + members.map { "\"\($0.name)\":\($0.value.text)" }.joined(separator: ",") + "}"
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .scalar(let text): text
    }
  }
}
