/// An event becomes one line: JSON for machines, or aligned text for people.

import Logging
import RolloutJudge

package enum LineFormat: String, Sendable, CaseIterable {
  case json, text
}

struct Line {
  var record: EventRecord
  var at: Instant
  /// Lines of this kind that were left out since the last one.
  var suppressed = 0

  /// One JSON object and a line feed; at most `EventLog.maxLineBytes`.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.append(raw: "{\"ts\":")
    writer.append(.string(at.rfc3339))
    writer.append(raw: ",\"level\":")
    writer.append(.string(record.level.rawValue))
    writer.append(raw: ",\"event\":")
    writer.append(.string(record.kind.rawValue))
    writer.append(raw: ",\"message\":")
    writer.append(.string(record.message), limit: TextLimit.message)
    for (field, value) in record.fields {
      writer.append(raw: ",")
      writer.append(.string(field.name))
      writer.append(raw: ":")
      writer.append(value, limit: field.shape.limit)
    }
    if suppressed > 0 {
      writer.append(raw: ",\"suppressed\":")
      writer.append(.integer(suppressed))
    }
    writer.append(raw: "}\n")
    return writer.bytes
  }

  /// `ts level event message key=value…`, in columns.
  /// - Parameter inColour: for a terminal.
  func text(inColour: Bool) -> [UInt8] {
    var line = at.rfc3339 + " "
    line += paint(column(record.level.rawValue.uppercased(), 8), record.level.colour, inColour)
    line += " " + paint(column(record.kind.rawValue, 17), "1", inColour) + " "
    line += escaped(record.message, limit: TextLimit.message)
    for (field, value) in record.fields where field.isShownInText {
      line += " " + paint(field.name + "=", "2", inColour) + escaped(value.plain, limit: field.shape.limit)
    }
    if suppressed > 0 { line += " " + paint("suppressed=", "2", inColour) + String(suppressed) }
    return Array((line + "\n").utf8)
  }

  private func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  private func paint(_ text: String, _ code: String, _ inColour: Bool) -> String {
    inColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  /// Text that a message quotes may not move the cursor or start a line of its own.
  private func escaped(_ text: String, limit: Int) -> String {
    var result = ""
    var length = 0
    for scalar in text.unicodeScalars {
      let piece = scalar.movesTerminals ? scalar.hexEscape : String(scalar)
      length += piece.utf8.count
      if length > limit - 3 { return result + "…" }
      result += piece
    }
    return result
  }
}

extension JSONValue {
  /// Without quotes around a string; `a:1,b:2` for an object.
  fileprivate var plain: String {
    switch self {
    case .string(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): number.description
    case .boolean(let boolean): boolean ? "true" : "false"
    case .array(let values): values.map(\.plain).joined(separator: ",")
    case .object(let members): members.map { "\($0.key):\($0.value.plain)" }.joined(separator: ",")
    }
  }
}

extension Logger.Level {
  /// The number of a terminal's "select graphic rendition".
  fileprivate var colour: String {
    switch self {
    case .trace, .debug: "2"
    case .info: "32"
    case .notice: "36"
    case .warning: "33"
    case .error, .critical: "31"
    }
  }
}
