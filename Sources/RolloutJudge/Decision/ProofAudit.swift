/// Computes a proof's e-value again from the counts it records, and says what does not follow.

enum ProofAudit {
  /// - Parameter plan: Of the playbook that the decision was taken under, where it is known.
  static func faults(_ proof: Proof, under plan: EvidencePlan?) -> [String] {
    let what = "the proof of \(proof.metric.rawValue) for \(proof.candidate)"
    var found: [String] = []
    if !(proof.eValue >= proof.threshold) {
      found.append("\(what): e-value \(proof.eValue) does not reach \(proof.threshold)")
    }
    if !isOfCondition(proof) { found.append("\(what) was held against another limit than the condition's") }
    if let start = proof.basis.starts.first {
      let computed = min(RestartWeights.ceiling, value(proof.basis, start))
      if proof.basis.starts.count > 1 || abs(computed - proof.eValue) > 1e-6 * max(computed, proof.eValue) {
        found.append("\(what): its counts give an e-value of \(computed), not \(proof.eValue)")
      }
    }
    guard let plan else { return found }
    guard let planned = plan.provable.first(where: { isAbout($0, proof) }) else {
      return found + ["\(what): the playbook has no such condition"]
    }
    let threshold = plan.proofThreshold(of: planned)
    if abs(threshold - proof.threshold) > 1e-9 * threshold {
      found.append("\(what): the bar was \(proof.threshold), the playbook's is \(threshold)")
    }
    return found
  }

  /// Of a stage that is left because it is proven: that nothing was left unproven.
  static func missing(
    in proofs: [Proof], for candidates: [String], under plan: EvidencePlan
  ) -> [String] {
    candidates.flatMap { candidate in
      plan.provable.filter { planned in
        !proofs.contains { $0.candidate == candidate && isAbout(planned, $0) }
      }.map { "records no proof of \($0.condition.metric.rawValue) for \(candidate)" }
    }
  }

  private static func isAbout(_ planned: EvidencePlan.PlannedCondition, _ proof: Proof) -> Bool {
    planned.condition.metric == proof.metric
      && planned.condition.stated == proof.condition
  }

  private static func isOfCondition(_ proof: Proof) -> Bool {
    let (condition, basis, times) = (proof.condition, proof.basis, proof.metric.timeLimits(proof.condition))
    switch proof.test {
    case "absolute":
      return times.map { $0.above != nil && basis.p0 == 1 - $0.quantile }
        ?? (condition.above.map { basis.p0 == $0 } ?? false)
    case "ratio":
      return times.map { $0.ratio != nil && basis.r0 == 1 } ?? (condition.ratioAbove.map { basis.r0 == $0 } ?? false)
    case "ratio_limit": return times.map { $0.ratio != nil && basis.p0 == 1 - $0.quantile } ?? false
    default: return false
    }
  }

  private static func value(_ basis: EvidenceBasis, _ start: EvidenceBasis.Start) -> Double {
    if let shares = start.shares, let r0 = basis.r0 {
      return RelativeTest.eValue(r0: r0, shares, against: .better)
    }
    guard let n = start.n, let bad = start.bad, let p0 = basis.p0, bad >= 0, bad <= n else { return 0 }
    return AbsoluteTest.eValue(p0: p0, n: n, bad: bad, against: .better)
  }
}
