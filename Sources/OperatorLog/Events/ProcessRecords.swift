/// Records about the process itself: its sockets, its journal, its end, and its log.

import Logging

extension EventRecord {
  static func journalFailed(_ error: String) -> EventRecord {
    EventRecord(
      .journalFailed, .error, "the journal cannot be written, nothing advances: \(error)", [.error: .string(error)])
  }

  static func journalRecovered(_ failedFor: Duration) -> EventRecord {
    EventRecord(
      .journalRecovered, .info, "the journal can be written again after \(seconds(failedFor)) s",
      [.failedFor: .milliseconds(failedFor)])
  }

  static func webhookFailed(
    _ form: String, _ seq: Int, _ attempts: Int, _ status: Int?, _ error: String?
  ) -> EventRecord {
    let cause = error ?? status.map { "status \($0)" } ?? "no answer"
    return EventRecord(
      .webhookFailed, .warning,
      "\(form == "webhook" ? "the webhook" : form) did not take decision \(seq) in \(attempts == 1 ? "1 attempt" : "\(attempts) attempts"): \(cause)",
      [
        .seq: .integer(seq), .attempts: .integer(attempts), .status: status.map(JSONValue.integer),
        .error: error.map(JSONValue.string),
      ])
  }

  static func listening(_ service: ListeningService, _ host: String, _ port: Int) -> EventRecord {
    EventRecord(
      .listening, .info, "\(service.rawValue) listens on \(host):\(port)",
      [.service: .string(service.rawValue), .host: .string(host), .port: .integer(port)])
  }

  static func armAsked(_ arm: String, _ host: String, _ port: Int, _ result: String, _ message: String) -> EventRecord {
    EventRecord(
      .armAsked, result == "ok" ? .info : .warning, message,
      [.arm: .string(arm), .host: .string(host), .port: .integer(port), .armResult: .string(result)])
  }

  static func draining(_ open: Int, _ limit: Duration) -> EventRecord {
    EventRecord(
      .draining, .info,
      "draining: \(open == 1 ? "1 open exchange" : "\(open) open exchanges"), \(seconds(limit)) s at most",
      [.open: .integer(open), .limit: .milliseconds(limit)])
  }

  static func stopped(_ cutOff: Int) -> EventRecord {
    EventRecord(
      .stopped, cutOff == 0 ? .info : .warning,
      cutOff == 0 ? "stopped" : "stopped, \(cutOff == 1 ? "1 exchange" : "\(cutOff) exchanges") cut off",
      [.cutOff: .integer(cutOff)])
  }

  static func linesDropped(_ count: Int) -> EventRecord {
    EventRecord(
      .linesDropped, .warning,
      "\(count == 1 ? "1 log line" : "\(count) log lines") left out: the reader was too slow",
      [.count: .integer(count)])
  }

  static func notice(
    _ level: Logger.Level, _ message: String, logger: String, details: JSONValue?, error: String?
  ) -> EventRecord {
    EventRecord(
      .notice, level, message,
      [.logger: .string(logger), .details: details, .error: error.map(JSONValue.string)])
  }
}
