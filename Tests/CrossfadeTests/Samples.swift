/// Values that the program's tests share.

import Dialects
import RolloutJudge
import TrafficSplit

@testable import crossfade

enum Samples {
  static let start = Instant(nanoseconds: 1_795_370_000_000_000_000)

  static func figures(_ requests: Int, errors: Int = 0, p95: Double? = 157) -> RolloutStatus.Figures {
    RolloutStatus.Figures(
      requests: requests, errors: errors, errorRate: requests > 0 ? Double(errors) / Double(requests) : nil,
      latencyP50: 60, latencyP95: requests > 0 ? p95 : nil, latencyP99: 210, ttftP95: requests > 0 ? 118 : nil,
      cost: requests > 0 ? 0.0312 : nil)
  }

  static func arm(
    _ live: RolloutStatus.Figures, shadow: RolloutStatus.Figures = figures(0), dropped: Int = 0
  ) -> RolloutStatus.ArmFigures {
    RolloutStatus.ArmFigures(live: live, shadow: shadow, dropped: dropped)
  }

  static func condition(
    _ metric: Metric, above: Double, ratio: Double?, evidence: Double, needed: Double = 200,
    _ state: RolloutStatus.Guard.State = .undecided, of candidate: String = "challenger"
  ) -> RolloutStatus.Guard {
    RolloutStatus.Guard(
      metric: metric, above: above, ratioAbove: ratio, candidate: candidate, evidence: evidence, threshold: needed,
      state: state, action: "rollback")
  }

  static func rollback(actor: String = "crossfade", metric: Metric = .errorRate) -> Decision {
    Decision(
      seq: 5, at: start + .seconds(29), decision: .rollback, rollout: "demo", stage: "ramp-25", stageIndex: 3,
      candidate: "challenger", metric: metric, condition: Decision.Limits(above: 0.05, ratioAbove: 1.5),
      weightsBefore: ["challenger": 0.25], weightsAfter: ["challenger": 0],
      evidence: Evidence(
        test: "sequential", eValue: 741.3, threshold: 199.999, candidate: Evidence.Counts(n: 15, bad: 8),
        baseline: Evidence.Counts(n: 57, bad: 0), since: start + .seconds(28)),
      message: "rolled back challenger: error_rate 53.3% of 15 requests, allowed 5.0%", actor: actor,
      playbookSHA256: "")
  }

  /// In the canary after a while, with a candidate that is well.
  static func status(
    _ state: RolloutState = .running, stage: String = "ramp-25", index: Int = 3, weight: Double = 0.25,
    waitingFor: String? = "hold", guards: [RolloutStatus.Guard]? = nil, last: Decision? = nil
  ) -> RolloutStatus {
    RolloutStatus(
      rollout: "demo", state: state, stage: stage, stageIndex: index, stageCount: 6,
      weights: ["challenger": weight], since: start + .seconds(24), holdUntil: start + .seconds(34),
      waitingFor: waitingFor,
      arms: [
        "stable": arm(figures(3173)),
        "challenger": arm(figures(164, errors: 2, p95: 141), shadow: figures(1076, errors: 3, p95: 136)),
      ],
      guards: guards ?? [
        condition(.errorRate, above: 0.05, ratio: 1.5, evidence: 0.034, .passed),
        condition(.latencyP95, above: 2000, ratio: 2, evidence: 14.2),
      ], lastDecision: last)
  }
}

extension Samples {
  static func end(_ outcome: Outcome, cost: Double? = nil, atMost: Double? = nil) -> AttemptEnd {
    AttemptEnd(
      attempt: 1, exchange: 1, arm: .candidate(0), population: .live, outcome: outcome, at: Instant(nanoseconds: 0),
      latency: 1, ttft: nil, cost: cost, isRetry: false, isNormalFinish: outcome.isOk, costAtMost: atMost)
  }
}
