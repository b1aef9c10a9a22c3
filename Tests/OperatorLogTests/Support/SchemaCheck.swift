/// The part of JSON Schema 2020-12 that the log's schema uses; an unknown keyword is a failure, not a pass.

import Foundation
import Testing

struct SchemaCheck {
  let schema: [String: Any]

  init(_ text: String) throws {
    schema = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// What is wrong with a line; empty where nothing is.
  func problems(in line: String) -> [String] {
    guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) else { return ["not JSON"] }
    return problems(value, schema, at: "$")
  }

  private func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    let object = value as? [String: Any] ?? [:]
    let properties = schema["properties"] as? [String: Any] ?? [:]
    return schema.flatMap { keyword, rule -> [String] in
      let problem = ["\(place): \(keyword)"]
      switch keyword {
      case "$schema", "title", "description", "format": return []
      case "type": return isOf(type: rule as? String, value) ? [] : problem
      case "const": return (rule as? String) == (value as? String) ? [] : problem
      case "enum": return (rule as? [String] ?? []).contains(value as? String ?? "\0") ? [] : problem
      case "pattern": return matches(value as? String, rule as? String) ? [] : problem
      case "minimum": return number(value) >= number(rule) ? [] : problem
      case "maximum": return number(value) <= number(rule) ? [] : problem
      case "maxLength": return (value as? String ?? "").unicodeScalars.count <= Int(number(rule)) ? [] : problem
      case "required": return (rule as? [String] ?? []).filter { object[$0] == nil }.map { "\(place): no \($0)" }
      case "properties":
        return properties.flatMap { name, inner in
          object[name].map { problems($0, inner as? [String: Any] ?? [:], at: "\(place).\(name)") } ?? []
        }
      case "additionalProperties":
        return object.filter { properties[$0.key] == nil }.flatMap { name, member in
          (rule as? [String: Any]).map { problems(member, $0, at: "\(place).\(name)") } ?? ["\(place): extra \(name)"]
        }
      case "items":
        return (value as? [Any] ?? []).enumerated().flatMap { index, item in
          problems(item, rule as? [String: Any] ?? [:], at: "\(place)[\(index)]")
        }
      case "oneOf", "unevaluatedProperties":
        return keyword == "oneOf" ? branchProblems(object, rule, properties, at: place) : []
      default: return ["\(place): keyword \(keyword) is not understood"]
      }
    }
  }

  /// Exactly one branch holds, and together with the properties beside it names every member.
  private func branchProblems(
    _ object: [String: Any], _ rule: Any, _ shared: [String: Any], at place: String
  ) -> [String] {
    let branches = rule as? [[String: Any]] ?? []
    let holding = branches.filter { problems(object, $0, at: place).isEmpty }
    guard holding.count == 1 else {
      let ofEvent = branches.filter { $0["title"] as? String == object["event"] as? String }
      return ["\(place): \(holding.count) branches hold"] + ofEvent.flatMap { problems(object, $0, at: place) }
    }
    let own = holding[0]["properties"] as? [String: Any] ?? [:]
    return object.keys.filter { own[$0] == nil && shared[$0] == nil }.map { "\(place): extra \($0)" }
  }

  private func isOf(type: String?, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    case "number": value is NSNumber
    default: false
    }
  }

  private func number(_ value: Any) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

  private func matches(_ text: String?, _ pattern: String?) -> Bool {
    guard let text, let pattern, let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }
}
