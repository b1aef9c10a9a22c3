/// What to propose next, if anything: rollbacks first, then pauses, then the way forward.

extension Judge {
  /// The next decision to journal, or nil. Nothing takes effect until it is handed back with `take`.
  ///
  /// A completed rollout is watched on: only its way forward has ended.
  package mutating func decide(at now: Instant) -> Decision? {
    self.now = now
    guard progress.isStarted else { return isJournalAvailable ? start(at: now) : nil }
    evidence.advance(to: now)
    gates.advance(to: now)
    baseline.advance(to: now)
    guard progress.state != .aborted else { return nil }
    if progress.state != .rolledBack {
      weighConditions(at: now)
      if hasBreach, let rollback = rollback(at: now) { return rollback }
    }
    guard isJournalAvailable else { return nil }
    if let change { return configChanged(change, at: now) }
    if let pause = pauseForMistake(at: now) { return pause }
    guard progress.state == .running else { return nil }
    if hasBreach, let pause = pause(at: now) { return pause }
    for track in tracks {
      if let decision = forward(track, at: now) { return decision }
    }
    return nil
  }

  private func start(at now: Instant) -> Decision {
    let first = playbook.stages[0]
    var decision = proposal(
      .start, at: now, stage: 0, message: "started \(playbook.name) in stage \(first.name)")
    decision.settings = playbook.settings
    return decision
  }

  func configChanged(_ change: PlaybookChange, at now: Instant) -> Decision {
    let renewed = candidateNames.indices.filter { change.renewed.contains(candidateNames[$0]) }
    let open = candidateNames.indices.filter { !progress.isClosed[$0] }
    let beginsAnew = !open.isEmpty && open.allSatisfy(renewed.contains)
    let index = beginsAnew ? min(playbook.firstStage(showing: open), progress.stageIndex) : progress.stageIndex
    var message =
      "the playbook of \(playbook.name) changed: \(beginsAnew ? "beginning again" : "continuing") in stage "
      + playbook.stages[index].name
    if !renewed.isEmpty {
      let names = renewed.map { candidateNames[$0] }.joined(separator: ", ")
      message += "; \(names) is another candidate now, with evidence begun anew"
    }
    var decision = proposal(
      .configChanged, at: now, stage: index, renewed: renewed.isEmpty ? nil : renewed.map { candidateNames[$0] },
      message: message, actor: change.actor)
    decision.weightsBefore = progress.lastDecision?.weightsAfter ?? decision.weightsBefore
    decision.changed = change.changed.isEmpty ? nil : change.changed
    decision.settings = playbook.settings
    return decision
  }

  private func rollback(at now: Instant) -> Decision? {
    for (candidate, name) in candidateNames.enumerated() where !progress.isClosed[candidate] {
      guard let breach = breach(of: candidate, isRollback: true) else { continue }
      let part = part(of: breach)
      if let part, isServing(candidate, without: part) {
        return proposal(
          .rollback, at: now, candidate: name, breach: breach,
          message: breach.sentence(rollingBack: name, model: part.model), taking: part)
      }
      return proposal(
        .rollback, at: now, candidate: name, breach: breach,
        message: breach.sentence(rollingBack: name, isLastModel: part != nil),
        reason: part == nil ? nil : Breach.lastModel)
    }
    return nil
  }

  private func pause(at now: Instant) -> Decision? {
    for (candidate, name) in candidateNames.enumerated() where !progress.isClosed[candidate] {
      guard let breach = breach(of: candidate, isRollback: false) else { continue }
      return proposal(
        .pause, at: now, candidate: name, breach: breach, message: breach.sentence(pausing: name, in: stage.name))
    }
    return nil
  }

  /// The condition of a candidate that has crossed, not by our own mistakes; of those that pause, one that nobody has accepted
  /// yet.
  func breach(of candidate: Int, isRollback: Bool) -> Breach? {
    for (index, planned) in evidence.plan.conditions.enumerated() where planned.isRollback == isRollback {
      guard let breach = breaches[candidate][index] else { continue }
      let isAccepted = progress.accepted.contains(
        RolloutProgress.key(candidateNames[candidate], planned.condition.metric))
      if isRollback ? !pausesInstead(breach) : !isAccepted { return breach }
    }
    return nil
  }

  private func forward(_ track: Track, at now: Instant) -> Decision? {
    let stage = stage(of: track)
    guard let obstacle = obstacle(of: track, at: now) else {
      var decision = next(track, at: now, how: howHeld(track), actor: "crossfade")
      if stage.advance == .proven { decision.proofs = proofs(of: candidates(of: track)) }
      return decision
    }
    let waited = place(of: track).clock.heldSinceResume(at: now)
    if let limit = stage.maxHold, obstacle.isUndecided, waited >= limit {
      return proposal(
        .pause, at: now,
        message:
          "paused in \(stage.name): \(subject(track))not proven in \(Wording.duration(limit)) (\(obstacle.words))",
        reason: "max_hold")
    }
    return hold(track, for: obstacle, at: now)
  }

  /// The candidate's name, where it is one by itself.
  private func subject(_ track: Track) -> String { name(of: track).map { "\($0): " } ?? "" }

  private func name(of track: Track) -> String? {
    switch track {
    case .rollout: nil
    case .candidate(let index): candidateNames[index]
    }
  }

  /// Entering the next stage, or completing after the last.
  func next(
    _ track: Track, at now: Instant, how: String, reason: String? = nil, actor: String, skipped: Obstacle? = nil
  ) -> Decision {
    let stage = stage(of: track)
    let following = place(of: track).stageIndex + 1
    guard following < playbook.stages.count else {
      let weights = Wording.weights(journaledWeights)
      return proposal(
        .complete, at: now,
        message: "completed \(playbook.name) in stage \(stage.name)\(weights.isEmpty ? "" : " (\(weights))"): \(how)",
        reason: reason, actor: actor, skipped: skipped)
    }
    let entered = playbook.stages[following]
    var decision = proposal(
      .advance, at: now, stage: following, candidate: name(of: track), message: "", reason: reason, actor: actor,
      skipped: skipped)
    let shown = Wording.weights(
      name(of: track).map { name in decision.weightsAfter.filter { $0.key == name } } ?? decision.weightsAfter)
    decision.message =
      "advanced \(name(of: track).map { "\($0) " } ?? "")from \(stage.name) to \(entered.name)"
      + "\(shown.isEmpty ? "" : " (\(shown))"): \(how)"
    return decision
  }

  private func howHeld(_ track: Track) -> String {
    let stage = stage(of: track)
    return (stage.advance == .proven ? "proven not worse" : "held \(Wording.duration(stage.hold))")
      + seen(of: candidates(of: track))
  }

  /// A hold is journaled when it begins to matter and when its reason changes, at most once a minute.
  private func hold(_ track: Track, for obstacle: Obstacle, at now: Instant) -> Decision? {
    let place = place(of: track)
    guard obstacle.matters, place.heldFor != obstacle.rawValue else { return nil }
    if let last = place.heldForSince, now - last < .seconds(60) { return nil }
    return proposal(
      .hold, at: now, candidate: name(of: track),
      message: "holding \(name(of: track).map { "\($0) " } ?? "")in \(stage(of: track).name): \(obstacle.words)",
      reason: obstacle.rawValue)
  }
}
