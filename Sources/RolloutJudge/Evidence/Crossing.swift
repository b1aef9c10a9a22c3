/// A condition whose tests have all crossed, put into the evidence that is journaled.

struct Crossing {
  struct Counts {
    var candidate: (n: Int, bad: Int)
    var baseline: (n: Int, bad: Int)
    var since: Instant
  }

  private(set) var values: [String: Double] = [:]
  private var bases: [String: EvidenceBasis] = [:]
  /// Of the first part, which speaks for the condition.
  private var counts: Counts?

  mutating func add(_ name: String, _ value: Double, _ counts: Counts, _ basis: EvidenceBasis) {
    values[name] = value
    bases[name] = basis
    bases[name]?.baseline = Evidence.Counts(n: counts.baseline.n, bad: counts.baseline.bad)
    self.counts = self.counts ?? counts
  }

  /// E-values are multiplied by the population's part of the budget, so that they compare with the condition's threshold.
  func evidence(_ population: Population, budget: Double, _ planned: EvidencePlan.PlannedCondition) -> Evidence {
    let smallest = values.values.min() ?? 0
    let counts = counts ?? Counts(candidate: (0, 0), baseline: (0, 0), since: Instant(nanoseconds: 0))
    return Evidence(
      test: "sequential", eValue: smallest * budget, threshold: planned.threshold,
      candidate: Evidence.Counts(n: counts.candidate.n, bad: counts.candidate.bad),
      baseline: Evidence.Counts(n: counts.baseline.n, bad: counts.baseline.bad), since: counts.since,
      parts: values.mapValues { $0 * budget }, population: population == .shadow ? "shadow" : "live",
      alpha: planned.alpha, budget: budget, basis: bases)
  }
}

extension EvidenceBasis.Start {
  init(_ start: RelativeTest.Start) {
    self.init(start: start.number, weight: start.weight == 1 ? nil : start.weight, shares: start.bad)
  }

  init(_ start: RescueTest.Start) {
    self.init(
      start: start.number, weight: start.weight, n: start.counts.n, bad: start.counts.bad,
      rescued: start.counts.rescued, unknown: start.counts.unknown)
  }

  init(_ start: BettingTest.Start) { self.init(start: start.number, pairs: (0..<4).map { start.kinds[$0] }) }
}
