/// Reads the journal with a stranger's eyes: does every decision follow from what was recorded with it?

/// What can be told from the journal alone: the order, the weights, and that the evidence of every breach reaches what it had to.
/// With the playbook that a decision was taken under, also that the bar was the promised one and that the e-value of
/// an absolute test is one that its counts can give.
package struct DecisionAudit: Sendable {
  package struct Fault: Sendable, Equatable, CustomStringConvertible {
    package var seq: Int
    package var message: String

    package var description: String { "decision \(seq): \(message)" }
  }

  /// - Parameters:
  ///   - decisions: Of one rollout, oldest first, none missing.
  ///   - playbook: Used for the decisions that carry its SHA-256.
  /// - Returns: Empty where everything follows.
  package static func faults(in decisions: [Decision], playbook: Playbook? = nil) -> [Fault] {
    var audit = DecisionAudit(playbook)
    for decision in decisions { audit.read(decision) }
    return audit.faults
  }

  private let playbook: Playbook?
  private let plan: EvidencePlan?
  private var faults: [Fault] = []
  private var previous: Decision?
  private var closed: Set<String> = []

  private init(_ playbook: Playbook?) {
    self.playbook = playbook
    plan = playbook.map { EvidencePlan($0) }
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
    faults += weightFaults(decision).map(fault)
    if let evidence = decision.evidence { faults += evidenceFaults(evidence, decision).map(fault) }
    if decision.actor == "crossfade", decision.metric != nil, decision.evidence == nil {
      faults.append(fault("names a metric but records no evidence"))
    }
    previous = decision
  }

  private mutating func weightFaults(_ decision: Decision) -> [String] {
    switch decision.decision {
    case .rollback: closed.formUnion(decision.candidate.map { [$0] } ?? Array(decision.weightsAfter.keys))
    case .rearm: closed = []
    default: break
    }
    var found = closed.sorted().filter { (decision.weightsAfter[$0] ?? 0) > 0 }
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
    guard let plan, decision.playbookSHA256 == playbook?.sha256, let planned = planned(decision, plan) else {
      return found
    }
    if abs(planned.threshold - threshold) > 1e-9 * planned.threshold {
      found.append("the bar was \(threshold), the playbook's is \(planned.threshold)")
    }
    if Set(parts.keys) != Set(planned.parts.map(\.name)) { found.append("its tests are not the condition's") }
    for named in planned.parts.prefix(1) {
      guard case .absolute(let index) = named.part, let part = parts[named.name] else { continue }
      if part > Self.most(plan.absolutes[index].p0, evidence.candidate) * (1 + 1e-9) {
        found.append("\(evidence.candidate.bad) bad of \(evidence.candidate.n) cannot give an e-value of \(part)")
      }
    }
    return found
  }

  private func planned(_ decision: Decision, _ plan: EvidencePlan) -> EvidencePlan.PlannedCondition? {
    plan.conditions.first {
      $0.condition.metric == decision.metric && $0.isRollback == (decision.decision == .rollback)
        && Decision.Limits(above: $0.condition.above, ratioAbove: $0.condition.ratioAbove) == decision.condition
    }
  }

  /// The counts are those of the start that contributes most; the others contribute no more each, and no start has a weight
  /// above one half.
  private static func most(_ p0: Double, _ counts: Evidence.Counts) -> Double {
    let one = AbsoluteTest.eValue(p0: p0, n: counts.n, bad: counts.bad)
    return min(RestartWeights.ceiling, one * 0.5 * Double(RestartWeights.maxStarts))
  }
}
