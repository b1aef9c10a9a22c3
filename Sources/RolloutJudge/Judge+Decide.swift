/// What to propose next, if anything: rollbacks first, then pauses, then the way forward.

extension Judge {
  /// The next decision to journal, or nil. Nothing takes effect until it is handed back with `take`.
  package mutating func decide(at now: Instant) -> Decision? {
    guard progress.isStarted else { return isJournalAvailable ? start(at: now) : nil }
    evidence.advance(to: now)
    gates.advance(to: now)
    baseline.advance(to: now)
    guard !progress.isTerminal else { return nil }
    weighConditions(at: now)
    if hasBreach, let rollback = rollback(at: now) { return rollback }
    guard isJournalAvailable else { return nil }
    if hasChangedPlaybook { return configChanged(at: now) }
    guard progress.state == .running else { return nil }
    if hasBreach, let pause = pause(at: now) { return pause }
    return forward(at: now)
  }

  private func start(at now: Instant) -> Decision {
    let first = playbook.stages[0]
    return proposal(
      .start, at: now, stage: 0, weightsAfter: weights(in: first),
      message: "started \(playbook.name) in stage \(first.name)")
  }

  private func configChanged(at now: Instant) -> Decision {
    proposal(
      .configChanged, at: now, message: "the playbook of \(playbook.name) changed: continuing in stage \(stage.name)")
  }

  private func rollback(at now: Instant) -> Decision? {
    for (candidate, name) in candidateNames.enumerated() where !progress.isClosed[candidate] {
      guard let breach = breach(of: candidate, isRollback: true) else { continue }
      return proposal(
        .rollback, at: now, candidate: name, breach: breach, weightsAfter: weights(in: stage, closing: [candidate]),
        message: "rolled back \(name): \(breach.words)")
    }
    return nil
  }

  private func pause(at now: Instant) -> Decision? {
    for (candidate, name) in candidateNames.enumerated() where !progress.isClosed[candidate] {
      guard let breach = breach(of: candidate, isRollback: false) else { continue }
      return proposal(
        .pause, at: now, candidate: name, breach: breach, message: "paused in \(stage.name): \(name): \(breach.words)")
    }
    return nil
  }

  /// The condition of a candidate that has crossed; of those that pause, one that nobody has accepted yet.
  func breach(of candidate: Int, isRollback: Bool) -> Breach? {
    for (index, planned) in evidence.plan.conditions.enumerated() where planned.isRollback == isRollback {
      guard let breach = breaches[candidate][index] else { continue }
      let isAccepted = progress.accepted.contains("\(candidateNames[candidate])/\(planned.condition.metric.rawValue)")
      if isRollback || !isAccepted { return breach }
    }
    return nil
  }

  private func forward(at now: Instant) -> Decision? {
    guard let obstacle = obstacle(at: now) else {
      var decision = next(at: now, how: howHeld(at: now), actor: "crossfade")
      if stage.advance == .proven { decision.proofs = proofs }
      return decision
    }
    if let limit = stage.maxHold, obstacle.isUndecided, now - progress.holdingSince >= limit {
      return proposal(
        .pause, at: now,
        message: "paused in \(stage.name): not proven in \(Wording.duration(limit)) (\(obstacle.words))",
        reason: "max_hold")
    }
    return hold(for: obstacle, at: now)
  }

  /// Entering the next stage, or completing after the last.
  func next(at now: Instant, how: String, reason: String? = nil, actor: String) -> Decision {
    let following = progress.stageIndex + 1
    guard following < playbook.stages.count else {
      let weights = Wording.weights(journaledWeights)
      return proposal(
        .complete, at: now,
        message: "completed \(playbook.name) in stage \(stage.name)\(weights.isEmpty ? "" : " (\(weights))"): \(how)",
        reason: reason, actor: actor)
    }
    let entered = playbook.stages[following]
    let after = weights(in: entered)
    let shown = Wording.weights(after)
    return proposal(
      .advance, at: now, stage: following, weightsAfter: after,
      message: "advanced from \(stage.name) to \(entered.name)\(shown.isEmpty ? "" : " (\(shown))"): \(how)",
      reason: reason, actor: actor)
  }

  private func howHeld(at now: Instant) -> String {
    stage.advance == .proven ? "proven not worse" : "held \(Wording.duration(stage.hold))"
  }

  /// A hold is journaled when it begins to matter and when its reason changes, at most once a minute.
  private func hold(for obstacle: Obstacle, at now: Instant) -> Decision? {
    guard obstacle.matters, progress.heldFor != obstacle.rawValue else { return nil }
    if let last = progress.heldForSince, now - last < .seconds(60) { return nil }
    return proposal(
      .hold, at: now, message: "holding in \(stage.name): \(obstacle.words)", reason: obstacle.rawValue)
  }
}
