/// Reasons to stay in a stage although its time has passed: a hold that does not look would let a dead candidate pass.

extension Judge {
  /// The first reason that one of these candidates gives; nil: none does.
  func doubt(about candidates: [Int]) -> Obstacle? {
    for candidate in candidates {
      guard let population = population(of: candidate) else { continue }
      if population == .shadow, statistics.isUnreachable[candidate + 1] { return .unreachable }
      let seen = statistics.stage(candidate + 1, population)
      if seen.ended > 0 && seen.answered == 0 { return .unanswered }
      if isLeaning(candidate, population) { return .leaning }
    }
    return nil
  }

  /// A rollback condition is exceeded as far as anyone can tell, in all of its limits, and its e-values are above 1: no proof,
  /// but no time to send the candidate more.
  private func isLeaning(_ candidate: Int, _ population: Population) -> Bool {
    guard playbook.test == .sequential else { return false }
    let set = set(candidate, population)
    return evidence.plan.conditions.contains { planned in
      planned.isRollback && !planned.parts.isEmpty && budget(of: planned, candidate, population) > 0
        && planned.parts.allSatisfy { isLeaning($0.part, set) }
    }
  }

  private func isLeaning(_ part: EvidencePlan.Part, _ set: TestSet) -> Bool {
    switch part {
    case .absolute(let index):
      let finding = set.absolutes[index].currentFinding()
      return set.absolutes[index].whole > 1
        && Double(finding.bad) > evidence.plan.absolutes[index].p0 * Double(finding.n)
    case .relative(let index):
      let spec = evidence.plan.relatives[index]
      let tally = set.weighed[spec.signal]
      let isAbove =
        Double(tally.candidateBad) * Double(tally.baseline)
        > spec.r0 * Double(tally.baselineBad) * Double(tally.candidate)
      let last = set.frozen[index]?.test
      let isAboveLast =
        last.map { $0.currentFinding() }.map { Double($0.bad) > (last?.p0 ?? 1) * Double($0.n) } ?? false
      return (isAbove || isAboveLast) && set.wholeRatio(index) > 1
    case .betting(let index): return set.bets[index].value > 1
    }
  }

  /// As in `; 812 copies, 0.4% failed`; empty where the stage shows no candidate.
  func seen(of candidates: [Int]) -> String {
    let shown = candidates.compactMap { candidate -> String? in
      guard let population = population(of: candidate) else { return nil }
      let (ended, answered) = statistics.stage(candidate + 1, population)
      let kind = population == .shadow ? (ended == 1 ? "copy" : "copies") : ended == 1 ? "request" : "requests"
      let failed = ended > 0 ? ", \(Wording.share(Double(ended - answered) / Double(ended))) failed" : ""
      return (candidateNames.count > 1 ? "\(candidateNames[candidate]) " : "") + "\(ended) \(kind)\(failed)"
    }
    return shown.isEmpty ? "" : "; " + shown.joined(separator: "; ")
  }
}
