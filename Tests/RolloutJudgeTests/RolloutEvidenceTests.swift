/// The bounds of what is remembered about attempts under way.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("RolloutEvidence")
struct RolloutEvidenceTests {
  static func start(_ id: UInt64, _ arm: ArmIndex, at: Instant = Plans.epoch) -> AttemptStart {
    AttemptStart(attempt: id, exchange: id, arm: arm, population: .live, unit: id, shares: [0.5], at: at)
  }

  static func end(_ id: UInt64, _ arm: ArmIndex, _ outcome: Outcome) -> AttemptEnd {
    AttemptEnd(
      attempt: id, exchange: id, arm: arm, population: .live, outcome: outcome, at: Plans.epoch, latency: 1, ttft: nil,
      cost: nil, isRetry: false, isNormalFinish: true)
  }

  @Test("beyond its capacity the oldest is weighed as it stands, in the candidate's favour")
  func capacity() {
    let playbook = Plans.playbook(
      [Plans.stage("canary", weight: 0.5, hold: .seconds(1_000_000_000))],
      rollback: [Condition(metric: .errorRate, above: 0.02), Condition(metric: .errorRate, ratioAbove: 1)])
    var evidence = RolloutEvidence(playbook, since: Plans.epoch)
    let count = UInt64(AttemptRing.capacity)
    for id in 1...(count + 10) { evidence.started(Self.start(id, id % 2 == 0 ? .litellm : .baseline)) }
    #expect(evidence.ring.indices.count == AttemptRing.capacity && evidence.cutShort == 10)
    // Five of the ten were the baseline's: as far as the judge can know, they were bad.
    #expect(evidence.live[0].relatives[0].position == 5)
    // A late end of one that was let go changes nothing.
    evidence.ended(Self.end(2, .litellm, .failed))
    #expect(evidence.live[0].absolutes[0].starts[0].bad == 0)
    evidence.ended(Self.end(count, .litellm, .failed))
    #expect(evidence.live[0].absolutes[0].starts[0].bad == 1)
  }

  @Test("nothing is remembered once it has ended")
  func empty() {
    var evidence = RolloutEvidence(Plans.canary(0.5, Condition(metric: .errorRate, ratioAbove: 1)), since: Plans.epoch)
    for id in 1...5000 as ClosedRange<UInt64> {
      evidence.started(Self.start(id, .litellm))
      evidence.ended(Self.end(id, .litellm, .ok))
    }
    #expect(evidence.ring.indices.isEmpty && evidence.ring.isEveryAttemptOver)
  }

  @Test("a budget for shadow and live together is the condition's, and conditions share the rollout's")
  func budgets() {
    let playbook = Plans.playbook(
      [Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.1)],
      rollback: [Condition(metric: .errorRate, above: 0.02), Condition(metric: .latencyP95, above: 8000)],
      candidates: ["litellm", "evolink"])
    let plan = EvidencePlan(playbook)
    #expect(plan.conditions.map(\.alpha).allSatisfy { abs($0 - 0.0025) < 1e-12 })
    let budget = playbook.budget(ofCandidate: 0)
    #expect(budget.live + budget.shadow == 1 && budget.shadow > 0)
    #expect(Plans.canary(0.1).budget(ofCandidate: 0) == (1, 0))
  }
}
