/// What a restarted process needs to go on as if it had never stopped: evidence and figures; the place comes from the journal.

/// Typically under 64 KB as JSON. Stored now and then; losing the newest costs evidence of both arms alike, never the promise.
package struct Checkpoint: Sendable, Equatable, Codable {
  /// The last decision it knows of; 0: none.
  package var seq: Int
  var statistics: [String: RolloutStatistics.Saved]
  var evidence: RolloutEvidence.Saved
  var baseline: [String: SlidingWindow.Saved]
  /// Nil in older ones.
  var peak: PeakWatch?
  /// What has been served of the stage's hold, and by candidates that are behind of theirs; nil in older ones.
  var hold: HoldClock.Saved?
  var ownHolds: [String: HoldClock.Saved]?
  /// By candidate, live and shadow: what has failed lately; nil in older ones.
  var failures: [String: [FailureLog.Saved]]?
}

extension Judge {
  package var checkpoint: Checkpoint {
    var ownHolds: [String: HoldClock.Saved] = [:]
    for (index, name) in candidateNames.enumerated() { ownHolds[name] = progress.own[index]?.clock.saved(at: now) }
    return Checkpoint(
      seq: progress.lastDecision?.seq ?? 0, statistics: statistics.saved([playbook.baseline.name] + candidateNames),
      evidence: evidence.saved(candidateNames), baseline: baseline.saved, peak: peak,
      hold: progress.place.clock.saved(at: now), ownHolds: ownHolds,
      failures: failures.saved(candidateNames))
  }

  /// Goes on with a rollout that the journal knows. What has been served of a hold comes from the checkpoint; a stage that
  /// none knows of is held anew.
  ///
  /// - Parameters:
  ///   - checkpoint: The newest, if any was kept.
  ///   - decisions: All of this rollout, oldest first; none: it begins afresh.
  ///   - actor: Who brought this playbook, where it is another one.
  /// - Throws: `ResumeRefusal` where this playbook has no place for the journaled rollout.
  package init(
    playbook: Playbook, resuming checkpoint: Checkpoint?, decisions: [Decision], actor: String = "crossfade",
    at: Instant
  ) throws(ResumeRefusal) {
    self.init(playbook: playbook, at: min(at, decisions.first?.at ?? at))
    now = at
    guard let last = decisions.last else { return }
    let known = decisions.prefix { $0.seq <= checkpoint?.seq ?? 0 }
    for decision in known { progress.apply(decision, playbook, at: at) }
    if let checkpoint { restore(checkpoint, at: at) }
    for decision in decisions.dropFirst(known.count) { take(decision) }
    resumeClocks(checkpoint, at: at)
    guard last.playbookSHA256 != playbook.sha256 else { return }
    var change = PlaybookChange(from: decisions.last { $0.settings != nil }?.settings, to: playbook)
    change.actor = actor
    self.change = change
    try requirePlace(after: last, change)
  }

  private mutating func restore(_ checkpoint: Checkpoint, at: Instant) {
    statistics.restore(checkpoint.statistics, [playbook.baseline.name] + candidateNames)
    evidence.restore(checkpoint.evidence, candidateNames, at: at)
    baseline.restore(checkpoint.baseline, at: at)
    failures.restore(checkpoint.failures ?? [:], candidateNames)
    evidence.withheld = progress.withheld
    if let known = checkpoint.peak { peak = known }
    peak.resumed(at: at)
    for candidate in candidateNames.indices where progress.isClosed[candidate] { evidence.close(candidate) }
    evidence.isCopying = isCopying
  }

  /// A place that was reached after the checkpoint is not the one that it knows of.
  private mutating func resumeClocks(_ checkpoint: Checkpoint?, at: Instant) {
    func isKnown(_ place: StagePlace?) -> Bool { place.map { $0.enteredBy <= checkpoint?.seq ?? 0 } ?? false }
    progress.resumeClocks(
      isKnown(progress.place) ? checkpoint?.hold : nil,
      own: candidateNames.indices.map {
        isKnown(progress.own[$0]) ? checkpoint?.ownHolds?[candidateNames[$0]] : nil
      }, at: at)
  }

  /// A changed playbook may go on in the stages of the same names if no weight rises by that alone.
  private func requirePlace(after last: Decision, _ change: PlaybookChange) throws(ResumeRefusal) {
    guard last.rollout == playbook.name else {
      throw ResumeRefusal(.otherRollout, "the journal's rollout is \(last.rollout), the playbook's is \(playbook.name)")
    }
    let open = candidateNames.indices.filter { !progress.isClosed[$0] }
    let places = [progress.place] + open.compactMap { progress.own[$0] }
    for place in places where !playbook.stages.contains(where: { $0.name == place.stage }) {
      throw ResumeRefusal(
        .stageGone,
        "the rollout \(playbook.name) is in stage \(place.stage), which the changed playbook does not have; keep the stage, or "
          + "begin a rollout under another name")
    }
    let decision = configChanged(change, at: now)
    var after = progress
    after.apply(decision, playbook, at: now)
    for index in candidateNames.indices {
      let (name, stage) = (candidateNames[index], playbook.stages[after.place(of: index).stageIndex])
      let (journaled, given) = (last.weightsAfter[name] ?? 0, decision.weightsAfter[name] ?? 0)
      guard given > journaled + 1e-12 else { continue }
      throw ResumeRefusal(
        .weightWouldRise,
        "the changed playbook gives \(name) \(Wording.share(given)) in stage \(stage.name), the journal's "
          + "last decision \(Wording.share(journaled)); a change of the playbook must not raise a weight: advance to it"
      )
    }
  }
}
