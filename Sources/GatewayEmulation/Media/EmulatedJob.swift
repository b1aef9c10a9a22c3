/// One job of an emulated media vendor: asked for once, then looked at until it has ended.

package enum MediaKind: String, Sendable, Equatable {
  case image, video
}

/// The fate of a job, drawn when it is created.
package enum JobFate: String, Sendable, CaseIterable {
  case succeeds
  /// Ends with an error.
  case fails
  /// Runs for ever.
  case stuck
  /// Succeeds, but whoever asked for it gets no answer to that.
  case lost
  /// Succeeds, but its files are not where its answer says.
  case fileMissing = "file-missing"
  /// Succeeds without any file.
  case empty
}

package enum JobState: String, Sendable, CaseIterable {
  case queued, running, succeeded, failed, cancelled
}

package struct EmulatedJob: Sendable, Equatable {
  /// How often it was looked at, and by whom.
  package struct Tally: Sendable, Equatable {
    package var polled = 0
    /// Cancellations that were asked for, in time or not.
    package var cancels = 0
    package var contents = 0
    package var fetched = 0
    package var fetchedWithKey = 0
  }

  /// From 1 in the order of creation.
  package let number: Int
  package let id: String
  package let kind: MediaKind
  /// As the request named it, between the quotes of JSON.
  package let model: String
  package let asked: AskedMedia
  package let fate: JobFate
  /// The answer holds the bytes themselves.
  let isEncoded: Bool
  /// The request's prompt and all its fields, as JSON.
  let prompt: String
  let input: String
  /// Since the gateway started.
  let createdAt: Duration
  /// From its creation to its end.
  let takes: Duration
  var cancelledAt: Duration?
  package internal(set) var tally = Tally()

  func state(at now: Duration) -> JobState {
    if cancelledAt != nil { return .cancelled }
    let age = now - createdAt
    if fate != .stuck, age >= takes { return fate == .fails ? .failed : .succeeded }
    return age < takes / 4 ? .queued : .running
  }

  func isOver(at now: Duration) -> Bool {
    switch state(at: now) {
    case .queued, .running: false
    case .succeeded, .failed, .cancelled: true
    }
  }

  /// Until it ends by itself; nil for one that never does.
  func left(at now: Duration) -> Duration? {
    fate == .stuck ? nil : max(.zero, createdAt + takes - now)
  }

  /// Of a hundred.
  func progress(at now: Duration) -> Int {
    if state(at: now) == .succeeded { return 100 }
    guard takes > .zero else { return 0 }
    return max(0, min(99, Int((now - createdAt) / takes * 100)))
  }

  var fileNames: [String] {
    let ending = kind == .image ? "png" : "mp4"
    return fate == .empty ? [] : (1...max(1, asked.count)).map { "\(id)/\($0).\(ending)" }
  }
}
