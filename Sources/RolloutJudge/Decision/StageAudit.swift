/// Whether stages follow each other in a journal as they must, and weights are those of their stages.

enum StageAudit {
  /// What can be told from two decisions that follow each other.
  static func faults(_ decision: Decision, after previous: Decision?) -> [String] {
    guard let previous else { return decision.stageIndex == 0 ? [] : ["a rollout starts in its first stage"] }
    var found: [String] = []
    if decision.playbookSHA256 != previous.playbookSHA256, decision.decision != .configChanged {
      found.append("was taken under another playbook, unannounced")
    }
    if decision.decision == .advance, decision.stageIndex != previous.stageIndex + 1 {
      found.append("advances from stage \(previous.stageIndex) to stage \(decision.stageIndex)")
    }
    let mayMove: Set<Decision.Kind> = [.advance, .rearm, .configChanged]
    if !mayMove.contains(decision.decision), decision.stageIndex != previous.stageIndex {
      found.append("a \(decision.decision.rawValue) cannot move from stage \(previous.stage) to \(decision.stage)")
    }
    return found
  }

  /// A decision gives a candidate its stage's weight or none.
  static func faults(_ decision: Decision, under playbook: Playbook) -> [String] {
    guard playbook.stages.indices.contains(decision.stageIndex),
      playbook.stages[decision.stageIndex].name == decision.stage
    else { return ["its stage, \(decision.stage), is not the playbook's"] }
    let stage = playbook.stages[decision.stageIndex]
    return playbook.candidates.indices.compactMap { index in
      let name = playbook.candidates[index].name
      let given = decision.weightsAfter[name] ?? 0
      guard given != 0, abs(given - stage.weights[index]) > 1e-12 else { return nil }
      return "gives \(name) \(Wording.share(given)), stage \(stage.name) \(Wording.share(stage.weights[index]))"
    }
  }
}
