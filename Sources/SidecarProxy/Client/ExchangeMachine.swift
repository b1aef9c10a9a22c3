/// What one client connection does next: a fact goes in, an action comes out. No sockets here; `ClientConnection` obeys.

import Dialects
import RolloutJudge

/// Legal transitions: `awaitingHead` → `buffering` | `streaming` | `answeringLocally`; `buffering` → `streaming` (too large) |
/// `waiting`; `streaming` → `waiting` | `answering` (early answer); `waiting` → `waiting` (rescue) | `answering` |
/// `answeringLocally`; the last two → `awaitingHead` | `closed`. `closed` is final.
struct ExchangeMachine {
  enum Phase: Equatable {
    case awaitingHead
    /// The whole body is wanted before an arm is chosen.
    case buffering
    /// The body passes to the baseline as it comes; nothing of it is kept.
    case streaming
    /// The request is complete and sent; no byte of an answer has been forwarded.
    case waiting
    /// The answer's head has been forwarded; whatever happens now, this arm's answer is the answer.
    case answering
    case closed
  }

  private(set) var phase = Phase.awaitingHead
  /// Whether the client may send another request on this connection when the exchange is over.
  private(set) var keepsAlive = true
  /// Whether the request's last byte has been read.
  private(set) var requestComplete = false
  /// Whether the exchange is on a candidate and the baseline could still answer in its place.
  private var canRescue = false
  private let fallback: Set<FallbackTrigger>

  init(fallback: Set<FallbackTrigger>) { self.fallback = fallback }

  // MARK: the client's side

  mutating func requestHeadReceived(keepsAlive: Bool, wantsWholeBody: Bool) {
    self.keepsAlive = keepsAlive
    requestComplete = false
    canRescue = false
    phase = wantsWholeBody ? .buffering : .streaming
  }

  /// The body outgrew what may be kept: from here on it passes through to the baseline.
  mutating func bodyOutgrewLimit() { phase = .streaming }

  /// The last request byte has been read.
  mutating func requestEnded() {
    requestComplete = true
    if phase == .buffering || phase == .streaming { phase = .waiting }
  }

  /// The exchange was given to an arm.
  mutating func assigned(toCandidate: Bool) { canRescue = toCandidate }

  /// The connection must close after this exchange (draining, an early answer, an unframed body).
  mutating func closeAfterwards() { keepsAlive = false }

  /// Between two exchanges: the connection is to close although the client has said nothing.
  mutating func noFurtherRequest() { phase = .closed }

  enum ClosedAction: Equatable {
    case nothing
    /// An attempt is under way for a client that has left.
    case cancelAttempt
  }

  mutating func clientClosed() -> ClosedAction {
    defer { phase = .closed }
    switch phase {
    case .awaitingHead, .buffering, .closed: return .nothing
    case .streaming, .waiting, .answering: return .cancelAttempt
    }
  }

  // MARK: the arm's side

  enum HeadAction: Equatable {
    case forward
    /// The safety net: the baseline answers in this arm's place.
    case rescue
  }

  mutating func answerHeadReceived(status: Int) -> HeadAction {
    if canRescue, let trigger = FallbackTrigger(status: status), fallback.contains(trigger) {
      canRescue = false
      return .rescue
    }
    // An answer that overtakes its request leaves the rest of the request unread.
    if phase == .streaming { keepsAlive = false }
    phase = .answering
    return .forward
  }

  enum FailureAction: Equatable {
    case rescue
    /// Nothing has been forwarded: say so in Crossfade's own words.
    case answerLocally(status: Int)
    /// Part of an answer has been forwarded: cut it where the arm cut it.
    case abort
    case nothing
  }

  mutating func attemptFailed(_ failure: AttemptFailure) -> FailureAction {
    switch phase {
    case .closed, .awaitingHead: return .nothing
    case .answering:
      phase = .closed
      return .abort
    case .buffering, .streaming, .waiting:
      if canRescue, fallback.contains(failure.trigger) {
        canRescue = false
        return .rescue
      }
      if phase == .streaming { keepsAlive = false }
      return .answerLocally(status: failure.status)
    }
  }

  enum EndAction: Equatable { case awaitNextRequest, close }

  /// The answer's last byte has been forwarded.
  mutating func answerEnded() -> EndAction {
    guard keepsAlive, requestComplete else {
      phase = .closed
      return .close
    }
    phase = .awaitingHead
    return .awaitNextRequest
  }
}

/// Why an attempt brought no whole answer.
enum AttemptFailure: Equatable {
  /// Connect, DNS or TLS failed, the arm reset before its head, or what it sent was not one unambiguous answer.
  case unreachable(String)
  case timedOut
  /// The connection ended inside the answer.
  case cut
  /// All connections this process may hold to the arm are in use.
  case exhausted

  var trigger: FallbackTrigger { self == .timedOut ? .timeout : .connect }

  var status: Int {
    switch self {
    case .unreachable, .cut: 502
    case .timedOut: 504
    case .exhausted: 503
    }
  }

  var transport: TransportEnd {
    switch self {
    case .unreachable, .exhausted: .unreachable
    case .timedOut: .timedOut
    case .cut: .cut
    }
  }
}

extension FallbackTrigger {
  init?(status: Int) {
    switch status {
    case 429: self = .rateLimited
    case 500...: self = .serverError
    case 400..<500: self = .clientError
    default: return nil
    }
  }
}
