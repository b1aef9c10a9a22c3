/// A stage is not left for a candidate that is dead, or that what is known speaks against.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Doubt")
struct DoubtTests {
  static func rig(maxHold: Duration? = nil) -> Rig {
    Rig(
      Plans.playbook(
        [
          Plans.stage("shadow", shadow: 1, hold: .seconds(60), maxHold: maxHold), Plans.stage("canary", weight: 0.05),
        ], rollback: [Condition(metric: .errorRate, above: 0.9, ratioAbove: 1.5)]))
  }

  @Test("nine of nine failed copies advance nothing, and max_hold pauses")
  func dead() {
    var rig = Self.rig(maxHold: .seconds(600))
    for _ in 0..<2 { rig.pair(.failed, .failed) }
    rig.pass(.seconds(100))
    #expect(rig.waitingFor == "unanswered")
    rig.pass(.seconds(600))
    #expect(rig.last?.decision == .pause)
  }

  @Test("a candidate that cannot be reached advances nothing until it answers")
  func unreachable() {
    var rig = Self.rig()
    for _ in 0..<5 { rig.pair(.ok, .ok) }
    rig.judge.record(.shadowDropped(.litellm, .unreachable, at: rig.now))
    rig.pass(.seconds(100))
    #expect(rig.waitingFor == "unreachable")
    rig.pair(.ok, .ok)
    #expect(rig.last?.message == "advanced from shadow to canary (litellm 5.0%): held 1m; 6 copies, 0.0% failed")
  }

  @Test("what leans against the candidate keeps the stage until more is known")
  func leaning() {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("shadow", shadow: 1, hold: .seconds(60)), Plans.stage("canary", weight: 0.05)],
        rollback: [Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)]))
    for index in 0..<40 { rig.pair(.ok, index % 20 == 3 ? .failed : .ok) }
    rig.pass(.seconds(100))
    #expect(rig.waitingFor == "leaning")
    for _ in 0..<400 where rig.judge.directive.stage == "shadow" { rig.pair(.ok, .ok) }
    #expect(rig.last?.decision == .advance)
  }

  @Test("a proof is about its stage: what held under a small load is shown again under a larger one")
  func proofAnew() {
    var rig = Rig(
      Plans.playbook(
        [
          Plans.stage("canary", weight: 0.05, hold: .seconds(1), advance: .proven),
          Plans.stage("ramp", weight: 0.25, hold: .seconds(1), advance: .proven), Plans.stage("most", weight: 0.9),
        ], rollback: [Condition(metric: .errorRate, above: 0.05)]))
    for _ in 0..<300 where rig.judge.directive.stage == "canary" {
      rig.attempt(.litellm, shares: [])
      rig.pass(.milliseconds(10))
    }
    #expect(rig.judge.directive.stage == "ramp")
    rig.pass(.seconds(2))
    for _ in 0..<100 { rig.attempt(.litellm, shares: []) }
    #expect(rig.judge.directive.stage == "ramp")
    for _ in 0..<200 where rig.judge.directive.stage == "ramp" { rig.attempt(.litellm, shares: []) }
    #expect(rig.judge.directive.stage == "most")
  }
}
