/// Whether a stage may be left: the hold, the traffic, the proof, the approval.

extension Judge {
  /// What moves through the stages: the candidates together, or one that was re-armed and is behind them.
  enum Track: Equatable {
    case rollout
    case candidate(Int)
  }

  /// The rollout first; a candidate only where it is behind.
  var tracks: [Track] { [.rollout] + progress.behind.map { .candidate($0) } }

  func place(of track: Track) -> StagePlace {
    switch track {
    case .rollout: progress.place
    case .candidate(let index): progress.place(of: index)
    }
  }

  func stage(of track: Track) -> Stage { playbook.stages[place(of: track).stageIndex] }

  func stage(ofCandidate index: Int) -> Stage { playbook.stages[progress.place(of: index).stageIndex] }

  /// Open ones, in the track's stage.
  func candidates(of track: Track) -> [Int] {
    switch track {
    case .rollout:
      candidateNames.indices.filter {
        !progress.isClosed[$0] && progress.place(of: $0).stageIndex == progress.stageIndex
      }
    case .candidate(let index): progress.isClosed[index] ? [] : [index]
    }
  }

  /// What keeps the track's stage from being left now; nil: nothing does.
  func obstacle(of track: Track = .rollout, at now: Instant) -> Obstacle? {
    let (stage, candidates) = (stage(of: track), candidates(of: track))
    if !isJournalAvailable { return .journal }
    if progress.state == .paused { return .paused }
    if baseline.isDegraded { return .baselineDegraded }
    if candidates.contains(where: { evidence.splits[$0].isMismatch }) { return .splitMismatch }
    if candidates.isEmpty, !progress.behind.isEmpty { return .candidateBehind }
    if held(track, at: now) < stage.hold { return .hold }
    let seen = fewestSamples(of: candidates)
    if seen == 0 { return .noTraffic }
    if seen < stage.minSamples { return .minSamples }
    if let doubt = doubt(about: candidates) { return doubt }
    if let share = stage.minRate, !peak.hasSeen(share) { return .minRate }
    if stage.advance == .proven && !isProven(candidates) { return .undecided }
    if track == .rollout, progress.stageIndex == playbook.stages.count - 1, !progress.behind.isEmpty {
      return .candidateBehind
    }
    return stage.needsApproval ? .approval : nil
  }

  /// By the candidate that came last.
  func held(_ track: Track, at now: Instant) -> Duration {
    let own = candidates(of: track).compactMap { progress.own[$0]?.clock.held(at: now) }
    return min(place(of: track).clock.held(at: now), own.min() ?? .nanoseconds(Int64.max))
  }

  /// Ended attempts in its stage of the candidate that has the fewest, among those with a weight or a shadow share; of the
  /// baseline where none has any.
  func fewestSamples(of candidates: [Int]) -> Int {
    var fewest: Int?
    for candidate in candidates {
      guard let population = population(of: candidate) else { continue }
      let seen = population == .live ? statistics.stageLive[candidate + 1] : statistics.stageShadow[candidate + 1]
      fewest = min(fewest ?? .max, seen)
    }
    return fewest ?? statistics.stageLive[0]
  }

  /// Where its stage shows what a candidate does: live if it has a weight, else in shadow, else nowhere.
  func population(of candidate: Int) -> Population? {
    let stage = stage(ofCandidate: candidate)
    if stage.weights.indices.contains(candidate), stage.weights[candidate] > 0 { return .live }
    if stage.shadow.indices.contains(candidate), stage.shadow[candidate] > 0 { return .shadow }
    return nil
  }

  /// Every rollback condition that attempts can decide is shown not to be breached, for every one of these candidates.
  func isProven(_ candidates: [Int]) -> Bool {
    !evidence.plan.provable.isEmpty
      && candidates.allSatisfy { candidate in
        guard let population = population(of: candidate) else { return true }
        return evidence.plan.provable.allSatisfy { isProven($0, candidate, population) }
      }
  }

  /// A condition with two limits is breached only beyond both, so a proof against either will do; each then gets half of what
  /// may be spent.
  func isProven(_ planned: EvidencePlan.PlannedCondition, _ candidate: Int, _ population: Population) -> Bool {
    proving(planned, set(candidate, population)) != nil
  }

  private func proving(_ planned: EvidencePlan.PlannedCondition, _ set: TestSet) -> EvidencePlan.Part? {
    planned.proofs.first { set.proof($0) >= evidence.plan.proofThreshold(of: planned) }
  }

  /// What the stage's proof is made of, where it is proven.
  func proofs(of candidates: [Int]) -> [Proof] {
    candidates.flatMap { candidate -> [Proof] in
      guard let population = population(of: candidate) else { return [] }
      return evidence.plan.provable.compactMap { proof($0, candidate, population) }
    }
  }

  private func proof(
    _ planned: EvidencePlan.PlannedCondition, _ candidate: Int, _ population: Population
  ) -> Proof? {
    let set = set(candidate, population)
    guard let part = proving(planned, set), let name = planned.parts.first(where: { $0.part == part })?.name else {
      return nil
    }
    return Proof(
      candidate: candidateNames[candidate], metric: planned.condition.metric,
      condition: planned.condition.stated,
      test: name, population: population.name, eValue: set.proof(part),
      threshold: evidence.plan.proofThreshold(of: planned), basis: basis(ofProof: part, set))
  }

  private func basis(ofProof part: EvidencePlan.Part, _ set: TestSet) -> EvidenceBasis {
    switch part {
    case .absolute(let index):
      let spec = evidence.plan.absolutes[index]
      return EvidenceBasis(p0: spec.p0, limit: limit(spec.signal), starts: set.absoluteProofs[index].counted)
    case .relative(let index):
      let spec = evidence.plan.relatives[index]
      let starts = set.relativeProofs[index].starts
      return EvidenceBasis(
        r0: spec.r0, limit: limit(spec.signal),
        starts: starts.allSatisfy(\.isCounted) ? starts.map { EvidenceBasis.Start($0) } : [])
    case .betting: return EvidenceBasis()
    }
  }
}
