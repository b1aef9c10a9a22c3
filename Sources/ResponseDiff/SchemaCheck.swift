/// Checks a JSON value against a schema that a request declares: the part of JSON Schema 2020-12 that requests use.

import Dialects

/// `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`, `anyOf`, `oneOf`,
/// `allOf`, `not`, minima and maxima, and `$ref` within the schema. Other keywords are passed over.
struct SchemaCheck {
  /// The first way in which a value does not match.
  struct Violation: Equatable {
    /// Below the value: `.city`, `.stops[2]`, empty for the value itself.
    var path: String
    var keyword: String
  }

  let root: JSONTree

  /// Schemas applied to values, in one check; where it bites, the rest counts as matching.
  static let stepLimit = 20_000
  static let depthLimit = 48

  init(_ root: JSONTree) { self.root = root }

  /// - Returns: nil where the value matches, or where that would take more than `stepLimit` steps to tell.
  func violation(by value: JSONTree) -> Violation? {
    var steps = 0
    return check(value, root, "", depth: 0, &steps)
  }

  func check(_ value: JSONTree, _ schema: JSONTree, _ path: String, depth: Int, _ steps: inout Int) -> Violation? {
    steps += 1
    guard steps <= Self.stepLimit, depth < Self.depthLimit else {
      // Too deep to tell for a part is too deep to tell for the whole.
      steps = Self.stepLimit + 1
      return nil
    }
    if case .bool(let allows) = schema { return allows ? nil : Violation(path: path, keyword: "false") }
    for keyword in schema.members {
      let found: Violation?
      switch keyword.name {
      case "$ref":
        guard let target = keyword.value.text.flatMap(resolve) else { continue }
        found = check(value, target, path, depth: depth + 1, &steps)
      case "allOf", "anyOf", "oneOf", "not":
        found = checkCombination(value, keyword, path, depth: depth, &steps)
      case "properties", "required", "additionalProperties", "minProperties", "maxProperties":
        found = checkMembers(value, keyword, schema, path, depth: depth, &steps)
      case "items", "prefixItems", "minItems", "maxItems":
        found = checkElements(value, keyword, schema, path, depth: depth, &steps)
      default:
        steps += keyword.value.elements.count / 16
        found = Self.holds(keyword, for: value) ? nil : Violation(path: path, keyword: keyword.name)
      }
      if let found { return found }
    }
    return nil
  }

  private func checkCombination(
    _ value: JSONTree, _ keyword: JSONTree.Member, _ path: String, depth: Int, _ steps: inout Int
  ) -> Violation? {
    if keyword.name == "not" {
      let isMatch = check(value, keyword.value, path, depth: depth + 1, &steps) == nil
      // What was given up on has not been shown to match.
      return isMatch && steps <= Self.stepLimit ? Violation(path: path, keyword: "not") : nil
    }
    var matches = 0
    for schema in keyword.value.elements {
      if let violation = check(value, schema, path, depth: depth + 1, &steps) {
        if keyword.name == "allOf" { return violation }
      } else {
        matches += 1
      }
      if steps > Self.stepLimit { return nil }
    }
    let isMatch = keyword.name == "allOf" || (keyword.name == "oneOf" ? matches == 1 : matches > 0)
    return isMatch ? nil : Violation(path: path, keyword: keyword.name)
  }

  /// `#`, `#/$defs/NAME` and the like; nil for what is elsewhere or is not there.
  private func resolve(_ reference: String) -> JSONTree? {
    guard reference.hasPrefix("#") else { return nil }
    var target = root
    for step in reference.dropFirst().split(separator: "/") {
      guard let next = target[Self.unescaped(step)] ?? Self.element(target, step) else { return nil }
      target = next
    }
    return target
  }

  private static func element(_ tree: JSONTree, _ step: Substring) -> JSONTree? {
    guard let index = Int(step), tree.elements.indices.contains(index) else { return nil }
    return tree.elements[index]
  }

  /// RFC 6901: `~1` is a slash, `~0` a tilde.
  private static func unescaped(_ step: Substring) -> String {
    guard step.contains("~") else { return String(step) }
    var text = ""
    var rest = step
    while let character = rest.popFirst() {
      guard character == "~", let next = rest.first, next == "0" || next == "1" else {
        text.append(character)
        continue
      }
      rest.removeFirst()
      text.append(next == "1" ? "/" : "~")
    }
    return text
  }
}
