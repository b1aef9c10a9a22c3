/// Where a rollout is: changed by decisions only, so that replaying the journal gives the same place.

import TrafficSplit

/// Legal transitions: not started → running (start); running ⇄ paused (pause, resume); completed → paused (a mistake of ours);
/// running → completed (complete); running, paused, completed → rolled back (rollback of the last open candidate) → running (rearm); completed → running (rearm of one
/// beside others); all but aborted → aborted (abort).
///
/// Candidates move through the stages together, but for one that was re-armed while others went on: it has a place of its own
/// until it has caught up.
struct RolloutProgress: Sendable, Equatable {
  var isStarted = false
  var state = RolloutState.running
  /// The place of every candidate that has none of its own.
  var place: StagePlace
  /// By candidate index: never ahead of `place`; in the same stage only until that one is left by all together.
  var own: [StagePlace?]
  /// By candidate index.
  var isClosed: [Bool]
  /// By candidate index: models that were taken back from it.
  private(set) var withheld: [WithheldModels]
  /// The furthest stage that was reached.
  var furthest = 0
  var lastDecision: Decision?
  /// Pause conditions that a person has accepted by resuming, as `candidate/metric`.
  var accepted: Set<String> = []
  /// Candidates at which a person is asked to mend a mistake of ours, until they resume.
  private(set) var mistaken: Set<String> = []
  /// The condition that the present pause is for, spelled alike.
  private var pausedFor: String?

  init(_ playbook: Playbook, at: Instant) {
    place = StagePlace(stageIndex: 0, stage: playbook.stages[0].name, enteredAt: at)
    own = playbook.candidates.map { _ in nil }
    isClosed = playbook.candidates.map { _ in false }
    withheld = playbook.candidates.map { _ in WithheldModels() }
  }

  var stageIndex: Int { place.stageIndex }

  var nextSeq: Int { (lastDecision?.seq ?? 0) + 1 }

  /// No way leads forward from here but a command.
  var isTerminal: Bool { state == .completed || state == .aborted || state == .rolledBack }

  func place(of candidate: Int) -> StagePlace { own[candidate] ?? place }

  /// Open candidates that are in an earlier stage than the others.
  var behind: [Int] {
    own.indices.filter { index in !isClosed[index] && own[index].map { $0.stageIndex < stageIndex } ?? false }
  }

  static func key(_ candidate: String, _ metric: Metric) -> String { "\(candidate)/\(metric.rawValue)" }

  /// A decision has been journaled.
  ///
  /// - Parameter now: By the clock of this process; the decision's own instant may be another's.
  mutating func apply(_ decision: Decision, _ playbook: Playbook, at now: Instant) {
    lastDecision = decision
    let index = playbook.stages.firstIndex { $0.name == decision.stage } ?? stageIndex
    let candidate = decision.candidate.flatMap { name in playbook.candidates.firstIndex { $0.name == name } }
    let entered = StagePlace(stageIndex: index, stage: decision.stage, enteredAt: decision.at, enteredBy: decision.seq)
    switch decision.decision {
    case .start:
      isStarted = true
      enter(entered, at: now)
    case .advance: advance(candidate, to: entered, at: now)
    case .hold:
      if let candidate, own[candidate] != nil {
        own[candidate]?.heldFor = decision.reason
        own[candidate]?.heldForSince = now
      } else {
        (place.heldFor, place.heldForSince) = (decision.reason, now)
      }
    case .pause:
      state = .paused
      if decision.isForMistake {
        mistaken.formUnion(decision.candidate.map { [$0] } ?? [])
      } else {
        pausedFor = decision.metric.flatMap { metric in decision.candidate.map { Self.key($0, metric) } }
      }
      changeClocks { $0.stop(at: now) }
    case .resume:
      if let pausedFor { accepted.insert(pausedFor) }
      pausedFor = nil
      mistaken = []
      state = .running
      changeClocks { $0.resume(at: now) }
    case .rollback:
      if let model = decision.model {
        if let candidate { withheld[candidate].withhold(model, othersThan: decision.othersThan) }
      } else {
        close(decision.candidate, playbook)
      }
    case .complete: state = .completed
    case .abort: state = .aborted
    case .rearm: rearm(decision.candidate.map { _ in candidate }, at: entered, now)
    case .configChanged: change(decision, to: entered, playbook, at: now)
    }
  }

  /// The process was away: what has been served stays, and time goes on from now.
  ///
  /// - Parameter saved: What is known of it, nil for places that nothing is known of: they serve their hold anew.
  mutating func resumeClocks(_ saved: HoldClock.Saved?, own savedOwn: [HoldClock.Saved?], at now: Instant) {
    let from = isStarted && state != .paused ? now : nil
    let none = HoldClock.Saved(served: 0, resumedAfter: 0)
    place.clock = HoldClock(saved ?? none, from: from)
    for index in own.indices { own[index]?.clock = HoldClock(savedOwn[index] ?? none, from: from) }
  }

  // MARK: Transitions

  private mutating func changeClocks(_ change: (inout HoldClock) -> Void) {
    change(&place.clock)
    for index in own.indices {
      if own[index] != nil { change(&own[index]!.clock) }
    }
  }

  private func started(_ entered: StagePlace, at now: Instant) -> StagePlace {
    var entered = entered
    if state != .paused { entered.clock.run(from: now) }
    return entered
  }

  /// All candidates together.
  private mutating func enter(_ entered: StagePlace, at now: Instant) {
    place = started(entered, at: now)
    own = own.map { _ in nil }
    furthest = max(furthest, entered.stageIndex)
  }

  private mutating func advance(_ candidate: Int?, to entered: StagePlace, at now: Instant) {
    if let candidate {
      own[candidate] = started(entered, at: now)
      return
    }
    let left = place.stage
    place = started(entered, at: now)
    own = own.map { $0?.stage == left ? nil : $0 }
    furthest = max(furthest, entered.stageIndex)
  }

  private mutating func close(_ candidate: String?, _ playbook: Playbook) {
    for (index, arm) in playbook.candidates.enumerated() where candidate == nil || arm.name == candidate {
      isClosed[index] = true
      own[index] = nil
    }
    if isClosed.allSatisfy({ $0 }) && state != .aborted { state = .rolledBack }
  }

  /// Candidates that a re-arming without a name opens again: those that are closed, else those that lack models.
  var rearmable: [Int] {
    let closed = isClosed.indices.filter { isClosed[$0] }
    return closed.isEmpty ? withheld.indices.filter { !withheld[$0].isEmpty } : closed
  }

  /// - Parameter named: The candidate; `.some(nil)`: one that the playbook no longer has. Nil: all that can be.
  private mutating func rearm(_ named: Int??, at entered: StagePlace, _ now: Instant) {
    let reopened: [Int]
    switch named {
    case .none: reopened = rearmable
    case .some(.none): return
    case .some(.some(let index)): reopened = [index]
    }
    let areOthersOpen = isClosed.indices.contains { !isClosed[$0] && !reopened.contains($0) }
    for index in reopened { (isClosed[index], withheld[index]) = (false, WithheldModels()) }
    guard areOthersOpen else {
      (state, accepted, pausedFor, mistaken) = (.running, [], nil, [])
      return enter(entered, at: now)
    }
    if state == .completed { state = .running }
    for index in reopened { own[index] = started(entered, at: now) }
  }

  /// Another gateway under an old name begins where a new candidate would.
  private mutating func change(_ decision: Decision, to entered: StagePlace, _ playbook: Playbook, at now: Instant) {
    let names = Set(decision.renewed ?? [])
    let renewed = playbook.candidates.indices.filter { names.contains(playbook.candidates[$0].name) }
    accepted = accepted.filter { key in !names.contains { key.hasPrefix("\($0)/") } }
    for index in renewed { withheld[index] = WithheldModels() }
    let moved = renewed.filter { !isClosed[$0] }
    guard !moved.isEmpty else { return }
    if state == .completed { state = .running }
    guard isClosed.indices.contains(where: { !isClosed[$0] && !moved.contains($0) }) else {
      enter(entered, at: now)
      return furthest = entered.stageIndex
    }
    for index in moved {
      let first = min(playbook.firstStage(showing: [index]), stageIndex)
      own[index] = started(
        StagePlace(
          stageIndex: first, stage: playbook.stages[first].name, enteredAt: decision.at, enteredBy: decision.seq),
        at: now)
    }
  }
}

extension Playbook {
  /// The first stage that gives any of these candidates copies or weight; the first of all where none does.
  func firstStage(showing candidates: [Int]) -> Int {
    stages.firstIndex { stage in
      candidates.contains { candidate in
        [stage.weights, stage.shadow].contains { $0.indices.contains(candidate) && $0[candidate] > 0 }
      }
    } ?? 0
  }
}
