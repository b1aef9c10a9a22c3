/// Metrics of which less is worse: the speed of streams, the share of cached input, an evaluator's scores.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("LowerLimit")
struct LowerLimitTests {
  /// What an attempt of an arm is like.
  struct Answer {
    var tokensPerSecond = 50.0
    var cachedShare = 0.8
    var score = 0.9
  }

  /// Live at 50%, one answer after the other, until a decision or the end.
  static func rig(
    _ condition: Condition, baseline: Answer, candidate: Answer, requests: Int = 4000, test: TestKind = .sequential
  ) -> Rig {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5, hold: .seconds(1_000_000))], rollback: [condition], test: test))
    var random = SeededGenerator(seed: 5)
    let labels = ExchangeLabels(
      endpoint: .chatCompletions, model: "m", tags: [], features: RequestFeatures(), isStream: true, isSteady: true)
    for _ in 0..<requests where rig.state == .running {
      let isCandidate = random.chance(0.5)
      let answer = isCandidate ? candidate : baseline
      let start = rig.start(isCandidate ? .litellm : .baseline)
      let spread = 0.5 + random.uniform()
      let time = Int64(99 * 1e9 / answer.tokensPerSecond * spread)
      rig.pass(.milliseconds(100))
      rig.judge.record(
        .ended(
          AttemptEnd(
            attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: .live, outcome: .ok,
            at: rig.now, latency: time + 1_000_000, ttft: 1_000_000, cost: nil, isRetry: false, isNormalFinish: true,
            usage: TokenUsage(
              prompt: 1000, completion: 100, cached: random.chance(answer.cachedShare) ? 1000 : 0),
            labels: labels)))
      rig.judge.reported(
        ApplicationOutcome(
          exchange: start.exchange, arm: start.arm, population: .live, isSuccess: true,
          score: random.chance(answer.score) ? 1 : 0, wasNormal: true, isCostKnown: false, at: rig.now))
      rig.decide()
    }
    return rig
  }

  static let lines: [(condition: Condition, worse: Answer)] = [
    (Condition(metric: .tokensPerSecond, below: 30), Answer(tokensPerSecond: 20)),
    (Condition(metric: .tokensPerSecond, ratioBelow: 0.8), Answer(tokensPerSecond: 25)),
    (Condition(metric: .cachedShare, below: 0.6), Answer(cachedShare: 0.3)),
    (Condition(metric: .cachedShare, ratioBelow: 0.8), Answer(cachedShare: 0.3)),
    (Condition(metric: .score, below: 0.7), Answer(score: 0.4)),
    (Condition(metric: .score, ratioBelow: 0.8), Answer(score: 0.4)),
  ]

  @Test("a candidate below its limit is rolled back, and the message says by how much", arguments: lines.indices)
  func worse(_ index: Int) {
    let line = Self.lines[index]
    let rig = Self.rig(line.condition, baseline: Answer(), candidate: line.worse)
    #expect(rig.last?.decision == .rollback && rig.last?.metric == line.condition.metric)
    #expect(rig.last?.condition?.below == line.condition.below)
    #expect(rig.last?.condition?.ratioBelow == line.condition.ratioBelow)
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
  }

  @Test("one that is as good as the baseline is not", arguments: lines.indices)
  func equal(_ index: Int) {
    let rig = Self.rig(Self.lines[index].condition, baseline: Answer(), candidate: Answer())
    #expect(rig.state == .running)
  }

  @Test("a gate over a window sees the same", arguments: lines.indices)
  func gate(_ index: Int) {
    let (line, gate) = (Self.lines[index], TestKind.threshold(window: .seconds(60), minSamples: 50))
    let bad = Self.rig(line.condition, baseline: Answer(), candidate: line.worse, requests: 1000, test: gate)
    #expect(bad.last?.decision == .rollback)
    let good = Self.rig(
      line.condition, baseline: Answer(), candidate: Answer(tokensPerSecond: 60, cachedShare: 1, score: 1),
      requests: 1000, test: gate)
    #expect(good.state == .running)
  }

  @Test("a metric names the limits that a line on it may have")
  func metricSaysItsLimits() {
    for metric in Metric.allCases {
      #expect(metric.limitKinds.allSatisfy { metric.isWorseBelow == ($0 == .below || $0 == .ratioBelow) })
    }
  }
}
