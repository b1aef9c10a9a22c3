/// What an observation of a value from 0 to 1 pays: cached shares and an evaluator's scores, of which less is worse.

extension BettingSpec {
  /// The value that this test asks for; nil where it is not known.
  func value(_ figures: AttemptCost) -> Double? {
    let value: Double =
      switch quantity {
      case .cachedShare: figures.cachedShare
      case .score: figures.score
      case .mismatch, .costPerRequest, .costPerOutcome: .nan
      }
    return value.isNaN ? nil : value
  }

  /// One attempt of the candidate's against a limit of its own.
  func payoff(value: Double) -> BettingTest.Payoff? {
    guard case .below(let limit) = limit else { return nil }
    return BettingTest.Payoff((limit - value) / max(limit, 1 - limit, 1e-6))
  }

  /// One attempt of either arm's, of an exchange that was given to the candidate with this probability.
  func payoff(value: Double, isCandidate: Bool, share: Double) -> BettingTest.Payoff? {
    guard case .ratioBelow(let ratio) = limit, share < 1 else { return nil }
    return BettingTest.Payoff(isCandidate ? -value : ratio * share / (1 - share) * value)
  }

  /// One exchange that both arms answered.
  func payoff(value: Double, baseline: Double) -> BettingTest.Payoff? {
    guard case .ratioBelow(let ratio) = limit else { return nil }
    return BettingTest.Payoff(ratio * baseline - value)
  }
}

extension TestSet {
  /// Scores of copies come by pairs (`AwaitedScores`).
  ///
  /// - Parameter isMeant: Whether a test of this quantity weighs the record now.
  mutating func weighValues(
    _ record: AttemptRecord, share: Double?, at: Instant, by isMeant: (BettingSpec.Quantity) -> Bool
  ) {
    let isCandidate = record.arm == candidate
    for (index, spec) in betSpecs.enumerated() where !spec.isOfPairs && !spec.isOfCost && isMeant(spec.quantity) {
      guard let value = spec.value(record.cost) else { continue }
      if !spec.isRatio {
        if isCandidate, let payoff = spec.payoff(value: value) {
          weigh(index, payoff, record.unit, at, BetTally(candidate: value))
        }
      } else if population == .shadow {
        guard let other = spec.value(record.originalCost), let payoff = spec.payoff(value: value, baseline: other)
        else {
          continue
        }
        var counts = BetTally(candidate: value)
        counts.add(BetTally(baseline: other))
        weigh(index, payoff, record.unit, at, counts)
      } else if let share, let payoff = spec.payoff(value: value, isCandidate: isCandidate, share: share) {
        weigh(
          index, payoff, record.unit, at, isCandidate ? BetTally(candidate: value) : BetTally(baseline: value))
      }
    }
  }
}

extension BetTally {
  init(candidate value: Double) { self.init(candidate: 1, candidateSum: value) }

  init(baseline value: Double) { self.init(baseline: 1, baselineSum: value) }
}
