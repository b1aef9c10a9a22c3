/// The part of JSON Schema 2020-12 that the playbook's schema uses, for holding YAML against it.

import Foundation
import Yams

struct SchemaValidator {
  typealias Object = [String: any Sendable]
  let root: Object

  init(_ root: Object) { self.root = root }

  /// What does not follow the schema, with the place of each.
  func complaints(_ yaml: String) throws -> [String] {
    guard let node = try Yams.compose(yaml: yaml) else { return ["empty"] }
    return check(node, root, "$")
  }

  private func check(_ node: Node, _ schema: Object, _ path: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let target = (root["$defs"] as? Object)?[name] as? Object else { return ["\(path): no definition \(name)"] }
      return check(node, target, path)
    }
    if let options = schema["anyOf"] as? [Object] {
      let tries = options.map { check(node, $0, path) }
      return tries.contains([]) ? [] : ["\(path): none of \(options.count) forms"]
    }
    let words = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] }
    if let words, !words.contains(where: { type(of: node, is: $0) }) { return ["\(path): not \(words)"] }
    return checkScalar(node, schema, path) + checkSequence(node, schema, path) + checkMapping(node, schema, path)
  }

  private func type(of node: Node, is word: String) -> Bool {
    let tag = Resolver.default.resolveTag(of: node)
    switch word {
    case "object": return node.mapping != nil
    case "array": return node.sequence != nil
    case "string": return node.scalar != nil && tag == .str
    case "boolean": return tag == .bool
    case "integer": return tag == .int
    case "number": return tag == .int || tag == .float
    default: return false
    }
  }

  private func checkScalar(_ node: Node, _ schema: Object, _ path: String) -> [String] {
    var found: [String] = []
    let text = node.scalar?.string
    if let values = schema["enum"] as? [String], text.map({ !values.contains($0) }) ?? true {
      found.append("\(path): not one of \(values)")
    }
    if let value = schema["const"] as? Double, text.flatMap(Double.init) != value {
      found.append("\(path): not \(value)")
    }
    if let text, let pattern = schema["pattern"] as? String, type(of: node, is: "string"), !matches(text, pattern) {
      found.append("\(path): '\(text)' does not match \(pattern)")
    }
    if let text, let least = schema["minLength"] as? Double, Double(text.count) < least {
      found.append("\(path): too short")
    }
    if let number = text.flatMap(Double.init), type(of: node, is: "number") {
      if let bound = schema["minimum"] as? Double, number < bound { found.append("\(path): under \(bound)") }
      if let bound = schema["maximum"] as? Double, number > bound { found.append("\(path): over \(bound)") }
      if let bound = schema["exclusiveMinimum"] as? Double, number <= bound {
        found.append("\(path): not over \(bound)")
      }
    }
    return found
  }

  private func checkSequence(_ node: Node, _ schema: Object, _ path: String) -> [String] {
    guard let sequence = node.sequence else { return [] }
    var found: [String] = []
    if let least = schema["minItems"] as? Double, Double(sequence.count) < least { found.append("\(path): too few") }
    if let most = schema["maxItems"] as? Double, Double(sequence.count) > most { found.append("\(path): too many") }
    guard let items = schema["items"] as? Object else { return found }
    return found + sequence.enumerated().flatMap { check($1, items, "\(path)[\($0)]") }
  }

  private func checkMapping(_ node: Node, _ schema: Object, _ path: String) -> [String] {
    guard let mapping = node.mapping else { return [] }
    var found: [String] = []
    if let least = schema["minProperties"] as? Double, Double(mapping.count) < least { found.append("\(path): empty") }
    for name in (schema["required"] as? [String]) ?? [] where mapping[name] == nil {
      found.append("\(path): no \(name)")
    }
    let properties = (schema["properties"] as? Object) ?? [:]
    let names = (schema["propertyNames"] as? Object)?["pattern"] as? String
    for (key, value) in mapping {
      let key = key.scalar?.string ?? ""
      if let names, !matches(key, names) { found.append("\(path): key '\(key)'") }
      if let known = properties[key] as? Object {
        found += check(value, known, "\(path).\(key)")
      } else if let others = schema["additionalProperties"] as? Object {
        found += check(value, others, "\(path).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(path): unknown key '\(key)'")
      }
    }
    return found
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    text.range(of: pattern, options: .regularExpression) != nil
  }
}

/// JSON as plain Swift values, with numbers and flags told apart.
struct JSONValue: Decodable {
  /// `Bool`, `Double`, `String`, `[String]` (also for arrays of numbers, as text), `[Object]` or `Object`.
  let plain: any Sendable

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      plain = flag
    } else if let number = try? container.decode(Double.self) {
      plain = number
    } else if let text = try? container.decode(String.self) {
      plain = text
    } else if let object = try? container.decode([String: JSONValue].self) {
      plain = object.mapValues(\.plain)
    } else {
      let items = try container.decode([JSONValue].self).map(\.plain)
      let objects = items.compactMap { $0 as? SchemaValidator.Object }
      plain = objects.count == items.count ? objects : items.map { ($0 as? Double).map { "\(Int($0))" } ?? "\($0)" }
    }
  }
}
