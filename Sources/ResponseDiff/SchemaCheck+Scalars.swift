/// Checks a value by itself: its type, its choice of values, its size.

import Dialects

extension SchemaCheck {
  /// True for a keyword that is not read, or that does not speak of values of this type.
  static func holds(_ keyword: JSONTree.Member, for value: JSONTree) -> Bool {
    switch keyword.name {
    case "type":
      guard let name = keyword.value.text else {
        let names = keyword.value.elements.compactMap(\.text)
        return names.isEmpty || names.contains { isType($0, of: value) }
      }
      return isType(name, of: value)
    case "const": return keyword.value.means(value)
    case "enum": return keyword.value.elements.contains { $0.means(value) }
    case "minLength", "maxLength":
      guard case .string(let text) = value else { return true }
      return isWithin(text.unicodeScalars.count, keyword)
    case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
      guard let number = value.double, let limit = keyword.value.double else { return true }
      return isInOrder(number, limit, keyword.name)
    default: return true
    }
  }

  private static func isInOrder(_ number: Double, _ limit: Double, _ keyword: String) -> Bool {
    switch keyword {
    case "minimum": number >= limit
    case "maximum": number <= limit
    case "exclusiveMinimum": number > limit
    default: number < limit
    }
  }

  private static func isType(_ name: String, of value: JSONTree) -> Bool {
    switch (name, value) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
      ("object", .object):
      true
    // `1.0` and `1e3` are whole numbers too.
    case ("integer", .number(let text)): isWhole(text)
    case ("null", _), ("boolean", _), ("number", _), ("string", _), ("array", _), ("object", _), ("integer", _): false
    // A type that JSON Schema does not have is no reason to call a value wrong.
    default: true
    }
  }

  private static func isWhole(_ text: String) -> Bool {
    let canonical = canonicalNumber(text)
    guard let e = canonical.firstIndex(of: "e") else { return !canonical.contains(".") }
    let places = canonical[..<e].drop { $0 != "." }.dropFirst().count
    return Int(canonical[e...].dropFirst()).map { $0 >= places } ?? false
  }
}
