/// How few requests could do: Wald's bound for the mean of any sequential test with the same error rates.

import RealModule
import RolloutJudge

/// KL(q‖p): what one attempt says on average, in nats, against "at most p" when q is true; 0 where q is no more than p.
func divergence(_ q: Double, from p: Double) -> Double {
  guard q > p, p < 1 else { return 0 }
  guard p > 0 else { return .infinity }
  let bad = q * Double.log(q / p)
  return q >= 1 ? bad : bad + (1 - q) * Double.log((1 - q) / (1 - p))
}

/// One condition against one regression: what the candidate's requests say about it.
struct ConditionOdds: Sendable {
  var condition: Condition
  /// What the condition may spend on one candidate.
  var alpha: Double
  /// The candidate's share of the exchanges that either arm could have been given; 1/2 for pairs; 1 without a control.
  var share: Double
  /// The baseline answers in a failed canary's place, and what becomes of that is known.
  var hasRescues = false

  /// - Returns: Candidate requests on average; nil where the condition is not breached for certain.
  func bound(baseline: ArmBehavior, candidate: ArmBehavior) -> Double? {
    guard let parts = parts(baseline, candidate), let least = parts.min(), least > 0 else { return nil }
    return Double.log(1 / alpha) / least
  }

  /// Nats for each candidate request, by limit.
  private func parts(_ baseline: ArmBehavior, _ candidate: ArmBehavior) -> [Double]? {
    if condition.metric == .errorRate {
      return [
        condition.above.map { divergence(candidate.errorRate, from: $0) },
        condition.ratioAbove.map { relative(candidate.errorRate, baseline.errorRate, $0) },
      ].compactMap(\.self)
    }
    guard let quantile = condition.metric.quantile, condition.metric.isOfLatency else { return nil }
    var parts: [Double] = []
    if let above = condition.above {
      parts.append(divergence(candidate.shareSlower(than: above * 1e6), from: 1 - quantile))
    }
    if let ratio = condition.ratioAbove {
      let limit = ratio * baseline.latencyQuantile(quantile)
      parts.append(relative(candidate.shareSlower(than: limit), 1 - quantile, 1))
    }
    return parts
  }

  /// Only bad attempts speak, by whose they are; where there are rescues, every outcome of both arms.
  func relative(_ own: Double, _ other: Double, _ ratio: Double) -> Double {
    guard own > ratio * other else { return 0 }
    if hasRescues { return everything(own, other, ratio) }
    guard share < 1 else { return 0 }
    let all = own * share + other * (1 - share)
    let null = share * ratio / (share * ratio + 1 - share)
    return divergence(own * share / all, from: null) * all / share
  }

  /// What an exchange of the candidate's says with its rescue, and the baseline's exchanges beside it, under the pair of rates within
  /// the ratio that explains it best: failures of one exchange on both arms taken to be independent.
  private func everything(_ own: Double, _ other: Double, _ ratio: Double) -> Double {
    let beside = (1 - share) / share
    let steps = 2000
    return (1..<steps).reduce(Double.infinity) { least, step in
      let base = other + (1 - other) * Double(step) / Double(steps)
      let null = min(own, ratio * base)
      let nats = information(own, null) + own * information(other, base) + beside * information(other, base)
      return min(least, nats)
    }
  }

  /// KL(q‖p), in either direction of the difference.
  private func information(_ q: Double, _ p: Double) -> Double {
    divergence(q, from: p) + divergence(1 - q, from: 1 - p)
  }
}

extension Simulation {
  /// The bound of the condition that can be quickest, for the candidate as it is at the end, at the first live weight.
  var waldBound: Double? {
    guard playbook.test == .sequential, scenario.isOneForAll else { return nil }
    var (baseline, candidate) = (scenario.baseline, scenario.candidate)
    for change in scenario.changes {
      if change.isCandidate {
        candidate = change.behavior.applied(to: candidate)
      } else {
        baseline = change.behavior.applied(to: baseline)
      }
    }
    let share = playbook.stages.lazy.compactMap { $0.weights.first { $0 > 0 } }.first ?? 0.5
    let alpha = playbook.alpha(sharedBy: playbook.rollbackWhen.count)
    let hasRescues = !playbook.traffic.fallback.isEmpty && playbook.stages.contains { $0.weights.contains { $0 > 0 } }
    return playbook.rollbackWhen.compactMap { condition in
      ConditionOdds(
        condition: condition, alpha: alpha, share: share, hasRescues: hasRescues && condition.metric == .errorRate
      ).bound(baseline: baseline, candidate: candidate)
    }.min()
  }
}

extension ArmBehavior {
  /// Nanoseconds.
  func latencyQuantile(_ share: Double) -> Double {
    Double(latency.median.nanoseconds) * Double.exp(latency.sigma * NormalQuantile.value(at: share))
  }

  /// Share of answers; errors have no latency.
  func shareSlower(than nanoseconds: Double) -> Double {
    let median = Double(latency.median.nanoseconds)
    guard latency.sigma > 0, median > 0 else { return median > nanoseconds ? 1 : 0 }
    return NormalQuantile.share(below: Double.log(median / nanoseconds) / latency.sigma)
  }
}

extension Metric {
  var isOfLatency: Bool { self == .latencyP50 || self == .latencyP95 || self == .latencyP99 }
}
