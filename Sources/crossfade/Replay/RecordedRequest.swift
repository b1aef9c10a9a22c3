/// A request that was recorded, to be sent again, with the baseline's answer where that was recorded too.

import Dialects

struct RecordedRequest: Sendable, Equatable {
  /// For messages: `requests.jsonl:7`, or the exchange's id.
  var origin: String
  var endpoint: Endpoint
  /// End-to-end ones, without credentials.
  var headers: [Header]
  var body: [UInt8]
  /// Nil: the baseline has to be asked.
  var answer: RecordedAnswer?

  struct Header: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// The application's id; nil where the body names none.
  var model: String?

  var path: String { "/v1/\(endpoint.rawValue)" }

  /// Bytes of one request, or of one recorded answer.
  static let bodyLimit = 32 << 20
}

struct RecordedAnswer: Sendable, Equatable {
  var status: Int
  var contentType: String
  var body: [UInt8]
}

/// The requests to be sent, and the part of the recording that cannot be.
struct Recording: Sendable {
  var requests: [RecordedRequest] = []
  /// Requests after the limit.
  var beyondLimit = 0
  /// The requests left out by reason, such as `cut when it was stored`.
  var leftOut: [String: Int] = [:]
  /// Made of stored samples.
  var isRedacted = false

  mutating func leaveOut(_ reason: String) { leftOut[reason, default: 0] += 1 }
}

/// Everything that is wrong with a recording; nothing of it is sent.
struct RecordingProblems: Error, CustomStringConvertible {
  /// `file:line: what is wrong`
  var problems: [String]
  /// Beyond those that are listed.
  var further: Int

  static let limit = 20

  var description: String {
    (problems + (further > 0 ? ["and \(further) more"] : [])).joined(separator: "\n")
  }
}
