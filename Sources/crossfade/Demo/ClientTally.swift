/// The traffic as the application's clients saw it, counted on their side of the proxy.

import RolloutJudge
import Synchronization

struct ClientView: Sendable, Equatable {
  var requests = 0
  var streams = 0
  /// Answers that the baseline gave in the candidate's place.
  var rescued = 0
  /// The errors that clients saw instead of an answer, and how often.
  var errors: [String: Int] = [:]

  var errorCount: Int { errors.values.reduce(0, +) }
}

final class ClientTally: Sendable {
  /// One request, when it was over.
  struct Exchange: Sendable {
    var sentAt: Instant
    var isStream: Bool
    /// Nil where it got its answer.
    var fault: String?
    /// The arm that answered, as the answer says.
    var arm: String?
    /// The candidate's outcome where the baseline answered in its place.
    var fallback: String?
  }

  private struct State {
    var view = ClientView()
    /// When requests that met the candidate were sent.
    var sentToCandidate: [Instant] = []
    var sent: [Instant] = []
  }

  private let candidate: String
  private let state = Mutex(State())

  init(candidate: String) { self.candidate = candidate }

  func record(_ exchange: Exchange) {
    state.withLock { state in
      state.view.requests += 1
      if exchange.isStream { state.view.streams += 1 }
      if exchange.fallback != nil { state.view.rescued += 1 }
      if let fault = exchange.fault { state.view.errors[fault, default: 0] += 1 }
      state.sent.append(exchange.sentAt)
      if exchange.arm == candidate || exchange.fallback != nil { state.sentToCandidate.append(exchange.sentAt) }
    }
  }

  var view: ClientView { state.withLock(\.view) }

  /// Requests sent after an instant, and those of them that met the candidate.
  func sent(after instant: Instant) -> (all: Int, toCandidate: Int) {
    state.withLock { state in
      (state.sent.count { $0 > instant }, state.sentToCandidate.count { $0 > instant })
    }
  }
}
