/// What a person asks for, turned into a proposal or refused with the reason.

import TrafficSplit

extension Judge {
  /// A proposal; nothing takes effect until it is handed back with `take`.
  ///
  /// - Parameter shown: What the person has seen.
  /// - Throws: `CommandRefusal` where the rollout has moved since, or the command does not fit the state.
  package mutating func command(
    _ command: Command, shown: ShownState = ShownState(), reason: String? = nil, actor: String, at now: Instant
  ) throws(CommandRefusal) -> Decision {
    self.now = now
    try requireUnmoved(shown)
    guard progress.isStarted else { throw CommandRefusal(.wrongState, "\(playbook.name) has not started yet") }
    if progress.state == .aborted {
      throw CommandRefusal(.wrongState, "\(playbook.name) was aborted; begin another rollout under another name")
    }
    let order = Order(reason: reason, actor: actor, at: now)
    if case .rollback(let candidate) = command { return try rollBack(candidate, order) }
    guard isJournalAvailable else {
      throw CommandRefusal(.journalUnavailable, "the journal is unavailable; only a rollback is possible")
    }
    switch command {
    case .pause: return try pause(order)
    case .resume: return try resume(order)
    case .promotion(let candidate, let now): return try promote(candidate, now, order)
    case .rearm(let candidate, let stage): return try rearm(candidate, stage, order)
    case .rollback(let candidate): return try rollBack(candidate, order)
    case .abort:
      return proposal(
        .abort, at: now, message: order.words("aborted \(playbook.name)"), reason: reason, actor: actor)
    }
  }

  /// - Throws: `CommandRefusal` where the rollout is not where the person saw it.
  package func requireUnmoved(_ shown: ShownState) throws(CommandRefusal) {
    let seq = progress.lastDecision?.seq ?? 0
    guard shown.stage ?? stage.name != stage.name || shown.seq ?? seq != seq else { return }
    throw CommandRefusal(
      .moved,
      "\(playbook.name) has moved: it is in stage \(stage.name) after decision \(seq); look again, then decide",
      current: ShownState(stage: stage.name, seq: seq))
  }

  private struct Order {
    var reason: String?
    var actor: String
    var at: Instant

    func words(_ what: String) -> String { "\(what) by \(actor)" + (reason.map { ": \($0)" } ?? "") }
  }

  private func pause(_ order: Order) throws(CommandRefusal) -> Decision {
    try require(.running, "pause")
    return proposal(
      .pause, at: order.at, message: order.words("paused in \(stage.name)"), reason: order.reason, actor: order.actor)
  }

  private func resume(_ order: Order) throws(CommandRefusal) -> Decision {
    try require(.paused, "resume")
    return proposal(
      .resume, at: order.at, message: order.words("resumed in \(stage.name)"), reason: order.reason, actor: order.actor)
  }

  private mutating func promote(
    _ name: String?, _ skips: Bool, _ order: Order
  ) throws(CommandRefusal) -> Decision {
    try require(.running, "promote")
    let track = try trackToPromote(name)
    evidence.advance(to: order.at)
    weighConditions(at: order.at)
    for candidate in candidates(of: track) {
      if let breach = breach(of: candidate, isRollback: true) ?? mistakenBreach(of: candidate)
        ?? breach(of: candidate, isRollback: false)
      {
        throw CommandRefusal(.breached, "cannot promote: \(candidateNames[candidate]): \(breach.words)")
      }
    }
    let (stage, obstacle) = (stage(of: track), obstacle(of: track, at: order.at))
    guard let obstacle, obstacle != .approval else {
      return next(track, at: order.at, how: order.words("promoted"), reason: order.reason, actor: order.actor)
    }
    if obstacle == .candidateBehind {
      let names = progress.behind.map { candidateNames[$0] }.joined(separator: ", ")
      throw CommandRefusal(.wrongState, "cannot promote: \(names) has not caught up; promote it by name")
    }
    if stage.needsApproval, !skips {
      throw CommandRefusal(
        .wrongState,
        "\(stage.name) does not wait for approval yet (\(obstacle.words)); to skip what it waits for, promote with --now"
      )
    }
    let skipped =
      obstacle == .hold
      ? "\(Wording.duration(stage.hold)) of hold after \(Wording.duration(wholeSeconds(held(track, at: order.at))))"
      : obstacle.words
    return next(
      track, at: order.at, how: order.words("promoted, skipping \(skipped),"), reason: order.reason, actor: order.actor,
      skipped: obstacle)
  }

  private func wholeSeconds(_ duration: Duration) -> Duration { .seconds(duration.components.seconds) }

  private func trackToPromote(_ name: String?) throws(CommandRefusal) -> Track {
    let behind = progress.behind
    guard let name else {
      if candidates(of: .rollout).isEmpty, behind.count == 1 { return .candidate(behind[0]) }
      return .rollout
    }
    let index = try candidate(named: name)
    guard behind.contains(index) else {
      throw CommandRefusal(.wrongState, "\(name) has no stage of its own; promote without naming a candidate")
    }
    return .candidate(index)
  }

  private func candidate(named name: String) throws(CommandRefusal) -> Int {
    guard let index = candidateNames.firstIndex(of: name) else {
      throw CommandRefusal(
        .unknownCandidate, "no candidate is named \(name); there is \(candidateNames.joined(separator: ", "))")
    }
    return index
  }

  private func rollBack(_ name: String?, _ order: Order) throws(CommandRefusal) -> Decision {
    var closing = Set(candidateNames.indices.filter { !progress.isClosed[$0] })
    var named = name
    if let name {
      let index = try candidate(named: name)
      guard closing.contains(index) else { throw CommandRefusal(.wrongState, "\(name) is rolled back already") }
      closing = [index]
    } else if closing.count == 1, let only = closing.first {
      named = candidateNames[only]
    }
    guard !closing.isEmpty else {
      throw CommandRefusal(.wrongState, "every candidate of \(playbook.name) is rolled back already")
    }
    let shown = closing.sorted().map { candidateNames[$0] }.joined(separator: ", ")
    return proposal(
      .rollback, at: order.at, candidate: named, message: order.words("rolled back \(shown)"), reason: order.reason,
      actor: order.actor)
  }

  private func rearm(_ candidate: String?, _ name: String?, _ order: Order) throws(CommandRefusal) -> Decision {
    var reopened = progress.rearmable
    guard !reopened.isEmpty else {
      throw CommandRefusal(.wrongState, "no candidate of \(playbook.name) is rolled back")
    }
    if let candidate {
      let index = try self.candidate(named: candidate)
      guard progress.isClosed[index] || !progress.withheld[index].isEmpty else {
        throw CommandRefusal(.wrongState, "\(candidate) is not rolled back")
      }
      reopened = [index]
    }
    let areOthersOpen = candidateNames.indices.contains { !progress.isClosed[$0] && !reopened.contains($0) }
    let index = try stageToRearm(name, reopened, besideOthers: areOthersOpen)
    return proposal(
      .rearm, at: order.at, stage: index, candidate: reopened.count == 1 ? candidateNames[reopened[0]] : nil,
      message: order.words("\(rearming(reopened)) in stage \(playbook.stages[index].name)"), reason: order.reason,
      actor: order.actor)
  }

  /// As in `re-armed litellm`, or `gave claude-opus back to litellm` where it has kept other models.
  private func rearming(_ reopened: [Int]) -> String {
    guard reopened.allSatisfy({ !progress.isClosed[$0] }) else {
      return "re-armed \(reopened.map { candidateNames[$0] }.joined(separator: ", "))"
    }
    let given = reopened.map { index in
      "\(progress.withheld[index].shown.map(\.plainText).joined(separator: ", ")) back to \(candidateNames[index])"
    }
    return "gave \(given.joined(separator: " and "))"
  }

  /// A candidate that has kept other models stays where it is.
  private func stageToRearm(_ name: String?, _ closed: [Int], besideOthers: Bool) throws(CommandRefusal) -> Int {
    let limit = besideOthers ? progress.stageIndex : progress.furthest
    guard let name else {
      let kept = closed.filter { !progress.isClosed[$0] }.map { progress.place(of: $0).stageIndex }
      return min(kept.min() ?? playbook.firstStage(showing: closed), limit)
    }
    guard let index = playbook.stages.firstIndex(where: { $0.name == name }) else {
      let names = playbook.stages.map(\.name).joined(separator: ", ")
      throw CommandRefusal(.unknownStage, "no stage is named \(name); there is \(names)")
    }
    if besideOthers, index > limit {
      throw CommandRefusal(.wrongState, "\(name) lies ahead of the others, which are in \(stage.name)")
    }
    guard index <= progress.furthest else {
      throw CommandRefusal(
        .wrongState, "\(name) has not been reached; the furthest stage is \(playbook.stages[progress.furthest].name)")
    }
    return index
  }

  private func require(_ state: RolloutState, _ what: String) throws(CommandRefusal) {
    guard progress.state != state else { return }
    let hint = progress.state == .paused ? "; resume it first" : ""
    throw CommandRefusal(
      .wrongState, "cannot \(what): \(playbook.name) is \(progress.state.rawValue)\(hint)")
  }
}
