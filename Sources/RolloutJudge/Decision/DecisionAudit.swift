/// Reads the journal with a stranger's eyes: does every decision follow from what was recorded with it?

/// From the journal alone: the order, the weights, that the evidence of every breach reaches what it had to, and that the counts it
/// records give its e-values. With the playbook that a decision was taken under, also that the bar was the promised one and the
/// weights are the stage's.
package struct DecisionAudit: Sendable {
  package struct Fault: Sendable, Equatable, CustomStringConvertible {
    package var seq: Int
    package var message: String

    package var description: String { "decision \(seq): \(message)" }
  }

  /// - Parameters:
  ///   - decisions: Of one rollout, oldest first, none missing.
  ///   - wholeFrom: The first decision whose evidence has to be whole, and whose sentence its own; older versions kept less and
  ///     spoke otherwise. Nil: none.
  /// - Returns: Empty where everything follows.
  package static func faults(
    in decisions: [Decision], playbooks: [Playbook] = [], wholeFrom: Int? = nil
  ) -> [Fault] {
    var audit = DecisionAudit(playbooks)
    for decision in decisions {
      audit.read(decision)
      if let wholeFrom, decision.seq >= wholeFrom { audit.readWhole(decision) }
    }
    return audit.faults
  }

  /// Of playbooks that are said to have been in force: those that no decision was taken under.
  package static func strangers(among playbooks: [Playbook], in decisions: [Decision]) -> [Playbook] {
    playbooks.filter { playbook in !decisions.contains { $0.playbookSHA256 == playbook.sha256 } }
  }

  private mutating func readWhole(_ decision: Decision) {
    var found = SentenceAudit.faults(decision)
    if let evidence = decision.evidence { found += EvidenceAudit.missing(evidence, decision) }
    if decision.proofs?.contains(where: { $0.basis.starts.isEmpty }) ?? false {
      found.append("a proof does not say what it is made of")
    }
    faults += found.map { Fault(seq: decision.seq, message: $0) }
  }

  /// Whether the e-values that a decision rests on were computed again; true for one that rests on none.
  package static func isComplete(_ decision: Decision) -> Bool {
    guard decision.proofs?.allSatisfy({ !$0.basis.starts.isEmpty }) ?? true else { return false }
    guard let evidence = decision.evidence, evidence.test == "sequential" else { return true }
    return EvidenceAudit.isComplete(evidence)
  }

  private let playbooks: [String: (playbook: Playbook, plan: EvidencePlan)]
  private var faults: [Fault] = []
  private var previous: Decision?
  private var stages = StageAudit()

  private init(_ playbooks: [Playbook]) {
    self.playbooks = Dictionary(
      playbooks.map { ($0.sha256, ($0, EvidencePlan($0))) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func read(_ decision: Decision) {
    func fault(_ message: String) -> Fault { Fault(seq: decision.seq, message: message) }
    if decision.seq != (previous?.seq ?? 0) + 1 {
      faults.append(fault("does not follow decision \(previous?.seq ?? 0)"))
    }
    if let previous, decision.at < previous.at { faults.append(fault("is older than the one before it")) }
    if (decision.decision == .start) != (previous == nil) { faults.append(fault("a rollout starts once, first")) }
    if let previous, decision.weightsBefore != previous.weightsAfter, decision.decision != .configChanged {
      faults.append(fault("its weights before are not the weights after decision \(previous.seq)"))
    }
    let proofFaults = proofFaults(decision)
    let stageFaults = stages.read(decision)
    faults += (weightFaults(decision) + stageFaults).map(fault)
    if let known = playbooks[decision.playbookSHA256] {
      faults += stages.faults(decision, under: known.playbook).map(fault)
    }
    if let evidence = decision.evidence { faults += evidenceFaults(evidence, decision).map(fault) }
    faults += ModelAudit.faults(decision).map(fault)
    faults += proofFaults.map(fault)
    if decision.actor == "crossfade", decision.metric != nil, decision.evidence == nil {
      faults.append(fault("names a metric but records no evidence"))
    }
    previous = decision
  }

  private func weightFaults(_ decision: Decision) -> [String] {
    var found = stages.rolledBack.sorted().filter { (decision.weightsAfter[$0] ?? 0) > 0 }
      .map { "gives weight to \($0), which is rolled back" }
    let mayRaise: Set<Decision.Kind> = [.start, .advance, .rearm]
    if !mayRaise.contains(decision.decision) {
      found += decision.weightsAfter.sorted { $0.key < $1.key }
        .filter { $0.value > (decision.weightsBefore[$0.key] ?? 0) + 1e-12 }
        .map { "a \(decision.decision.rawValue) raises the weight of \($0.key)" }
    }
    return found
  }

  private func evidenceFaults(_ evidence: Evidence, _ decision: Decision) -> [String] {
    var found: [String] = []
    for (arm, counts) in [("candidate", evidence.candidate), ("baseline", evidence.baseline)]
    where counts.bad < 0 || counts.bad > counts.n {
      found.append("counts \(counts.bad) bad of \(counts.n) for the \(arm)")
    }
    return found
      + (evidence.test == "threshold" ? gateFaults(evidence) : sequentialFaults(evidence, decision))
  }

  private func proofFaults(_ decision: Decision) -> [String] {
    let known = playbooks[decision.playbookSHA256]
    let proofs = decision.proofs ?? []
    var found = proofs.flatMap { ProofAudit.faults($0, under: known?.plan) }
    guard decision.decision == .advance || decision.decision == .complete, decision.actor == "crossfade",
      let known, let (left, leaving) = stages.leaving(decision), known.playbook.stages.indices.contains(left),
      known.playbook.stages[left].advance == .proven
    else { return found }
    let stage = known.playbook.stages[left]
    let shown = known.playbook.candidates.indices.filter { stage.weights[$0] > 0 || stage.shadow[$0] > 0 }
      .map { known.playbook.candidates[$0].name }.filter(leaving.contains)
    found += ProofAudit.missing(in: proofs, for: shown, under: known.plan)
    return found
  }

  private func gateFaults(_ evidence: Evidence) -> [String] {
    guard let observed = evidence.parts?["observed"], let limit = evidence.parts?["limit"] else {
      return ["records neither what was observed nor what was allowed"]
    }
    return observed > limit ? [] : ["observed \(observed) does not exceed \(limit)"]
  }

  private func sequentialFaults(_ evidence: Evidence, _ decision: Decision) -> [String] {
    guard let value = evidence.eValue, let threshold = evidence.threshold, let parts = evidence.parts else {
      return ["records no e-value"]
    }
    var found: [String] = []
    if !(value >= threshold) { found.append("e-value \(value) does not reach \(threshold)") }
    if parts.values.min() != value { found.append("e-value \(value) is not the smallest of its tests'") }
    found += EvidenceAudit.faults(evidence, decision)
    guard let (playbook, plan) = playbooks[decision.playbookSHA256] else { return found }
    guard let planned = planned(decision, plan) else { return found + ["the playbook has no such condition"] }
    if abs(planned.threshold - threshold) > 1e-9 * planned.threshold {
      found.append("the bar was \(threshold), the playbook's is \(planned.threshold)")
    }
    if Set(parts.keys) != Set(planned.parts.map(\.name)), evidence.basis == nil {
      found.append("its tests are not the condition's")
    }
    if let budget = evidence.budget, let population = evidence.population,
      let candidate = playbook.candidates.firstIndex(where: { $0.name == decision.candidate }),
      abs(
        planned.budget(playbook, candidate, isShadow: population == "shadow", isOfModel: evidence.model != nil) - budget
      ) > 1e-12
    {
      found.append("it spends \(budget) of its budget, the playbook says otherwise")
    }
    return found
  }

  private func planned(_ decision: Decision, _ plan: EvidencePlan) -> EvidencePlan.PlannedCondition? {
    plan.conditions.first {
      $0.condition.metric == decision.metric
        && $0.isRollback == (decision.decision == .rollback || decision.isForMistake)
        && $0.condition.stated == decision.condition
    }
  }
}
