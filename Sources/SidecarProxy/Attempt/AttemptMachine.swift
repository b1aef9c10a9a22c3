/// What one attempt on an arm does next: a fact goes in, an action comes out. No sockets here; `Attempt` obeys.

import RolloutJudge

/// Legal transitions: `sending` → `sending` (sent again, once) | `forwarding` | `ended`; `forwarding` → `ended`, which is
/// final. The ledger is written where a fact leads to `ended`, and nowhere else.
struct AttemptMachine {
  enum Phase: Equatable {
    /// No head of an answer has been read; what has been sent is still kept, where it may be sent again.
    case sending
    /// The answer's head has been passed on: this arm's answer is the answer.
    case forwarding
    case ended
  }

  private(set) var phase = Phase.sending
  /// Whether the request could be sent once more.
  private(set) var isReplayable: Bool
  /// What the safety net catches; empty where nobody stands in for this arm.
  private let net: Set<FallbackTrigger>

  init(isReplayable: Bool, net: Set<FallbackTrigger>) {
    self.isReplayable = isReplayable
    self.net = net
  }

  enum LossAction: Equatable { case sendAgain, fail }

  /// The connection ended before a head.
  mutating func connectionLost(isStale: Bool) -> LossAction {
    guard phase == .sending, isReplayable, isStale else { return .fail }
    isReplayable = false
    return .sendAgain
  }

  enum HeadAction: Equatable { case forward, rescue }

  mutating func headReceived(status: Int) -> HeadAction {
    isReplayable = false
    if let trigger = FallbackTrigger(status: status), net.contains(trigger) {
      phase = .ended
      return .rescue
    }
    phase = .forwarding
    return .forward
  }

  enum FailureAction: Equatable { case rescue, tell }

  mutating func failed(_ failure: AttemptFailure) -> FailureAction {
    defer { phase = .ended }
    return phase == .sending && net.contains(failure.trigger) ? .rescue : .tell
  }

  /// The whole answer has been passed on, or nobody wants the rest.
  mutating func ended() { phase = .ended }
}
