/// How a condition's chance of a false alarm is shared out over live traffic and copies.

extension Metric {
  /// All or nothing where only one population shows it; nil where both do.
  func budget(isShadow: Bool) -> Double? {
    switch visibility {
    case .everywhere: nil
    case .live: isShadow ? 0 : 1
    case .copies: isShadow ? 1 : 0
    }
  }
}

extension Playbook {
  func budget(of metric: Metric, _ candidate: Int, isShadow: Bool) -> Double {
    if let whole = metric.budget(isShadow: isShadow) { return whole }
    let budget = budget(ofCandidate: candidate)
    return isShadow ? budget.shadow : budget.live
  }

  /// Of what a condition may spend on one candidate, the part for each population that the playbook shows it in: three
  /// quarters live, where it hurts, one in shadow. Crossing in either is a breach, and the two sum to what was promised.
  func budget(ofCandidate candidate: Int) -> (live: Double, shadow: Double) {
    let hasLive = stages.contains { $0.weights.indices.contains(candidate) && $0.weights[candidate] > 0 }
    let hasShadow = stages.contains { $0.shadow.indices.contains(candidate) && $0.shadow[candidate] > 0 }
    if hasLive && hasShadow { return (0.75, 0.25) }
    return hasLive ? (1, 0) : (0, 1)
  }
}
