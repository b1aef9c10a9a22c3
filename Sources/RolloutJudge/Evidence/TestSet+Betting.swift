/// The part of a candidate's tests that bets on costs and mismatches.

extension TestSet {
  /// Of answers, by arm: how many said what they cost.
  struct CostCover: Sendable, Equatable, Codable {
    var candidate = 0
    var candidateUnknown = 0
    var baseline = 0
    var baselineUnknown = 0

    /// - Parameter isRatio: Whether the baseline's costs are asked for too; then the larger of both arms' unknown shares.
    func unknownShare(_ isRatio: Bool) -> Double {
      func share(_ unknown: Int, _ all: Int) -> Double { all > 0 ? Double(unknown) / Double(all) : 0 }
      return max(share(candidateUnknown, candidate), isRatio ? share(baselineUnknown, baseline) : 0)
    }

    /// Beyond it what is left out may be what matters.
    static let mostUnknown = 0.05

    func suffices(_ isRatio: Bool) -> Bool { unknownShare(isRatio) <= Self.mostUnknown }
  }

  /// The record's turn has come: what it cost is weighed by every test that asks.
  ///
  /// - Parameters:
  ///   - share: nil where it could not have been either arm's.
  ///   - past: What was known of the baseline's costs when it began.
  ///   - awaitsOutcome: Not yet by those that ask what an outcome costs.
  mutating func weighCosts(
    _ record: AttemptRecord, share: Double?, past: BaselineCosts.Past?, at: Instant, awaitsOutcome: Bool
  ) {
    count(record.cost, isCandidate: record.arm == candidate)
    if population == .shadow { count(record.originalCost, isCandidate: false) }
    weighCosts(record, share: share, past: past, at: at) { $0 == .costPerRequest || !awaitsOutcome }
    weighValues(record, share: share, at: at) { $0 == .cachedShare }
  }

  /// A live record's outcome is known as well as it will be.
  mutating func weighOutcome(_ record: AttemptRecord, past: BaselineCosts.Past?, at: Instant) {
    let share = record.share(of: candidate, population)
    weighCosts(record, share: share, past: past, at: at) { $0 == .costPerOutcome }
    weighValues(record, share: share, at: at) { $0 == .score }
  }

  private mutating func weighCosts(
    _ record: AttemptRecord, share: Double?, past: BaselineCosts.Past?, at: Instant,
    by isMeant: (BettingSpec.Quantity) -> Bool
  ) {
    let isCandidate = record.arm == candidate
    for (index, spec) in betSpecs.enumerated() where spec.isOfCost && isMeant(spec.quantity) {
      guard spec.isRatio else {
        if isCandidate, record.cost.isKnown, let payoff = spec.payoff(record.cost) {
          weigh(index, payoff, record.unit, at, BetTally(candidate: record.cost))
        }
        continue
      }
      guard let past, let share, record.cost.isKnown else { continue }
      if population == .shadow {
        guard record.originalCost.isKnown,
          let payoff = spec.payoff(record.cost, record.originalCost, past)
        else { continue }
        var counts = BetTally(candidate: record.cost)
        counts.add(BetTally(baseline: record.originalCost))
        weigh(index, payoff, record.unit, at, counts)
      } else if let payoff = spec.payoff(
        record.cost, isCandidate: isCandidate, share: share, past, kind: record.costKind)
      {
        let counts = isCandidate ? BetTally(candidate: record.cost) : BetTally(baseline: record.cost)
        weigh(index, payoff, record.unit, at, counts)
      }
    }
  }

  private mutating func count(_ cost: AttemptCost, isCandidate: Bool) {
    guard cost.isAnswered else { return }
    if isCandidate {
      cover.candidate += 1
      cover.candidateUnknown += cost.isMissing ? 1 : 0
    } else {
      cover.baseline += 1
      cover.baselineUnknown += cost.isMissing ? 1 : 0
    }
  }

  /// - Returns: The largest e-value of a test of mismatches that needs the baseline's second answers; nil where there is none.
  mutating func weigh(_ pair: PairComparison) -> Double? {
    var most: Double?
    for index in betSpecs.indices {
      guard case .mismatch(let hasNoise) = betSpecs[index].quantity else { continue }
      defer { if hasNoise { most = max(most ?? 0, bets[index].value) } }
      guard !hasNoise || pair.noiseMismatch != nil else { continue }
      let isNoiseMismatch = hasNoise && pair.noiseMismatch == true
      let kind = BettingSpec.kind(pair.isMismatch, isNoiseMismatch)
      var counts = BetTally()
      (counts.candidate, counts.candidateSum) = (1, pair.isMismatch ? 1 : 0)
      if hasNoise { (counts.baseline, counts.baselineSum) = (1, isNoiseMismatch ? 1 : 0) }
      bets[index].weigh(
        BettingTest.Payoff(pairPayoffs[index][kind]), unit: 0, kind: kind, at: pair.at, adding: counts)
      if bets[index].value >= leastThreshold { isStale = true }
    }
    return most
  }

  mutating func weigh(
    _ index: Int, _ payoff: BettingTest.Payoff, _ unit: UInt32, _ at: Instant, _ counts: BetTally
  ) {
    bets[index].weigh(payoff, unit: unit, at: at, adding: counts)
    if bets[index].value >= leastThreshold { isStale = true }
  }
}

extension BetTally {
  init(candidate cost: AttemptCost) {
    self.init(candidate: 1, candidateSum: cost.dollars, candidateGood: cost.isSuccess ? 1 : 0)
  }

  init(baseline cost: AttemptCost) {
    self.init(baseline: 1, baselineSum: cost.dollars, baselineGood: cost.isSuccess ? 1 : 0)
  }
}
