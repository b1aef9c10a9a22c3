/// The steps of one attempt on an arm: a fact goes in, an action comes out. No sockets here; `Attempt` obeys.

import Dialects
import RolloutJudge

/// Legal transitions: `sending` → `sending` (sent again, once) | `holding` | `forwarding` | `ended`; `holding` → `forwarding` |
/// `ended`; `forwarding` → `ended`, which is final. The ledger is written where a fact leads to `ended`, and nowhere else.
struct AttemptMachine {
  enum Phase: Equatable {
    /// No head of an answer has been read; what has been sent is still kept, where it may be sent again.
    case sending
    /// An answer has begun that the client has nothing of: the baseline could still answer in its place.
    case holding
    /// The answer's head has been passed on: this arm's answer is the answer.
    case forwarding
    case ended
  }

  private(set) var phase = Phase.sending
  /// Whether the request could be sent once more.
  private(set) var isReplayable: Bool
  /// The failures that the safety net catches; empty where nobody stands in for this arm.
  private var net: Set<FallbackTrigger>
  private let hold: SafetyNetHold
  private let passesRedirects: Bool
  private var status: Int?
  /// The status is the net's: the body is only read for what it says of the failure.
  private(set) var isRefusal = false
  /// A stream's time to be held back is over.
  private var isLate = false

  /// - Parameter passesRedirects: only the baseline may send a client elsewhere.
  init(
    isReplayable: Bool, net: Set<FallbackTrigger> = [], hold: SafetyNetHold = SafetyNetHold(until: .head),
    passesRedirects: Bool = true
  ) {
    self.isReplayable = isReplayable
    self.net = net
    self.hold = hold
    self.passesRedirects = passesRedirects
  }

  // MARK: before the head

  enum LossAction: Equatable { case sendAgain, fail }

  /// The connection ended before a head.
  mutating func connectionLost(isStale: Bool) -> LossAction {
    guard phase == .sending, isReplayable, isStale else { return .fail }
    isReplayable = false
    return .sendAgain
  }

  /// So long and so much of a refusal's body is waited for: it says whether an account is empty or a field unknown.
  static let refusalPatience = Duration.milliseconds(100)
  static let refusalBytes = 8 << 10

  enum HeadAction: Equatable {
    case forward
    case hold
    /// For its body's words alone.
    case holdRefusal
    /// The status alone says that this is no answer for the client.
    case end
  }

  mutating func headReceived(status: Int) -> HeadAction {
    isReplayable = false
    self.status = status
    if (300..<400).contains(status), !passesRedirects { return .end }
    if let trigger = FallbackTrigger(status: status) {
      if net.contains(trigger) {
        (phase, isRefusal) = (.holding, true)
        return .holdRefusal
      }
    } else if !net.isEmpty, hold.until == .firstToken {
      phase = .holding
      return .hold
    }
    phase = .forwarding
    return .forward
  }

  /// Nobody could answer in this arm's place after all.
  mutating func forgo(_ trigger: FallbackTrigger) { net.remove(trigger) }

  // MARK: while the answer is held back

  /// The known signs of an answer that is held back.
  struct HeldSigns: Equatable {
    /// The length of all that has been read of its body.
    var bytes: Int
    /// A stream that was asked for: it may go as soon as there is something in it.
    var isStream: Bool
    /// Content, reasoning, a tool call or a picture has been read.
    var hasToken: Bool
    /// In another form than was asked for, and so of no use whatever it says.
    var isWrongForm: Bool
    /// How it would end, where it has said its last word or an error.
    var outcome: Outcome?
  }

  enum HoldAction: Equatable {
    case hold
    case release
    /// The attempt has failed and the net catches it.
    case giveUp
  }

  /// More of the answer has been read.
  mutating func heldMore(_ signs: HeldSigns) -> HoldAction {
    let action = decide(signs)
    if action == .release { phase = .forwarding }
    return action
  }

  private func decide(_ signs: HeldSigns) -> HoldAction {
    if isRefusal {
      return signs.outcome != nil || isLate || signs.bytes > Self.refusalBytes ? .giveUp : .hold
    }
    if signs.isStream, signs.hasToken { return .release }
    if let outcome = signs.outcome { return catches(.complete, outcome) ? .giveUp : signs.isStream ? .release : .hold }
    if signs.bytes > hold.bytes { return signs.isWrongForm && net.contains(.empty) ? .giveUp : .release }
    return isLate && signs.isStream && signs.bytes > 0 ? .release : .hold
  }

  /// The time for which a stream may be held back is over. A head alone is worth nothing to the client, and waits on.
  mutating func holdTimePassed(_ signs: HeldSigns) -> HoldAction {
    isLate = true
    return heldMore(signs)
  }

  /// There is no room for more.
  mutating func noRoom() -> HoldAction {
    if isRefusal { return .giveUp }
    phase = .forwarding
    return .release
  }

  // MARK: the end

  enum EndAction: Equatable {
    /// The baseline answers in this arm's place.
    case rescue
    /// The end is told as it is; what is held back goes first.
    case tell
  }

  mutating func ended(_ transport: TransportEnd, _ outcome: Outcome?) -> EndAction {
    defer { phase = .ended }
    return phase != .forwarding && catches(transport, outcome) ? .rescue : .tell
  }

  /// The way in which it has failed; nil where it has not.
  func trigger(_ transport: TransportEnd, _ outcome: Outcome?) -> FallbackTrigger? {
    FallbackTrigger(status: status, transport, outcome)
  }

  private func catches(_ transport: TransportEnd, _ outcome: Outcome?) -> Bool {
    trigger(transport, outcome).map(net.contains) ?? false
  }
}
