/// The steps of a client connection: a fact goes in, an action comes out. No sockets here; `ClientConnection` obeys.

/// Legal transitions: `awaitingHead` → `buffering` | `streaming` | `answeringLocally`; `buffering` → `streaming` (too large) |
/// `waiting`; `streaming` → `waiting` | `answering` (early answer); `waiting` → `answering` |
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

  // MARK: the client's side

  mutating func requestHeadReceived(keepsAlive: Bool, wantsWholeBody: Bool) {
    self.keepsAlive = keepsAlive
    requestComplete = false
    phase = wantsWholeBody ? .buffering : .streaming
  }

  /// The body outgrew what may be kept: from here on it passes through to the baseline.
  mutating func bodyOutgrewLimit() { phase = .streaming }

  /// The last request byte has been read.
  mutating func requestEnded() {
    requestComplete = true
    if phase == .buffering || phase == .streaming { phase = .waiting }
  }

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

  mutating func answerHeadReceived() {
    // An answer that overtakes its request leaves the rest of the request unread.
    if phase == .streaming { keepsAlive = false }
    phase = .answering
  }

  enum FailureAction: Equatable {
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
