/// JSON with its keys in a chosen order, for the schema: people read it from top to bottom.

indirect enum JSONText: Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  case string(String)
  case integer(Int)
  case flag(Bool)
  case array([JSONText])
  case object([(String, JSONText)])

  init(stringLiteral value: String) { self = .string(value) }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(integerLiteral value: Int) { self = .integer(value) }

  static func strings(_ values: [String]) -> JSONText { .array(values.map(JSONText.string)) }

  /// Indented by two spaces a level; short arrays of scalars stay on one line.
  func rendered(indent: String = "") -> String {
    switch self {
    case .string(let text): return Self.quoted(text)
    case .integer(let value): return "\(value)"
    case .flag(let value): return value ? "true" : "false"
    case .array(let items):
      if items.isEmpty { return "[]" }
      let isFlat = items.allSatisfy { !$0.isNested }
      if isFlat { return "[" + items.map { $0.rendered() }.joined(separator: ", ") + "]" }
      let inner = indent + "  "
      return "[\n" + items.map { inner + $0.rendered(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let inner = indent + "  "
      let lines = members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.rendered(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// This object with further members at its end; anything else stays as it is.
  func adding(_ members: [(String, JSONText)]) -> JSONText {
    guard case .object(let own) = self else { return self }
    return .object(own + members)
  }

  private var isNested: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case let control where control.value < 0x20:
        let hex = String(control.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
