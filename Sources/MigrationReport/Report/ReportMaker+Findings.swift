/// Holds a candidate's figures against the baseline's, each with what it may be by chance.

import RolloutJudge

extension ReportMaker {
  /// Answers of unknown cost beyond this share leave a cost unjudged.
  static let unknownCostLimit = 0.05

  /// Below so many requests a mean is not yet told apart from another by its standard error.
  static let fewest = 30

  func findings(_ candidate: ArmBasis, _ baseline: ArmBasis) -> [Finding] {
    let (ours, theirs) = (candidate.account, baseline.account)
    return [
      errorFinding(ours, theirs),
      timeFinding("latency_p95", "p95 latency", ours.times.latency, theirs.times.latency),
      timeFinding("ttft_p95", "p95 time to the first token", ours.times.ttft, theirs.times.ttft),
      costFinding(ours, theirs),
      answerFinding(candidate.arm),
    ]
  }

  private func errorFinding(_ ours: AttemptAccount, _ theirs: AttemptAccount) -> Finding {
    let interval = Interval.difference((ours.errors, ours.judged), (theirs.errors, theirs.judged))
    return Finding(
      id: "error_rate", label: "error rate", unit: .share, candidate: ours.errorRate, baseline: theirs.errorRate,
      low: interval?.low, high: interval?.high, conclusion: Finding.conclusion(interval, same: 0), note: nil)
  }

  private func timeFinding(
    _ id: String, _ label: String, _ ours: DurationHistogram, _ theirs: DurationHistogram
  ) -> Finding {
    let (first, second) = (Interval.quantile(0.95, of: ours), Interval.quantile(0.95, of: theirs))
    let interval = first.flatMap { first in second.flatMap { Interval.ratio(first, $0) } }
    let isKnown = ours.count > 0 && theirs.count > 0
    return Finding(
      id: id, label: label, unit: .milliseconds, candidate: ours.milliseconds(at: 0.95),
      baseline: theirs.milliseconds(at: 0.95), low: interval?.low, high: interval?.high,
      conclusion: isKnown && interval == nil ? .undecided : Finding.conclusion(interval, same: 1),
      note: isKnown && interval == nil ? "too few answers for a p95" : nil)
  }

  private func costFinding(_ ours: AttemptAccount, _ theirs: AttemptAccount) -> Finding {
    func finding(_ interval: Interval?, _ conclusion: Finding.Conclusion, _ note: String?) -> Finding {
      Finding(
        id: "cost_per_request", label: "cost per request", unit: .dollars, candidate: ours.costPerRequest,
        baseline: theirs.costPerRequest, low: interval?.low, high: interval?.high, conclusion: conclusion, note: note)
    }
    guard let first = ours.cost.mean, let second = theirs.cost.mean else {
      return finding(nil, .unknown, "no cost is known on both arms")
    }
    if let share = [ours, theirs].compactMap(\.cost.unknownShare).max(), share > Self.unknownCostLimit {
      return finding(nil, .unknown, "the cost of \(FigureFormat.share(share)) of an arm's answers is unknown")
    }
    guard min(ours.cost.knownCount, theirs.cost.knownCount) >= Self.fewest, let error = ours.cost.standardError,
      let other = theirs.cost.standardError,
      let interval = Interval.ratio((first, error), (second, other))
    else { return finding(nil, .undecided, "too few requests") }
    return finding(interval, Finding.conclusion(interval, same: 1), nil)
  }

  /// What the candidate adds to the baseline's own variation, over exchanges that both were asked again.
  private func answerFinding(_ arm: ReportArm) -> Finding {
    let pairs = accounts.pairAccount(arm: arm.name) ?? PairAccount()
    let interval = Interval.paired(only: pairs.onlyCandidate, only: pairs.onlyNoise, of: pairs.noisePairs)
    let note: String? =
      pairs.pairs == 0
      ? "no answers were compared"
      : interval == nil ? "the baseline was not asked twice (shadow.noise), so its own variation is not known" : nil
    return Finding(
      id: "mismatch_rate", label: "answers that differ", unit: .share, candidate: pairs.mismatchRate,
      baseline: pairs.noiseRate, low: interval?.low, high: interval?.high,
      conclusion: Finding.conclusion(interval, same: 0), note: note)
  }
}
