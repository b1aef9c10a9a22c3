/// What a person asks for, turned into a proposal or refused with the reason.

extension Judge {
  /// A proposal; nothing takes effect until it is handed back with `take`.
  ///
  /// - Throws: `CommandRefusal` where the command does not fit the state.
  package mutating func command(
    _ command: Command, reason: String? = nil, actor: String, at now: Instant
  ) throws(CommandRefusal) -> Decision {
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
    case .promote: return try promote(order)
    case .rearm(let stage): return try rearm(stage, order)
    case .rollback(let candidate): return try rollBack(candidate, order)
    case .abort:
      return proposal(
        .abort, at: now, weightsAfter: noWeights, message: order.words("aborted \(playbook.name)"), reason: reason,
        actor: actor)
    }
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

  private mutating func promote(_ order: Order) throws(CommandRefusal) -> Decision {
    try require(.running, "promote")
    evidence.advance(to: order.at)
    weighConditions(at: order.at)
    for candidate in candidateNames.indices where !progress.isClosed[candidate] {
      if let breach = breach(of: candidate, isRollback: true) ?? breach(of: candidate, isRollback: false) {
        throw CommandRefusal(.breached, "cannot promote: \(candidateNames[candidate]): \(breach.words)")
      }
    }
    return next(at: order.at, how: order.words("promoted"), reason: order.reason, actor: order.actor)
  }

  private func rollBack(_ name: String?, _ order: Order) throws(CommandRefusal) -> Decision {
    var closing = Set(candidateNames.indices.filter { !progress.isClosed[$0] })
    var named = name
    if let name {
      guard let index = candidateNames.firstIndex(of: name) else {
        throw CommandRefusal(
          .unknownCandidate, "no candidate is named \(name); there is \(candidateNames.joined(separator: ", "))")
      }
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
      .rollback, at: order.at, candidate: named, weightsAfter: weights(in: stage, closing: closing),
      message: order.words("rolled back \(shown)"), reason: order.reason, actor: order.actor)
  }

  private func rearm(_ name: String?, _ order: Order) throws(CommandRefusal) -> Decision {
    let closed = candidateNames.indices.filter { progress.isClosed[$0] }
    guard !closed.isEmpty else {
      throw CommandRefusal(.wrongState, "no candidate of \(playbook.name) is rolled back")
    }
    let index = try stageToRearm(name, closed)
    let entered = playbook.stages[index]
    let shown = closed.map { candidateNames[$0] }.joined(separator: ", ")
    return proposal(
      .rearm, at: order.at, stage: index, candidate: closed.count == 1 ? candidateNames[closed[0]] : nil,
      weightsAfter: weights(in: entered, reopening: true),
      message: order.words("re-armed \(shown) in stage \(entered.name)"), reason: order.reason, actor: order.actor)
  }

  private func stageToRearm(_ name: String?, _ closed: [Int]) throws(CommandRefusal) -> Int {
    guard let name else {
      if closed.count < candidateNames.count { return progress.stageIndex }
      let first = playbook.stages.firstIndex { stage in
        closed.contains { candidate in
          [stage.weights, stage.shadow].contains { $0.indices.contains(candidate) && $0[candidate] > 0 }
        }
      }
      return min(first ?? 0, progress.furthest)
    }
    guard let index = playbook.stages.firstIndex(where: { $0.name == name }) else {
      let names = playbook.stages.map(\.name).joined(separator: ", ")
      throw CommandRefusal(.unknownStage, "no stage is named \(name); there is \(names)")
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
