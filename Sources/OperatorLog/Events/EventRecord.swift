/// One event as the table has it: kind, level, message and the fields that it carries, in the order they are written.

import Logging

struct EventRecord: Sendable {
  var kind: EventKind
  var level: Logger.Level
  var message: String
  let fields: [(field: LogField, value: JSONValue)]

  /// - Parameter fields: those without a value are left out.
  init(
    _ kind: EventKind, _ level: Logger.Level, _ message: String, _ fields: KeyValuePairs<LogField, JSONValue?>
  ) {
    self.kind = kind
    self.level = level
    self.message = message
    self.fields = fields.compactMap { field, value in value.map { (field, $0) } }
  }
}

extension JSONValue {
  /// To the microsecond.
  static func milliseconds(_ duration: Duration) -> JSONValue {
    .number((duration / .microseconds(1)).rounded() / 1000)
  }
}
