/// The JSON Schema of the log, written from the same table that the lines are written from.

import Logging

/// JSON Schema 2020-12 that every line satisfies; one branch for each event.
package func logSchema() -> String {
  let schema: JSONValue = .object([
    "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
    "title": .string("Crossfade log line"),
    "description": .string("Shares are fractions, durations milliseconds, money USD."),
    "type": .string("object"),
    "properties": .object([
      "ts": LogField.Shape.instantSchema,
      "level": .object(["enum": .array(Logger.Level.allCases.map { .string($0.rawValue) })]),
      "event": .object(["enum": .array(EventKind.allCases.map { .string($0.rawValue) })]),
      "message": .object(["type": .string("string"), "maxLength": .integer(TextLimit.message)]),
      "suppressed": .object([
        "description": .string("Lines of this event that were left out before this one: too many in a second."),
        "type": .string("integer"), "minimum": .integer(1),
      ]),
    ]),
    "required": .array(["ts", "level", "event", "message"].map(JSONValue.string)),
    "oneOf": .array(EventKind.allCases.map(\.schema)),
    "unevaluatedProperties": .boolean(false),
  ])
  return schema.indented()
}

extension EventKind {
  fileprivate var schema: JSONValue {
    let fields = row.required + row.optional
    let event = JSONValue.Member(key: "event", value: .object(["const": .string(rawValue)]))
    return .object([
      "title": .string(rawValue), "description": .string(row.about),
      "properties": .object([event] + fields.map { .init(key: $0.name, value: $0.schema) }),
      "required": .array(row.required.map { .string($0.name) }),
    ])
  }
}

extension JSONValue {
  /// For people: two spaces a level, short values on one line.
  fileprivate func indented(_ depth: Int = 0) -> String {
    var writer = JSONWriter()
    writer.append(self, limit: TextLimit.text)
    let flat = String(decoding: writer.bytes, as: UTF8.self)
    guard flat.utf8.count + depth * 2 > 100 else { return flat }
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .object(let members):
      let lines = members.map { member in
        "\(inner)\(JSONValue.string(member.key).indented()): \(member.value.indented(depth + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .array(let values):
      return "[\n" + values.map { inner + $0.indented(depth + 1) }.joined(separator: ",\n") + "\n\(outer)]"
    default: return flat
    }
  }
}
