/// Computes a decision's e-values again from the counts it records, and says what does not follow.

import RealModule

/// Needs no playbook: the decision names the limits, the evidence the counts.
struct EvidenceAudit {
  private let evidence: Evidence
  private let decision: Decision
  private let metric: Metric
  private(set) var faults: [String] = []

  /// Whether every e-value can be computed again; not in older journals, nor for costs, of which only means are kept.
  static func isComplete(_ evidence: Evidence) -> Bool {
    guard let parts = evidence.parts, let basis = evidence.basis else { return false }
    return parts.keys.allSatisfy { !(basis[$0]?.starts.isEmpty ?? true) }
  }

  /// What today's evidence always has. Costs and scores are kept as means, and cannot be computed again.
  static func missing(_ evidence: Evidence, _ decision: Decision) -> [String] {
    guard evidence.test == "sequential" else { return [] }
    guard let basis = evidence.basis, let parts = evidence.parts else {
      return ["does not say what its e-values are made of"]
    }
    var found: [String] = []
    if let metric = decision.metric, !metric.isMean || metric.isOfPairs {
      found += parts.keys.sorted().filter { basis[$0]?.starts.isEmpty ?? true }
        .map { "does not say what the e-value of '\($0)' is made of" }
    }
    if !basis.values.contains(where: { $0.baseline == evidence.baseline }) {
      found.append(
        "\(evidence.baseline.bad) bad of \(evidence.baseline.n) are not the baseline's counts beside its test")
    }
    return found
  }

  static func faults(_ evidence: Evidence, _ decision: Decision) -> [String] {
    guard let metric = decision.metric else { return ["its evidence is about no metric"] }
    var audit = EvidenceAudit(evidence: evidence, decision: decision, metric: metric)
    if evidence.basis == nil { audit.readCounts() } else { audit.readBasis() }
    return audit.faults
  }

  private init(evidence: Evidence, decision: Decision, metric: Metric) {
    (self.evidence, self.decision, self.metric) = (evidence, decision, metric)
  }

  // MARK: what the condition asks of each test

  private struct Limits: Equatable {
    var p0: Double?
    var r0: Double?
    /// Milliseconds; nil: whatever was derived.
    var limit: Double?
  }

  private var expected: [String: Limits] {
    var limits: [String: Limits] = [:]
    guard let condition = decision.condition else { return limits }
    if let times = metric.timeLimits(condition) {
      limits["absolute"] = times.above.map { Limits(p0: 1 - times.quantile, limit: $0) }
      limits["ratio"] = times.ratio.map { _ in Limits(r0: 1) }
    } else if let bound = condition.above ?? condition.below {
      limits["absolute"] = metric.unit == .dollars ? Limits() : Limits(p0: bound)
    }
    // Within a model a limit of all requests is held against the baseline, too.
    if let ratio = condition.ratioAbove ?? condition.ratioBelow ?? evidence.model.map({ _ in 1 }) {
      limits["ratio"] = limits["ratio"] ?? Limits(r0: ratio)
      // Of journals from before the ratio of a quantile was one test at the same time.
      if let quantile = metric.quantile, evidence.parts?["ratio_limit"] != nil {
        limits["ratio_limit"] = Limits(p0: 1 - quantile)
      }
    }
    return limits
  }

  // MARK: the whole basis

  private mutating func readBasis() {
    readBudget()
    let (basis, parts) = (evidence.basis ?? [:], evidence.parts ?? [:])
    if Set(parts.keys) != Set(expected.keys) { faults.append("its tests are not the condition's") }
    for (name, value) in parts.sorted(by: { $0.key < $1.key }) {
      guard let part = basis[name], let limits = expected[name] else {
        faults.append("does not say what the e-value of '\(name)' is made of")
        continue
      }
      // A speed turned over into a time is right to the nanosecond.
      let isOfOtherTime = limits.limit.map { abs($0 - (part.limit ?? -1)) > 1e-6 * max(1, $0) } ?? false
      if part.p0 != limits.p0 || part.r0 != limits.r0 || isOfOtherTime {
        faults.append("'\(name)' was held against another limit than the condition's")
      }
      readStarts(name, part, value)
    }
    if metric.quantile != nil, let derived = basis["ratio_limit"],
      derived.limit == nil || derived.limit != basis["ratio"]?.limit
    {
      faults.append("its two tests took different times for slow")
    }
  }

  private mutating func readBudget() {
    guard let alpha = evidence.alpha, let threshold = evidence.threshold, abs(alpha * threshold - 1) < 1e-9 else {
      faults.append("the bar is not one over what the condition may spend")
      return
    }
    if !["live", "shadow"].contains(evidence.population ?? "") {
      faults.append("does not say which requests it is about")
    }
    if let budget = evidence.budget, budget > 0, budget <= 1 { return }
    faults.append("does not say which part of the budget it spends")
  }

  private mutating func readStarts(_ name: String, _ part: EvidenceBasis, _ value: Double) {
    guard !part.starts.isEmpty else { return }
    let frozen = part.frozen.map { $0.value(r0: part.r0 ?? 0) }
    guard areInOrder(part.starts), areInOrder(part.rescues ?? []), areInOrder(part.frozen?.starts ?? []),
      frozen != .some(nil)
    else {
      faults.append("the counts of '\(name)' are not possible")
      return
    }
    let values = part.starts.map { weight($0) * self.value(part, $0) }
    let rescues = part.rescues.map { $0.map { weight($0) * rescueValue(part, $0) } }
    let beside = combined(values, rescues, isLargest: part.isLargest ?? false)
    let last = FrozenTest.part * ((frozen ?? 0) ?? 0)
    let computed = max(beside * (part.frozen == nil ? 1 : FrozenTest.rest), last) * (evidence.budget ?? 1)
    if abs(computed - value) > 1e-6 * max(computed, value), min(computed, value) < 1e150 {
      faults.append("the counts of '\(name)' give an e-value of \(computed), not \(value)")
    }
    if last > FrozenTest.rest * beside, let r0 = part.r0, let leading = part.frozen?.leading(r0: r0) {
      readLeading(name, leading)
    } else if let first = values.indices.max(by: { values[$0] < values[$1] }) {
      readLeading(name, part.starts[first])
    }
  }

  /// Unique, few, with counts that can be and weights that were fixed in advance and are not more than one together.
  private func areInOrder(_ starts: [EvidenceBasis.Start]) -> Bool {
    let numbers = starts.map(\.start)
    guard Set(numbers).count == numbers.count, numbers.allSatisfy({ $0 > 0 }),
      numbers.count <= RestartWeights.maxStarts, starts.allSatisfy(isPossible)
    else { return false }
    return starts.reduce(0) { $0 + weight($1) } <= 1 + 1e-9
      && starts.allSatisfy { start in
        start.weight.map { RestartWeights.isPossible($0, number: start.start) } ?? true
      }
  }

  private func weight(_ start: EvidenceBasis.Start) -> Double { start.weight ?? RestartWeights.weight(start.start) }

  private func combined(_ values: [Double], _ rescues: [Double]?, isLargest: Bool) -> Double {
    func of(_ values: [Double]) -> Double {
      min(RestartWeights.ceiling, isLargest ? values.max() ?? 0 : values.reduce(0, +))
    }
    guard let rescues else { return of(values) }
    return max(of(values), of(rescues)) / 2
  }

  private func rescueValue(_ part: EvidenceBasis, _ start: EvidenceBasis.Start) -> Double {
    guard let n = start.n, let bad = start.bad, let rescued = start.rescued, let r0 = part.r0 else { return 0 }
    return RescueTest.eValue(
      r0: r0, RescueTest.Counts(n: n, bad: bad, rescued: rescued, unknown: start.unknown ?? 0))
  }

  private func isPossible(_ start: EvidenceBasis.Start) -> Bool {
    if let n = start.n, let bad = start.bad {
      return bad >= 0 && bad + (start.unknown ?? 0) <= n && (start.unknown ?? 0) >= 0
        && (0...bad).contains(start.rescued ?? 0)
    }
    if let pairs = start.pairs { return pairs.count == 4 && pairs.allSatisfy { $0 >= 0 } }
    guard let shares = start.shares else { return false }
    let isShadow = evidence.population == "shadow"
    return shares.allSatisfy { counts in
      counts.candidate >= 0 && counts.baseline >= 0
        && (isShadow ? counts.share == 0.5 : counts.share > 0 && counts.share < 1)
    }
  }

  /// Unweighted.
  private func value(_ part: EvidenceBasis, _ start: EvidenceBasis.Start) -> Double {
    if let pairs = start.pairs {
      let limit: BettingSpec.Limit = part.r0.map { .ratio($0) } ?? .above(part.p0 ?? 1)
      let spec = BettingSpec(quantity: .mismatch(hasNoise: evidence.baseline.n > 0), limit: limit)
      return BettingTest.eValue(payoffs: spec.pairPayoffs, counts: pairs)
    }
    if let shares = start.shares, let r0 = part.r0 { return RelativeTest.eValue(r0: r0, shares) }
    guard let n = start.n, let bad = start.bad, let p0 = part.p0 else { return 0 }
    return AbsoluteTest.eValue(p0: p0, n: n, bad: bad)
  }

  /// The counts shown are those of the start that says most, in the test that speaks for the condition.
  private mutating func readLeading(_ name: String, _ start: EvidenceBasis.Start) {
    let speaks = ["absolute", "ratio_limit", "ratio"].first { evidence.parts?[$0] != nil }
    guard name == speaks else { return }
    let shown = evidence.candidate
    let follows: Bool
    if let n = start.n, let bad = start.bad {
      follows = shown.n == n && shown.bad == bad
    } else if let pairs = start.pairs {
      let n = pairs.reduce(0, +)
      follows =
        shown.n == n && shown.bad == pairs[1] + pairs[3] && [0, n].contains(evidence.baseline.n)
        && (evidence.baseline.n == 0 || evidence.baseline.bad == pairs[2] + pairs[3])
    } else {
      // Of a unit only one bad attempt is weighed, so there may be more.
      follows = shown.bad >= (start.shares ?? []).reduce(0) { $0 + $1.candidate }
    }
    if !follows {
      faults.append("\(shown.bad) bad of \(shown.n) are not the counts that its e-value is made of")
    }
  }

  // MARK: older journals, which have only the counts shown

  private mutating func readCounts() {
    guard let limits = expected["absolute"], let p0 = limits.p0, let part = evidence.parts?["absolute"] else { return }
    if part > Self.most(p0, evidence.candidate) * (1 + 1e-9) {
      faults.append("\(evidence.candidate.bad) bad of \(evidence.candidate.n) cannot give an e-value of \(part)")
    }
  }

  /// The counts are those of the start that contributes most; the others contribute no more each, and no start has a weight
  /// above one half.
  private static func most(_ p0: Double, _ counts: Evidence.Counts) -> Double {
    let one = AbsoluteTest.eValue(p0: p0, n: counts.n, bad: counts.bad)
    return min(RestartWeights.ceiling, one * 0.5 * Double(RestartWeights.maxStarts))
  }
}
