/// A rollback that one model has forced: it takes back that model alone where the playbook says so.

import TrafficSplit

/// The part of a candidate's traffic that goes back.
struct ModelPart: Sendable, Equatable {
  var model: String
  /// Where it stands for all models without a test of their own: those that have one.
  var othersThan: [String]?
}

extension Judge {
  /// The model that a breach is put down to, where the playbook takes back models; nil: it is the candidate's.
  func part(of breach: Breach) -> ModelPart? {
    guard playbook.rollbackScope == .model else { return nil }
    let worst = breach.evidence.badByModel?.max { ($0.value, $1.key) < ($1.value, $0.key) }
    guard let model = breach.evidence.model ?? worst?.key else { return nil }
    let isByName = evidence.strata.models.contains(model)
    return ModelPart(model: model, othersThan: isByName ? nil : evidence.strata.models)
  }

  /// Whether a model is left that the candidate's map names, or that has been seen and that it serves.
  func isServing(_ candidate: Int, without part: ModelPart) -> Bool {
    var withheld = progress.withheld[candidate]
    withheld.withhold(part.model, othersThan: part.othersThan)
    let map = playbook.candidates[candidate].models
    let named = map.lines.lazy.filter(\.from.isLiteral).map(\.from.pattern)
    if named.contains(where: { !withheld.contains($0) }) { return true }
    if evidence.strata.hasOthers, withheld.othersThan == nil { return true }
    return evidence.strata.models.contains { !withheld.contains($0) && map.candidateModel(for: $0) != nil }
  }

  /// The bad attempts of a condition that all requests together have crossed, by model: of the models that they are put down to. Nil
  /// where they are the candidate's, or models are not told apart.
  func badByModel(
    _ planned: EvidencePlan.PlannedCondition, _ found: Evidence, _ candidate: Int, _ population: Population
  ) -> [String: Int]? {
    guard playbook.rollbackScope == .model, !planned.strata.isEmpty, let signal = planned.signal else { return nil }
    let counts = evidence.lately.counts(signal, of: candidate, population, since: found.since)
    let known = counts.values.reduce(0) { $0 + $1.bad }
    // What is not known of them is the rest's.
    let culprits = Attribution.culprits(counts) { rest in
      found.allows(rest + max(0, found.candidate.bad - known), planned.condition.stated)
    }
    var bad: [String: Int] = [:]
    for stratum in culprits { bad[evidence.strata.name(stratum)] = counts[stratum]?.bad }
    return bad.isEmpty || bad.values.reduce(0, +) > found.candidate.bad ? nil : bad
  }
}

extension Evidence {
  /// Whether so many bad attempts of the candidate's would have been within one of the limits, as far as the counts go. A single one
  /// may be chance.
  func allows(_ bad: Int, _ limits: Decision.Limits) -> Bool {
    guard bad > 1 else { return bad >= 0 }
    let share = Double(bad) / Double(max(1, candidate.n))
    if let above = limits.above, share <= above { return true }
    let own = Double(baseline.bad) / Double(max(1, baseline.n))
    return limits.ratioAbove.map { share <= $0 * own } ?? false
  }
}
