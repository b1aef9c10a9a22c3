/// From evidence to verdicts: which conditions have crossed, for whom, by how much.

import TrafficSplit

extension Judge {
  /// Looks at every test that could have risen and keeps what has crossed.
  mutating func weighConditions(at now: Instant) {
    for candidate in candidateNames.indices where !progress.isClosed[candidate] {
      if case .threshold = playbook.test {
        weighGates(candidate)
        continue
      }
      for population in [Population.live, .shadow] {
        let isStale = population == .live ? evidence.live[candidate].isStale : evidence.shadow[candidate].isStale
        guard isStale else { continue }
        if population == .live { evidence.live[candidate].isStale = false }
        if population == .shadow { evidence.shadow[candidate].isStale = false }
        weigh(candidate, population, at: now)
      }
    }
  }

  private mutating func weighGates(_ candidate: Int) {
    guard let population = population(of: candidate) else { return }
    for (index, planned) in evidence.plan.conditions.enumerated() where breaches[candidate][index] == nil {
      guard let reading = gates.reading(planned.condition, of: candidate, population), reading.isBreached else {
        continue
      }
      let evidence = Evidence(
        test: "threshold", eValue: nil, threshold: nil,
        candidate: Evidence.Counts(n: reading.candidate.n, bad: reading.candidate.bad),
        baseline: Evidence.Counts(n: reading.baseline.n, bad: reading.baseline.bad), since: progress.enteredAt,
        parts: ["observed": reading.observed, "limit": reading.limit])
      breaches[candidate][index] = Breach(
        planned.condition, evidence, in: population, observed: reading.observed)
    }
  }

  private mutating func weigh(_ candidate: Int, _ population: Population, at now: Instant) {
    let budget = population == .live ? budgets[candidate].live : budgets[candidate].shadow
    guard budget > 0 else { return }
    for (index, planned) in evidence.plan.conditions.enumerated()
    where breaches[candidate][index] == nil && !planned.parts.isEmpty {
      guard let found = crossed(planned, candidate, population, threshold: planned.threshold / budget, at: now) else {
        continue
      }
      breaches[candidate][index] = Breach(planned.condition, found.evidence(budget, planned.threshold), in: population)
    }
  }

  /// Every part of the condition at or above the threshold, or nil at the first that is not.
  private mutating func crossed(
    _ planned: EvidencePlan.PlannedCondition, _ candidate: Int, _ population: Population, threshold: Double,
    at now: Instant
  ) -> Crossing? {
    var crossing = Crossing()
    for named in planned.parts {
      guard case .absolute(let index) = named.part else { continue }
      let finding =
        population == .live
        ? evidence.live[candidate].absolute(index) : evidence.shadow[candidate].absolute(index)
      guard finding.value >= threshold, let since = finding.since else { return nil }
      let set = population == .live ? evidence.live[candidate] : evidence.shadow[candidate]
      let tally = set.tallies[evidence.plan.absolutes[index].signal] - finding.reference
      crossing.add(
        named.name, finding.value,
        Crossing.Counts(
          candidate: (finding.n, finding.bad), baseline: (tally.baseline, tally.baselineBad), since: since))
    }
    for named in planned.parts {
      guard case .relative(let index) = named.part else { continue }
      let (value, start) =
        population == .live
        ? evidence.live[candidate].relative(index, in: evidence.ring, towards: threshold, at: now)
        : evidence.shadow[candidate].relative(index, in: evidence.ring, towards: threshold, at: now)
      guard value >= threshold else { return nil }
      let set = population == .live ? evidence.live[candidate] : evidence.shadow[candidate]
      let tally = set.tallies[set.signal(ofRelative: index)] - start.reference
      crossing.add(
        named.name, value,
        Crossing.Counts(
          candidate: (tally.candidate, tally.candidateBad), baseline: (tally.baseline, tally.baselineBad),
          since: start.since))
    }
    return crossing
  }
}

extension Playbook {
  /// Of what a condition may spend on one candidate, the part for each population that the playbook shows it in: three
  /// quarters live, where it hurts, one in shadow. Crossing in either is a breach, and the two sum to what was promised.
  func budget(ofCandidate candidate: Int) -> (live: Double, shadow: Double) {
    let hasLive = stages.contains { $0.weights.indices.contains(candidate) && $0.weights[candidate] > 0 }
    let hasShadow = stages.contains { $0.shadow.indices.contains(candidate) && $0.shadow[candidate] > 0 }
    if hasLive && hasShadow { return (0.75, 0.25) }
    return hasLive ? (1, 0) : (0, 1)
  }
}

/// The parts of a condition that have all crossed.
private struct Crossing {
  struct Counts {
    var candidate: (n: Int, bad: Int)
    var baseline: (n: Int, bad: Int)
    var since: Instant
  }

  var values: [String: Double] = [:]
  /// Of the first part, which speaks for the condition.
  var counts: Counts?

  mutating func add(_ name: String, _ value: Double, _ counts: Counts) {
    values[name] = value
    self.counts = self.counts ?? counts
  }

  /// E-values are multiplied by the population's part of the budget, so that they compare with the condition's threshold.
  func evidence(_ budget: Double, _ threshold: Double) -> Evidence {
    let smallest = values.values.min() ?? 0
    let counts = counts ?? Counts(candidate: (0, 0), baseline: (0, 0), since: Instant(nanoseconds: 0))
    return Evidence(
      test: "sequential", eValue: smallest * budget, threshold: threshold,
      candidate: Evidence.Counts(n: counts.candidate.n, bad: counts.candidate.bad),
      baseline: Evidence.Counts(n: counts.baseline.n, bad: counts.baseline.bad), since: counts.since,
      parts: values.mapValues { $0 * budget })
  }
}
