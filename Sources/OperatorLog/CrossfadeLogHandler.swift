/// Lines of libraries become `notice` events, so that everything on standard error is one kind of line.

package import Logging
import RolloutJudge

package struct CrossfadeLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let log: EventLog

  package init(label: String, log: EventLog) {
    self.label = label
    self.log = log
    self.logLevel = log.level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: Logging.LogEvent) {
    var merged = metadata
    merged.merge(metadataProvider?.get() ?? [:]) { $1 }
    merged.merge(event.metadata ?? [:]) { $1 }
    let record = EventRecord.notice(
      event.level, event.message.description, logger: label, details: merged.isEmpty ? nil : JSONValue(merged),
      error: event.error.map { "\($0)" })
    log.emit(record, at: nil)
  }
}

extension JSONValue {
  fileprivate init(_ metadata: Logger.Metadata) {
    let sorted = metadata.sorted { $0.key < $1.key }.prefix(TextLimit.members)
    self = .object(
      sorted.map { key, value in
        Member(key: key, value: namesSecret(key) ? .string("****") : JSONValue(value))
      })
  }

  /// Depth and breadth of libraries' metadata is not ours to bound: what is nested is written as words.
  private init(_ value: Logger.MetadataValue) {
    self = .string(value.description)
  }
}

/// Libraries sometimes log the headers they were given.
private func namesSecret(_ key: String) -> Bool {
  let lowercased = key.lowercased()
  return ["authorization", "cookie", "token", "secret", "password", "key", "body"].contains { lowercased.contains($0) }
}
