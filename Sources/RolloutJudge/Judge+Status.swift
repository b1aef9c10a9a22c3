/// Where the rollout stands, put into the value that endpoints and commands show.

import TrafficSplit

extension Judge {
  /// The last one in force; nil before the first.
  package var lastDecision: Decision? { progress.lastDecision }

  /// Its number; 0 before the first.
  package var lastSeq: Int { progress.nextSeq - 1 }

  package func status(at now: Instant) -> RolloutStatus {
    var arms: [String: RolloutStatus.ArmFigures] = [playbook.baseline.name: statistics.figures(of: 0)]
    for (index, name) in candidateNames.enumerated() { arms[name] = statistics.figures(of: index + 1) }
    let served = directive.weights
    return RolloutStatus(
      rollout: playbook.name, state: progress.state, stage: stage.name, stageIndex: progress.stageIndex,
      stageCount: playbook.stages.count,
      weights: Dictionary(zip(candidateNames, served), uniquingKeysWith: { first, _ in first }),
      since: progress.place.enteredAt, holdUntil: holdUntil(.rollout, at: now),
      waitingFor: waitingFor(.rollout, at: now),
      arms: arms, candidates: candidatePlaces(at: now), guards: guards, lastDecision: progress.lastDecision)
  }

  private func candidatePlaces(at now: Instant) -> [String: RolloutStatus.CandidatePlace] {
    var places: [String: RolloutStatus.CandidatePlace] = [:]
    for (index, name) in candidateNames.enumerated() {
      let place = progress.place(of: index)
      let isBehind = progress.behind.contains(index)
      let track = isBehind ? Track.candidate(index) : .rollout
      let isOpen = !progress.isClosed[index]
      places[name] = RolloutStatus.CandidatePlace(
        stage: place.stage, stageIndex: place.stageIndex, since: place.enteredAt, isRolledBack: !isOpen,
        holdUntil: isOpen ? holdUntil(track, at: now) : nil, waitingFor: isOpen ? waitingFor(track, at: now) : nil,
        rolledBackModels: progress.withheld[index].shown)
    }
    return places
  }

  private func holdUntil(_ track: Track, at now: Instant) -> Instant? {
    guard progress.isStarted, progress.state == .running else { return nil }
    return now + (stage(of: track).hold - held(track, at: now))
  }

  private func waitingFor(_ track: Track, at now: Instant) -> String? {
    guard isJournalAvailable else { return Obstacle.journal.rawValue }
    guard progress.isStarted, !progress.isTerminal else { return nil }
    return obstacle(of: track, at: now)?.rawValue
  }

  private var guards: [RolloutStatus.Guard] {
    candidateNames.indices.flatMap { candidate in
      evidence.plan.conditions.indices.map { verdict(candidate, $0) }
    }
  }

  private func verdict(_ candidate: Int, _ index: Int) -> RolloutStatus.Guard {
    let planned = evidence.plan.conditions[index]
    var verdict = RolloutStatus.Guard(
      metric: planned.condition.metric, above: planned.condition.above, ratioAbove: planned.condition.ratioAbove,
      below: planned.condition.below, ratioBelow: planned.condition.ratioBelow, candidate: candidateNames[candidate],
      evidence: 0, threshold: planned.threshold, state: .undecided,
      action: planned.isRollback ? "rollback" : "pause")
    if case .threshold = playbook.test {
      read(&verdict, planned.condition, candidate)
    } else {
      weigh(&verdict, planned, candidate)
    }
    if let breach = breaches[candidate][index] {
      verdict.state = .breached
      verdict.evidence = max(verdict.evidence, breach.evidence.eValue ?? 0)
    }
    return verdict
  }

  private func weigh(
    _ verdict: inout RolloutStatus.Guard, _ planned: EvidencePlan.PlannedCondition, _ candidate: Int
  ) {
    guard !planned.parts.isEmpty else {
      if planned.condition.metric.isOfPairs, planned.condition.ratioAbove != nil {
        verdict.note = "without shadow.noise the baseline's own mismatches are not known: not judged"
      }
      return
    }
    let budgets = [Population.live, .shadow].map { ($0, budget(of: planned, candidate, $0)) }.filter { $0.1 > 0 }
    verdict.evidence = budgets.map { $0.1 * smallest(planned.parts, set(candidate, $0.0)) }.max() ?? 0
    if !planned.proofs.isEmpty, budgets.contains(where: { isProven(planned, candidate, $0.0) }) {
      verdict.state = .passed
    }
    guard planned.condition.metric.unit == .dollars else { return }
    let isRatio = planned.condition.hasRatio
    let share = budgets.map { set(candidate, $0.0).cover.unknownShare(isRatio) }.max() ?? 0
    if share > TestSet.CostCover.mostUnknown {
      verdict.note =
        "the cost of \(Wording.share(share)) of the answers is unknown, more than "
        + "\(Wording.share(TestSet.CostCover.mostUnknown)): not judged"
    }
  }

  private func smallest(_ parts: [EvidencePlan.NamedPart], _ set: TestSet) -> Double {
    parts.map { named in
      switch named.part {
      case .absolute(let index): set.absolutes[index].currentFinding().value
      case .relative(let index): set.ratio(index)
      case .betting(let index): set.bets[index].value
      }
    }.min() ?? 0
  }

  private func read(_ verdict: inout RolloutStatus.Guard, _ condition: Condition, _ candidate: Int) {
    verdict.threshold = condition.above ?? condition.below ?? 0
    guard let population = population(of: candidate),
      let reading = gates.reading(condition, of: candidate, population)
    else { return }
    verdict.evidence = reading.observed
    verdict.threshold = reading.limit
  }
}
