/// Holds the model that a rollback takes back against the evidence: it has to be that model's.

enum ModelAudit {
  static func faults(_ decision: Decision) -> [String] {
    var found = decision.evidence.map { attributed($0, decision) } ?? []
    guard let model = decision.model else { return found }
    guard decision.decision == .rollback else { return found + ["a \(decision.decision.rawValue) takes no model back"] }
    guard let evidence = decision.evidence else {
      return found + ["takes \(model.plainText) back without evidence"]
    }
    let isOfModel = evidence.model.map { $0 == model } ?? (evidence.badByModel?[model] != nil)
    if !isOfModel { found.append("takes \(model.plainText) back, its evidence is not about that model") }
    return found
  }

  /// A crossing of all requests that is put down to models: without theirs it would have been within the limits.
  private static func attributed(_ evidence: Evidence, _ decision: Decision) -> [String] {
    guard let bad = evidence.badByModel else { return [] }
    let sum = bad.values.reduce(0, +)
    guard bad.values.allSatisfy({ $0 > 0 }), sum <= evidence.candidate.bad, evidence.model == nil else {
      return ["its bad attempts by model are not possible"]
    }
    guard let condition = decision.condition, !evidence.allows(evidence.candidate.bad - sum, condition) else {
      return []
    }
    return ["is put down to models without which it would be beyond the limits as well"]
  }
}
