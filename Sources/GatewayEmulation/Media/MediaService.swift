/// One kind of work that a vendor does, as data: its paths, the fields of a request, and its answers.

struct MediaService: Sendable, Equatable {
  var routes: [MediaRoute]
  var params: MediaParams
  /// Nil: by the model's name.
  var kind: MediaKind?
  /// The form of a job's identifier, as `MediaTemplate` reads it.
  var identifier: String
  var words: Words
  /// `<outputs>`, where pictures and videos are told differently.
  var outputs: [MediaKind: String] = [:]
  /// An output, as an element of `<items>`.
  var item = #""<url>""#
  /// An output whose bytes are in the answer; nil: `item`.
  var encodedItem: String?
  var encoding: Encoding = .never
  /// The answer to `create`.
  var created: MediaReply
  /// The answer to `poll`, by state; what is missing is answered as `.running` is.
  var states: [JobState: MediaReply] = [:]
  /// The answer to `result`, by state.
  var results: [JobState: MediaReply] = [:]
  /// The answers to a cancellation in time, and to one too late; nil answers as a poll does.
  var cancelled: MediaReply?
  var cancelledLate: MediaReply?
  var waiting: Waiting = .never
  /// The answer where a creation has waited in vain; nil: `created`.
  var waitedOut: MediaReply?
  /// The object of a progress line, by state, where `waiting` is `.progressLines`.
  var lines: [JobState: String] = [:]
  /// The event of a stream for each output of `make`; nil: it does not stream.
  var events: String?
  /// Headers that a creation must have, and what is said where one is missing.
  var requiredHeaders: [String: String] = [:]

  /// The words for the states.
  struct Words: Sendable, Equatable {
    var queued, running, succeeded, failed, cancelled: String

    init(_ queued: String, _ running: String, _ succeeded: String, _ failed: String, _ cancelled: String) {
      self.queued = queued
      self.running = running
      self.succeeded = succeeded
      self.failed = failed
      self.cancelled = cancelled
    }

    subscript(_ state: JobState) -> String {
      switch state {
      case .queued: queued
      case .running: running
      case .succeeded: succeeded
      case .failed: failed
      case .cancelled: cancelled
      }
    }
  }

  /// Whether a creation may wait for the job's end, and how it asks for that.
  enum Waiting: Sendable, Equatable {
    case never
    /// Replicate's `Prefer: wait`, with or without seconds.
    case preferHeader
    /// A field that is true.
    case field(String, atMost: Duration)
    /// GrsAi: all but those with `webHook`; as lines of a stream, or with `shutProgress` as its last line.
    case progressLines
  }

  /// Whether an answer holds the bytes themselves.
  enum Encoding: Sendable, Equatable {
    case never, always
    /// Where a field holds the word, and always from models that begin so.
    case asked(String, String, always: [String] = [])

    func isOn(_ fields: JSONValue, model: String) -> Bool {
      switch self {
      case .never: false
      case .always: true
      case .asked(let name, let word, let models):
        fields[name]?.string == word || models.contains(where: model.hasPrefix)
      }
    }
  }

  func line(_ state: JobState) -> String { lines[state] ?? lines[.running] ?? "{}" }
  func reply(to state: JobState) -> MediaReply { states[state] ?? states[.running] ?? created }
  func result(in state: JobState) -> MediaReply { results[state] ?? results[.running] ?? reply(to: state) }
}

/// The media of a vendor: where its paths begin, what it does, and how it refuses.
struct MediaRow: Sendable, Equatable {
  /// Where its base URL may end, the longest first.
  var prefixes: [String]
  var services: [MediaService]
  var errors: MediaErrors
  /// An endpoint of text at which some models make media.
  var shared: Endpoint?
  /// The end of its base URL, as its own clients and documents have it.
  var base = ""

  struct Place: Sendable {
    var service: MediaService
    var route: MediaRoute
    var match: MediaRoute.Match
  }

  /// - Parameter model: that the body names.
  func place(_ method: String, _ target: String, model: String? = nil) -> Place? {
    let path = target.prefix { $0 != "?" }
    for prefix in prefixes where path.hasPrefix(prefix + "/") {
      let rest = path.dropFirst(prefix.count + 1)
      for service in services {
        for route in service.routes where route.takes(model: model) {
          if let match = route.match(method, rest) { return Place(service: service, route: route, match: match) }
        }
      }
    }
    return nil
  }
}

/// How a media vendor refuses, in its own words: `<field>`, `<message>` and `<status>` are put in.
struct MediaErrors: Sendable, Equatable {
  var unauthorized: MediaReply
  var notFound: MediaReply
  /// A required field that is not there.
  var missing: MediaReply
  /// A field that it does not know.
  var unknown: MediaReply
  /// A field whose value will not do.
  var value: MediaReply
  var unpaid: MediaReply
  var tooMany: MediaReply
  var other: MediaReply

  func reply(to status: Int) -> MediaReply {
    var reply =
      switch status {
      case 401, 403: unauthorized
      case 402: unpaid
      case 404: notFound
      case 429: tooMany
      default: other
      }
    reply.status = status
    return reply
  }

  func reply(to complaint: Complaint) -> MediaReply {
    switch complaint.kind {
    case .missing: missing
    case .unknown: unknown
    case .value: value
    }
  }
}
