/// Writes JSON that a JSON schema allows: what a model would fill in, or leave out where it may.
struct SchemaInstance {
  let root: JSONValue
  /// Draws what is filled in; the same draws give the same JSON, whatever the wording.
  var content: SeededRandom
  /// Says what strings hold.
  var wording: Wording

  /// Deeper than this, only what is required is written, and the shortest choice taken.
  static let generousDepth = 6
  /// A schema that can only be satisfied deeper than this, such as one that contains itself, is given up.
  static let deepest = 24
  static let stringWords = 4
  static let longestArray = 64
  static let longestString = 10_000

  init(schema: JSONValue, content: SeededRandom, wording: Wording) {
    root = schema
    self.content = content
    self.wording = wording
  }

  mutating func value() -> JSONValue { value(root, depth: 0) }

  mutating func text() -> String { value().text }

  private mutating func value(_ schema: JSONValue, depth: Int) -> JSONValue {
    guard depth < Self.deepest, case .object = schema else { return .scalar("null") }
    if let reference = schema["$ref"]?.string {
      return value(resolved(reference), depth: depth + 1)
    }
    if let constant = schema["const"] { return constant }
    if let choices = schema["enum"]?.elements, !choices.isEmpty { return choices[content.below(choices.count)] }
    if let choices = (schema["anyOf"] ?? schema["oneOf"])?.elements, !choices.isEmpty {
      return value(choice(choices, depth: depth), depth: depth + 1)
    }
    if let parts = schema["allOf"]?.elements, !parts.isEmpty {
      return value(merged([schema] + parts.map(dereferenced)), depth: depth + 1)
    }
    switch type(of: schema) {
    case "object": return object(schema, depth: depth)
    case "array": return array(schema, depth: depth)
    case "integer": return .scalar(number(schema, isWhole: true))
    case "number": return .scalar(number(schema, isWhole: false))
    case "boolean": return .scalar(content.below(2) == 0 ? "true" : "false")
    case "null": return .scalar("null")
    default: return .scalar(string(schema))
    }
  }

  // MARK: Which schema

  /// `#`, `#/$defs/Name` and other paths within the document.
  private func resolved(_ reference: String) -> JSONValue {
    var place: JSONValue? = root
    for step in reference.split(separator: "/").dropFirst() { place = place?[String(step)] }
    return place ?? .object([])
  }

  private func dereferenced(_ schema: JSONValue) -> JSONValue {
    schema["$ref"]?.string.map(resolved) ?? schema
  }

  /// Deep down the choice that ends soonest.
  private mutating func choice(_ choices: [JSONValue], depth: Int) -> JSONValue {
    if depth >= Self.generousDepth {
      return choices.first { Self.isFlat(dereferenced($0)) } ?? choices[0]
    }
    let full = choices.filter { $0["type"]?.string != "null" }
    return full.isEmpty ? choices[0] : full[content.below(full.count)]
  }

  private static func isFlat(_ schema: JSONValue) -> Bool {
    !["object", "array"].contains(schema["type"]?.string) && schema["properties"] == nil && schema["anyOf"] == nil
  }

  private func merged(_ parts: [JSONValue]) -> JSONValue {
    var properties: [JSONValue.Member] = []
    var required: [JSONValue] = []
    var rest: [JSONValue.Member] = []
    for part in parts {
      properties += part["properties"]?.members ?? []
      required += part["required"]?.elements ?? []
      rest += part.members.filter { !["properties", "required", "allOf"].contains($0.name) }
    }
    if !properties.isEmpty { rest.append(.init(name: "properties", value: .object(properties))) }
    return .object(rest + [.init(name: "required", value: .array(required))])
  }

  private func type(of schema: JSONValue) -> String {
    if let type = schema["type"]?.string { return type }
    if let types = schema["type"]?.elements.compactMap(\.string), let first = types.first(where: { $0 != "null" }) {
      return first
    }
    if schema["properties"] != nil || schema["required"] != nil { return "object" }
    if schema["items"] != nil || schema["prefixItems"] != nil { return "array" }
    return schema["minimum"] != nil || schema["maximum"] != nil ? "number" : "string"
  }

  // MARK: Values

  private mutating func object(_ schema: JSONValue, depth: Int) -> JSONValue {
    let required = Set(schema["required"]?.elements.compactMap(\.string) ?? [])
    var members: [JSONValue.Member] = []
    for property in schema["properties"]?.members ?? [] {
      // Drawn for every property, so that what is left out does not change the rest.
      let isWanted = content.fraction() < 0.7 && depth < Self.generousDepth
      guard required.contains(property.name) || isWanted else { continue }
      members.append(.init(name: property.name, value: value(property.value, depth: depth + 1)))
    }
    let declared = Set(members.map(\.name))
    let missing = required.subtracting(declared).sorted()
    return .object(members + missing.map { .init(name: $0, value: .scalar("\"\"")) })
  }

  private mutating func array(_ schema: JSONValue, depth: Int) -> JSONValue {
    let first = schema["prefixItems"]?.elements ?? []
    let least = max(Self.length(schema["minItems"], Self.longestArray) ?? 0, first.count)
    let most = max(least, Self.length(schema["maxItems"], 2) ?? 2)
    let wanted = 1 + content.below(2)
    let count = depth >= Self.generousDepth ? least : min(max(least, wanted), most)
    var elements: [JSONValue] = []
    for index in 0..<count {
      let item = index < first.count ? first[index] : schema["items"] ?? .object([])
      elements.append(value(item, depth: depth + 1))
    }
    return .array(elements)
  }

  private mutating func number(_ schema: JSONValue, isWhole: Bool) -> String {
    func bound(_ name: String) -> Double? { schema[name]?.number.map { min(max($0, -1e15), 1e15) } }
    let multiple = bound("multipleOf") ?? 0
    let step = multiple > 1e-9 ? multiple : isWhole ? 1 : 0.25
    let low = bound("minimum") ?? bound("exclusiveMinimum").map { $0 + step }
    let high = bound("maximum") ?? bound("exclusiveMaximum").map { $0 - step }
    let bottom = ((low ?? min(1, high ?? 1)) / step).rounded(.up)
    let top = max(bottom, ((high ?? (bottom * step + 20 * step)) / step).rounded(.down))
    let value = (bottom + Double(content.below(Int(min(top - bottom, 1_000_000)) + 1))) * step
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  /// A length that a schema asks for, at most `limit`.
  private static func length(_ value: JSONValue?, _ limit: Int) -> Int? {
    value?.number.map { Int(min(max($0, 0), Double(limit))) }
  }

  private mutating func string(_ schema: JSONValue) -> String {
    if let formatted = formatted(schema["format"]?.string) { return "\"\(formatted)\"" }
    var text = wording.words(Self.stringWords, content: &content).joined(separator: " ")
    if let least = Self.length(schema["minLength"], Self.longestString), text.count < least {
      text += String(repeating: ".", count: least - text.count)
    }
    if let most = Self.length(schema["maxLength"], Self.longestString) { text = String(text.prefix(most)) }
    return JSONText.literal(text)
  }

  /// RFC 3339, RFC 5321, RFC 9562, RFC 3986: the formats that schemas of tools use.
  private mutating func formatted(_ format: String?) -> String? {
    let day = 10 + content.below(18)
    switch format {
    case "date": return "2026-11-\(day)"
    case "time": return "\(day % 10 + 10):30:00Z"
    case "date-time": return "2026-11-\(day)T10:30:00Z"
    case "email": return "someone.\(day)@example.com"
    case "uri", "url": return "https://example.com/\(day)"
    case "uuid": return "0b5c19ad-8d2b-4ad1-9c1e-0000000000\(day)"
    default: return nil
    }
  }
}
