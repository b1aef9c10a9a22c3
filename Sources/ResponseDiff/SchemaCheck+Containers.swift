/// Checks what an object or an array holds against the keywords that speak of it.

import Dialects

extension SchemaCheck {
  func checkMembers(
    _ value: JSONTree, _ keyword: JSONTree.Member, _ schema: JSONTree, _ path: String, depth: Int, _ steps: inout Int
  ) -> Violation? {
    guard case .object(let members) = value else { return nil }
    switch keyword.name {
    case "required":
      for name in keyword.value.elements.compactMap(\.text) where !isGivenUp(&steps, members) && value[name] == nil {
        return Violation(path: "\(path).\(nameInPath(name))", keyword: "required")
      }
      return nil
    case "minProperties", "maxProperties":
      return Self.isWithin(members.count, keyword) ? nil : Violation(path: path, keyword: keyword.name)
    case "properties":
      for property in keyword.value.members {
        if isGivenUp(&steps, members) { return nil }
        guard let member = value[property.name] else { continue }
        let place = "\(path).\(nameInPath(property.name))"
        if let found = check(member, property.value, place, depth: depth + 1, &steps) { return found }
      }
      return nil
    default:
      return checkAdditional(members, keyword.value, schema, path, depth: depth, &steps)
    }
  }

  /// Looking a name up goes over all members, which is counted like schemas that are applied.
  private func isGivenUp(_ steps: inout Int, _ members: [JSONTree.Member]) -> Bool {
    steps += members.count / 16
    return steps > Self.stepLimit
  }

  private func checkAdditional(
    _ members: [JSONTree.Member], _ additional: JSONTree, _ schema: JSONTree, _ path: String, depth: Int,
    _ steps: inout Int
  ) -> Violation? {
    // Patterns are not read, so what they would allow is not known.
    guard schema["patternProperties"] == nil else { return nil }
    let declared = Set((schema["properties"]?.members ?? []).map(\.name))
    for member in members where !declared.contains(member.name) {
      let place = "\(path).\(nameInPath(member.name))"
      if additional == .bool(false) { return Violation(path: place, keyword: "additionalProperties") }
      if let found = check(member.value, additional, place, depth: depth + 1, &steps) { return found }
    }
    return nil
  }

  func checkElements(
    _ value: JSONTree, _ keyword: JSONTree.Member, _ schema: JSONTree, _ path: String, depth: Int, _ steps: inout Int
  ) -> Violation? {
    guard case .array(let elements) = value else { return nil }
    switch keyword.name {
    case "minItems", "maxItems":
      return Self.isWithin(elements.count, keyword) ? nil : Violation(path: path, keyword: keyword.name)
    case "prefixItems":
      for (index, pair) in zip(elements, keyword.value.elements).enumerated() {
        if let found = check(pair.0, pair.1, "\(path)[\(index)]", depth: depth + 1, &steps) { return found }
      }
      return nil
    default:
      let first = schema["prefixItems"]?.elements.count ?? 0
      for (index, element) in elements.enumerated().dropFirst(first) {
        if let found = check(element, keyword.value, "\(path)[\(index)]", depth: depth + 1, &steps) { return found }
        if steps > Self.stepLimit { return nil }
      }
      return nil
    }
  }

  /// Whether a count keeps to `min…` or `max…`.
  static func isWithin(_ count: Int, _ keyword: JSONTree.Member) -> Bool {
    guard let limit = keyword.value.double else { return true }
    return keyword.name.hasPrefix("min") ? Double(count) >= limit : Double(count) <= limit
  }
}
