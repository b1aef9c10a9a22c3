/// What a journal shows beyond its decisions one by one: stages in their order, and the playbook they come from.

import RolloutJudge

enum JournalAudit {
  static func faults(in decisions: [Decision], playbooks: [Playbook]) -> [(seq: Int, message: String)] {
    var faults: [(seq: Int, message: String)] = []
    var previous: Decision?
    for decision in decisions {
      func fault(_ message: String) { faults.append((decision.seq, message)) }
      if let previous {
        let isSame = decision.playbookSHA256 == previous.playbookSHA256
        if !isSame, decision.decision != .configChanged { fault("was taken under another playbook, unannounced") }
        if decision.decision == .advance, decision.stageIndex != previous.stageIndex + 1 {
          fault("advances from stage \(previous.stageIndex) to stage \(decision.stageIndex)")
        }
        let mayMove: Set<Decision.Kind> = [.advance, .rearm, .configChanged]
        if !mayMove.contains(decision.decision), decision.stageIndex != previous.stageIndex {
          fault("a \(decision.decision.rawValue) cannot move from stage \(previous.stage) to \(decision.stage)")
        }
      } else if decision.stageIndex != 0 {
        fault("a rollout starts in its first stage")
      }
      if let playbook = playbooks.first(where: { $0.sha256 == decision.playbookSHA256 }) {
        weightFaults(decision, playbook).forEach(fault)
      }
      previous = decision
    }
    return faults
  }

  /// A decision gives a candidate its stage's weight or none.
  private static func weightFaults(_ decision: Decision, _ playbook: Playbook) -> [String] {
    guard playbook.stages.indices.contains(decision.stageIndex),
      playbook.stages[decision.stageIndex].name == decision.stage
    else { return ["its stage, \(decision.stage), is not the playbook's"] }
    let stage = playbook.stages[decision.stageIndex]
    return playbook.candidates.indices.compactMap { index in
      let name = playbook.candidates[index].name
      let given = decision.weightsAfter[name] ?? 0
      guard given != 0, abs(given - stage.weights[index]) > 1e-12 else { return nil }
      return "gives \(name) \(FigureText.share(given)), stage \(stage.name) \(FigureText.share(stage.weights[index]))"
    }
  }

  /// Whether the counts that a decision records can give the e-value that it records, for a limit in the metric's own
  /// unit. It needs no playbook: the decision names the limit, and a playbook that gives it the bar it was held
  /// against is made up.
  static func countFaults(in decisions: [Decision]) -> [(seq: Int, message: String)] {
    decisions.filter { isCountable($0) }.flatMap { decision in
      let plain = DecisionAudit.faults(in: [decision])
      return DecisionAudit.faults(in: [decision], playbook: madeUp(for: decision))
        .filter { !plain.contains($0) }.map { ($0.seq, $0.message) }
    }
  }

  /// An e-value of a relative limit depends on the order of the bad attempts, which a journal does not keep.
  static func isCountable(_ decision: Decision) -> Bool {
    decision.evidence?.test == "sequential" && decision.condition?.above != nil && decision.metric != nil
  }

  private static func madeUp(for decision: Decision) -> Playbook? {
    guard let threshold = decision.evidence?.threshold, threshold > 1, let metric = decision.metric else { return nil }
    func arm(_ name: String) -> Arm {
      Arm(name: name, vendor: "", url: ArmURL(isTLS: false, host: "", port: 0, basePath: ""))
    }
    let condition = Condition(
      metric: metric, above: decision.condition?.above, ratioAbove: decision.condition?.ratioAbove)
    let isRollback = decision.decision == .rollback
    return Playbook(
      name: decision.rollout, baseline: arm(""), candidates: [arm(decision.candidate ?? "")],
      confidence: 1 - 1 / threshold, rollbackWhen: isRollback ? [condition] : [],
      pauseWhen: isRollback ? [] : [condition],
      stages: [Stage(name: decision.stage, weights: [0], shadow: [0], hold: .zero)],
      sha256: decision.playbookSHA256)
  }
}
