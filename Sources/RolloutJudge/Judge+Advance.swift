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
    let provable = evidence.plan.conditions.filter { $0.isRollback && !$0.proofs.isEmpty }
    return !provable.isEmpty
      && candidateNames.indices.allSatisfy { candidate in
        guard !progress.isClosed[candidate], let population = population(of: candidate) else { return true }
        return provable.allSatisfy { isProven($0, candidate, population) }
      }
  }

  /// A condition with two limits is breached only beyond both, so a proof against either will do; each then gets half of what
  /// may be spent.
  func isProven(_ planned: EvidencePlan.PlannedCondition, _ candidate: Int, _ population: Population) -> Bool {
    let set = population == .live ? evidence.live[candidate] : evidence.shadow[candidate]
    let threshold = evidence.plan.proofThreshold * Double(planned.proofs.count)
    return planned.proofs.contains { set.proof($0) >= threshold }
  }
}
