/// Where a rollout is: changed by decisions only, so that replaying the journal gives the same place.

/// Legal transitions: not started → running (start); running ⇄ paused (pause, resume); running → completed (complete); running,
/// paused, completed → rolled back (rollback of the last open candidate) → running (rearm); all but aborted → aborted (abort).
struct RolloutProgress: Sendable, Equatable {
  var isStarted = false
  var state = RolloutState.running
  var stageIndex = 0
  var enteredAt: Instant
  /// Hold time gathered before the last pause, in this stage.
  var heldBefore = Duration.zero
  /// When holding began or was taken up again.
  var holdingSince: Instant
  /// By candidate index.
  var isClosed: [Bool]
  /// The furthest stage that was reached.
  var furthest = 0
  var lastDecision: Decision?
  /// Why the last hold of this stage holds, and since when.
  var heldFor: String?
  var heldForSince: Instant?
  /// Pause conditions that a person has accepted by resuming, as `candidate/metric`.
  var accepted: Set<String> = []

  init(_ playbook: Playbook, at: Instant) {
    enteredAt = at
    holdingSince = at
    isClosed = playbook.candidates.map { _ in false }
  }

  var nextSeq: Int { (lastDecision?.seq ?? 0) + 1 }

  var isTerminal: Bool { state == .completed || state == .aborted || state == .rolledBack }

  /// Hold time of this stage; pauses do not count.
  func held(at now: Instant) -> Duration {
    state == .paused ? heldBefore : heldBefore + max(.zero, now - holdingSince)
  }

  /// A decision has been journaled.
  mutating func apply(_ decision: Decision, _ playbook: Playbook) {
    let previous = lastDecision
    lastDecision = decision
    let index = playbook.stages.firstIndex { $0.name == decision.stage } ?? stageIndex
    switch decision.decision {
    case .start:
      isStarted = true
      enter(index, at: decision.at)
    case .advance:
      enter(index, at: decision.at)
    case .hold:
      (heldFor, heldForSince) = (decision.reason, decision.at)
    case .pause:
      heldBefore = held(at: decision.at)
      state = .paused
    case .resume:
      if let previous, previous.decision == .pause, let metric = previous.metric, let candidate = previous.candidate {
        accepted.insert("\(candidate)/\(metric.rawValue)")
      }
      state = .running
      holdingSince = decision.at
    case .rollback:
      close(decision.candidate, playbook)
    case .complete:
      state = .completed
    case .abort:
      state = .aborted
    case .rearm:
      isClosed = isClosed.map { _ in false }
      accepted = []
      state = .running
      enter(index, at: decision.at)
    case .configChanged:
      stageIndex = index
      furthest = max(furthest, index)
    }
  }

  private mutating func enter(_ index: Int, at: Instant) {
    stageIndex = index
    furthest = max(furthest, index)
    enteredAt = at
    holdingSince = at
    heldBefore = .zero
    (heldFor, heldForSince) = (nil, nil)
  }

  private mutating func close(_ candidate: String?, _ playbook: Playbook) {
    for (index, arm) in playbook.candidates.enumerated() where candidate == nil || arm.name == candidate {
      isClosed[index] = true
    }
    if isClosed.allSatisfy({ $0 }) && state != .aborted { state = .rolledBack }
  }
}
