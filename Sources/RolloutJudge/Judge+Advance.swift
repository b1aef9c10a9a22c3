/// Whether the current stage may be left: the hold, the traffic, the proof, the approval.

extension Judge {
  /// What keeps the stage from advancing now; nil: nothing does.
  func obstacle(at now: Instant) -> Obstacle? {
    if !isJournalAvailable { return .journal }
    if progress.state == .paused { return .paused }
    if baseline.isDegraded { return .baselineDegraded }
    if isSplitWrong { return .splitMismatch }
    if progress.held(at: now) < stage.hold { return .hold }
    let seen = fewestSamples
    if seen == 0 { return .noTraffic }
    if seen < stage.minSamples { return .minSamples }
    if let share = stage.minRate, !peak.hasSeen(share) { return .minRate }
    if stage.advance == .proven && !isProven { return .undecided }
    return stage.needsApproval ? .approval : nil
  }

  private var isSplitWrong: Bool {
    candidateNames.indices.contains { !progress.isClosed[$0] && evidence.splits[$0].isMismatch }
  }

  /// Ended attempts in this stage of the open candidate that has the fewest, among those with a weight or a shadow share;
  /// of the baseline where no candidate has any.
  var fewestSamples: Int {
    var fewest: Int?
    for candidate in candidateNames.indices where !progress.isClosed[candidate] {
      guard let population = population(of: candidate) else { continue }
      let seen = population == .live ? statistics.stageLive[candidate + 1] : statistics.stageShadow[candidate + 1]
      fewest = min(fewest ?? .max, seen)
    }
    return fewest ?? statistics.stageLive[0]
  }

  /// Where the stage shows what a candidate does: live if it has a weight, else in shadow, else nowhere.
  func population(of candidate: Int) -> Population? {
    if stage.weights.indices.contains(candidate), stage.weights[candidate] > 0 { return .live }
    if stage.shadow.indices.contains(candidate), stage.shadow[candidate] > 0 { return .shadow }
    return nil
  }

  /// Every rollback condition that attempts can decide is shown not to be breached, for every open candidate.
  var isProven: Bool {
    !evidence.plan.provable.isEmpty
      && candidateNames.indices.allSatisfy { candidate in
        guard !progress.isClosed[candidate], let population = population(of: candidate) else { return true }
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
  var proofs: [Proof] {
    candidateNames.indices.flatMap { candidate -> [Proof] in
      guard !progress.isClosed[candidate], let population = population(of: candidate) else { return [] }
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
      condition: Decision.Limits(above: planned.condition.above, ratioAbove: planned.condition.ratioAbove),
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
