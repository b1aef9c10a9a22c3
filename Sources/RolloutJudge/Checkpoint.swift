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
}

extension Judge {
  package var checkpoint: Checkpoint {
    Checkpoint(
      seq: progress.lastDecision?.seq ?? 0, statistics: statistics.saved([playbook.baseline.name] + candidateNames),
      evidence: evidence.saved(candidateNames), baseline: baseline.saved, peak: peak)
  }

  /// Goes on with a rollout that the journal knows.
  ///
  /// - Parameters:
  ///   - checkpoint: The newest, if any was kept.
  ///   - decisions: All of this rollout, oldest first; none: it begins afresh.
  /// - Throws: `ResumeRefusal` where this playbook has no place for the journaled rollout.
  package init(
    playbook: Playbook, resuming checkpoint: Checkpoint?, decisions: [Decision], at: Instant
  ) throws(ResumeRefusal) {
    self.init(playbook: playbook, at: decisions.first?.at ?? at)
    guard let last = decisions.last else { return }
    if last.playbookSHA256 != playbook.sha256 {
      try Self.refuse(playbook, after: decisions, last)
    }
    for decision in decisions where decision.seq <= checkpoint?.seq ?? 0 { progress.apply(decision, playbook) }
    if let checkpoint {
      statistics.restore(checkpoint.statistics, [playbook.baseline.name] + candidateNames)
      evidence.restore(checkpoint.evidence, candidateNames, at: at)
      baseline.restore(checkpoint.baseline)
      if let known = checkpoint.peak { peak = known }
      for candidate in candidateNames.indices where progress.isClosed[candidate] { evidence.close(candidate) }
      if progress.isStarted { evidence.resumed(in: stage) }
    }
    for decision in decisions where decision.seq > checkpoint?.seq ?? 0 { take(decision) }
    hasChangedPlaybook = last.playbookSHA256 != playbook.sha256
  }

  /// A changed playbook may go on in the stage of the same name if no weight rises by that alone.
  private static func refuse(
    _ playbook: Playbook, after decisions: [Decision], _ last: Decision
  ) throws(ResumeRefusal) {
    guard last.rollout == playbook.name else {
      throw ResumeRefusal(.otherRollout, "the journal's rollout is \(last.rollout), the playbook's is \(playbook.name)")
    }
    guard let stage = playbook.stages.first(where: { $0.name == last.stage }) else {
      throw ResumeRefusal(
        .stageGone,
        "the rollout \(playbook.name) is in stage \(last.stage), which the changed playbook does not have; keep the stage, or "
          + "begin a rollout under another name")
    }
    var progress = RolloutProgress(playbook, at: last.at)
    for decision in decisions { progress.apply(decision, playbook) }
    guard progress.state != .aborted else { return }
    for (index, arm) in playbook.candidates.enumerated() where stage.weights.indices.contains(index) {
      let journaled = last.weightsAfter[arm.name] ?? 0
      guard stage.weights[index] > journaled + 1e-12, !progress.isClosed[index] else { continue }
      throw ResumeRefusal(
        .weightWouldRise,
        "the changed playbook gives \(arm.name) \(Wording.share(stage.weights[index])) in stage \(stage.name), the journal's "
          + "last decision \(Wording.share(journaled)); a change of the playbook must not raise a weight: advance to it"
      )
    }
  }
}
