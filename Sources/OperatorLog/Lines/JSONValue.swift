/// JSON with its keys in the order they were given, written straight into bytes, every string bounded as it is written.

enum JSONValue: Sendable, Equatable {
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case array([JSONValue])
  case object([Member])

  struct Member: Sendable, Equatable {
    var key: String
    var value: JSONValue
  }

  static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  /// Without the members that have no value.
  static func object(present members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// Numbers by name, sorted so that equal maps give equal lines.
  static func numbers(_ numbers: [String: Double]) -> JSONValue { shares(numbers) }

  /// Shares by name, sorted so that equal maps give equal lines.
  static func shares(_ shares: [String: Double]) -> JSONValue {
    .object(shares.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: .number($0.value)) })
  }
}

/// Limits that together keep a line below `EventLog.maxLineBytes` whatever its values are; all in bytes after escaping.
enum TextLimit {
  static let label = 256
  static let text = 4096
  static let message = 8192
  /// Members of one object; further ones are left out.
  static let members = 64
}

struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(raw text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// - Parameter limit: bytes of each string after escaping; a longer one is cut and ends in `…`.
  mutating func append(_ value: JSONValue, limit: Int = TextLimit.label) {
    switch value {
    case .string(let text): append(string: text, limit: limit)
    case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
    case .number(let number): append(number: number)
    case .boolean(let boolean): append(raw: boolean ? "true" : "false")
    case .array(let values):
      appendList(values, from: "[", to: "]") { $0.append($1, limit: limit) }
    case .object(let members):
      appendList(members, from: "{", to: "}") { writer, member in
        writer.append(string: member.key, limit: TextLimit.label)
        writer.append(raw: ":")
        writer.append(member.value, limit: limit)
      }
    }
  }

  /// JSON has no infinities: evidence beyond the range of `Double` is written as its largest value, no number as 0.
  private mutating func append(number: Double) {
    guard !number.isNaN else { return append(raw: "0.0") }
    let largest = Double.greatestFiniteMagnitude
    bytes.append(contentsOf: min(max(number, -largest), largest).description.utf8)
  }

  private mutating func appendList<Element>(
    _ elements: [Element], from open: StaticString, to close: StaticString,
    each: (inout JSONWriter, Element) -> Void
  ) {
    append(raw: open)
    for (index, element) in elements.prefix(TextLimit.members).enumerated() {
      if index > 0 { append(raw: ",") }
      each(&self, element)
    }
    append(raw: close)
  }

  mutating func append(string text: String, limit: Int) {
    append(raw: "\"")
    defer { append(raw: "\"") }
    if text.utf8.count <= limit - 3, text.utf8.allSatisfy(\.isPlainInJSON) {
      bytes.append(contentsOf: text.utf8)
      return
    }
    let start = bytes.count
    for scalar in text.unicodeScalars {
      let before = bytes.count
      append(escaped: scalar)
      if bytes.count - start > limit - 3 {
        bytes.removeLast(bytes.count - before)
        append(raw: "…")
        break
      }
    }
  }

  private mutating func append(escaped scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": append(raw: "\\\"")
    case "\\": append(raw: "\\\\")
    case "\n": append(raw: "\\n")
    case "\r": append(raw: "\\r")
    case "\t": append(raw: "\\t")
    default: bytes.append(contentsOf: (scalar.movesTerminals ? scalar.hexEscape : String(scalar)).utf8)
    }
  }
}

extension UInt8 {
  /// Printable ASCII that stands for itself.
  fileprivate var isPlainInJSON: Bool { (0x20..<0x7f).contains(self) && self != 0x22 && self != 0x5c }
}

extension Unicode.Scalar {
  /// Control characters of both sets, line separators and bidirectional overrides: what could make a terminal show a
  /// line that was never written.
  var movesTerminals: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  /// `\u001b`
  var hexEscape: String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
