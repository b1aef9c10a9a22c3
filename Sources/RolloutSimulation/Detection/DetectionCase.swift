/// One regression put before the judge request by request: the typical order of good and bad, without waiting for it.

import Dialects
import RealModule
import RolloutJudge
import TrafficSplit

/// Equal cases take equally many requests, so each is asked once.
struct DetectionCase: Hashable {
  private let condition: Condition
  /// What the condition may spend on one candidate, live and in shadow together.
  private let alpha: Double
  private let candidate: Int
  let isShadow: Bool
  /// The candidate's share of what either arm could have been given; 1 without a control, which is also what an
  /// absolute condition is told, for it does not depend on it.
  private let share: Double
  /// Shares of attempts that are bad.
  private let own: Double
  private let other: Double
  private let slowLimit: Double
  private let hasRescues: Bool

  /// Nil where the stage does not show the candidate, or attempts do not decide the metric.
  init?(
    _ playbook: Playbook, _ condition: Condition, _ stage: Int, _ candidate: Int,
    _ regression: DetectionEstimate.Regression
  ) {
    let stage = playbook.stages[stage]
    let baseline = 1 - stage.weights.reduce(0, +)
    let weight = stage.weights[candidate]
    guard weight > 0 || stage.shadow[candidate] > 0 else { return nil }
    isShadow = weight == 0
    let ofEither = baseline > 1e-9 ? weight / (weight + baseline) : 1
    share = isShadow ? 0.5 : condition.ratioAbove == nil ? 1 : ofEither
    self.condition = condition
    hasRescues = !isShadow && !playbook.traffic.fallback.isEmpty && condition.metric == .errorRate
    self.candidate = candidate
    alpha = playbook.alpha(sharedBy: playbook.rollbackWhen.count)
    if let quantile = condition.metric.quantile {
      // As in a scenario: latencies are log-normal with a sigma of 0.6.
      let ratio = condition.ratioAbove ?? 1
      let deviation = NormalQuantile.value(at: quantile)
      func slower(_ factor: Double) -> Double { 1 - NormalQuantile.share(below: deviation - Double.log(factor) / 0.6) }
      own = regression.factor.map(slower) ?? 1
      // The baseline is slower than its own quantile as often as that says.
      other = 1 - quantile
      slowLimit = condition.above ?? ratio * 1000
    } else if condition.metric.unit == .share, !condition.metric.isMean {
      let ratio = condition.ratioAbove ?? 1
      let allowed = condition.above ?? 0.01 * ratio
      own = regression.factor.map { min(1, allowed * $0) } ?? 1
      other = condition.above == nil ? 0.01 : allowed / max(2, ratio)
      slowLimit = 0
    } else {
      return nil
    }
  }

  /// By the limit that is harder to exceed.
  var leastRequests: Double? {
    let limit = condition.metric.quantile.map { 1 - $0 } ?? condition.above
    var parts = limit.map { [divergence(own, from: $0)] } ?? []
    if let ratio = condition.ratioAbove {
      let odds = ConditionOdds(condition: condition, alpha: alpha, share: share, hasRescues: hasRescues)
      parts.append(odds.relative(own, other, condition.metric.quantile == nil ? ratio : 1))
    }
    guard let least = parts.min(), least > 0 else { return nil }
    return Double.log(1 / alpha) / least
  }

  /// Seconds from the start of the attempt that decides it until that is known: until it has failed, and until those that began
  /// before it no longer count in the candidate's favour, which an unanswered exchange of the baseline's does.
  ///
  /// - Parameter rate: Requests a second that could go to either arm.
  func delay(rate: Double) -> Double {
    let failing = condition.metric.quantile == nil ? Self.errorLatency : slowLimit / 1000
    guard condition.hasRatio else { return failing }
    let beside = isShadow ? rate : rate * (1 - share)
    return max(failing, Self.answers.wait(rate: beside))
  }

  /// As in a scenario that says nothing of them.
  private static let errorLatency = ArmBehavior().errorLatency.milliseconds / 1000
  private static let answers = AnswersUnderway(ArmBehavior().latency)

  /// Bad attempts are spread evenly, as they are on average.
  func requests(_ playbook: Playbook) -> Double? {
    if condition.ratioAbove != nil && share >= 1 && !hasRescues { return nil }
    var stream = AttemptStream(
      alone(playbook), candidate, share: share, isShadow: isShadow, metric: condition.metric, slowLimit)
    let baselineBad = isShadow ? other : share < 1 ? other * (1 - share) / share : 0
    var (ownDue, otherDue) = (0.5, 0.25)
    for request in 1...DetectionEstimate.limit {
      ownDue += own
      otherDue += baselineBad
      let isBad = ownDue >= 1
      if isBad { ownDue -= 1 }
      if isShadow {
        // Of a pair at most one is bad: pairs of which both are say nothing.
        let isOriginalBad = !isBad && otherDue >= 1
        if isOriginalBad { otherDue -= 1 }
        stream.pair(isBad: isBad, isOriginalBad: isOriginalBad)
      } else {
        while otherDue >= 1 {
          stream.baselineFailed()
          otherDue -= 1
        }
        stream.candidateAnswered(isBad: isBad)
      }
      if isBad, stream.isRolledBack() { return Double(request) }
    }
    return nil
  }

  /// The playbook with this condition alone, which may spend what it may spend among the others, in a stage that
  /// never ends.
  private func alone(_ playbook: Playbook) -> Playbook {
    var alone = playbook
    alone.confidence = 1 - alpha * Double(playbook.candidates.count)
    alone.rollbackWhen = [condition]
    alone.pauseWhen = []
    alone.stages = playbook.stages.map { stage in
      var stage = stage
      stage.advance = .held
      return stage
    }
    var shown = Stage(
      name: "shown", weights: playbook.candidates.map { _ in 0 }, shadow: playbook.candidates.map { _ in 0 },
      hold: .seconds(366 * 86_400))
    if isShadow { shown.shadow[candidate] = 1 } else { shown.weights[candidate] = share }
    // The others stay behind it: where they show the candidate decides how the budget is shared out.
    alone.stages.insert(shown, at: 0)
    return alone
  }
}
