/// A ratio at 100% without a holdback: against the baseline as it was last seen.

import Dialects
import Foundation
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("FrozenTest")
struct FrozenTestTests {
  private static let stages = [Plans.stage("half", weight: 0.5), Plans.stage("full", weight: 1)]

  /// A candidate at 100%, after a half stage with so many requests for each arm.
  private static func full(_ condition: Condition, before: Int = 300) throws -> Rig {
    var rig = Rig(Plans.playbook(stages, rollback: [condition]))
    for _ in 0..<before {
      rig.attempt(.litellm)
      rig.attempt(.baseline)
    }
    try rig.command(.promote)
    #expect(rig.judge.directive.stage == "full")
    return rig
  }

  @Test("what no rescue answers is held against the baseline of the last stage that had one, and verifies")
  func lastSeen() throws {
    for condition in [
      Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5), Condition(metric: .errorRate, ratioAbove: 1.5),
    ] {
      var rig = try Self.full(condition)
      var requests = 0
      while rig.state == .running, requests < 40 {
        rig.attempt(.litellm, .incomplete)
        requests += 1
      }
      #expect(rig.last?.decision == .rollback && requests <= 8)
      #expect(DecisionAudit.faults(in: rig.decisions, wholeFrom: 1) == [])
      var lied = rig.decisions
      lied[lied.count - 1].evidence?.basis?["ratio"]?.frozen?.bad += 3
      #expect(!DecisionAudit.faults(in: lied).isEmpty)
    }
  }

  @Test("slow is what is slower than the ratio allows to the baseline's time of the last stage")
  func slow() throws {
    var rig = try Self.full(Condition(metric: .latencyP95, ratioAbove: 1.25), before: 600)
    for _ in 0..<40 where rig.state == .running { rig.attempt(.litellm, after: .milliseconds(900)) }
    #expect(rig.last?.decision == .rollback && rig.last?.metric == .latencyP95)
    #expect(DecisionAudit.faults(in: rig.decisions, wholeFrom: 1) == [])
  }

  @Test("a candidate within the ratio of what the baseline was is not rolled back, nor at exactly the limit")
  func within() throws {
    var random = SeededGenerator(seed: 51)
    var rolledBack = 0
    for _ in 0..<60 {
      var rig = Rig(
        Plans.playbook(Self.stages, rollback: [Condition(metric: .errorRate, ratioAbove: 1.5)], confidence: 0.9))
      for _ in 0..<250 {
        rig.attempt(.litellm, random.chance(0.06) ? .incomplete : .ok)
        rig.attempt(.baseline, random.chance(0.04) ? .incomplete : .ok)
      }
      guard rig.state == .running else { continue }
      try rig.command(.promote)
      for _ in 0..<800 where rig.state == .running {
        rig.attempt(.litellm, random.chance(0.06) ? .incomplete : .ok)
      }
      if rig.state == .rolledBack { rolledBack += 1 }
    }
    #expect(rolledBack <= 6)
  }

  @Test("rescues that fail show that the baseline is in trouble, too: such a time does not count")
  func outage() throws {
    var rig = try Self.full(Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5))
    for _ in 0..<40 where rig.state == .running {
      let canary = rig.start(.litellm)
      rig.end(canary, .failed)
      rig.judge.record(.fellBack(.litellm, .failed, exchange: canary.exchange, at: rig.now))
      rig.end(rig.start(.baseline, population: .rescue, exchange: canary.exchange), .failed)
      rig.decide()
    }
    #expect(rig.state == .running)
  }

  @Test("what was last seen outlives a restart and another try, and originals of copies are seen, too")
  func kept() throws {
    let condition = Condition(metric: .errorRate, ratioAbove: 1.5)
    var rig = try Self.full(condition)
    let data = try JSONEncoder().encode(rig.judge.checkpoint)
    rig.judge = try Judge(
      playbook: Plans.playbook(Self.stages, rollback: [condition]),
      resuming: try JSONDecoder().decode(Checkpoint.self, from: data), decisions: rig.decisions, at: rig.now)
    for _ in 0..<20 where rig.state == .running { rig.attempt(.litellm, .incomplete) }
    #expect(rig.last?.decision == .rollback)
    try rig.command(.rearm(stage: "full"))
    for _ in 0..<20 where rig.state == .running { rig.attempt(.litellm, .incomplete) }
    #expect(rig.last?.decision == .rollback)
    var copied = Rig(
      Plans.playbook([Plans.stage("shadow", shadow: 1), Plans.stage("full", weight: 1)], rollback: [condition]))
    for _ in 0..<200 { copied.pair(.ok, .ok) }
    try copied.command(.promote)
    for _ in 0..<20 where copied.state == .running { copied.attempt(.litellm, .incomplete) }
    #expect(copied.last?.decision == .rollback)
  }

  @Test("the bound on what was last seen is Chernoff's: none bad of 200, doubted at 1 in 4,000, gives 4.1%")
  func bound() {
    #expect(abs(LastControl(n: 200, bad: 0).bound(doubt: 1 / 4000) - 0.0406) < 0.0002)
    #expect(LastControl(n: 0, bad: 0).bound(doubt: 0.01) == 1)
    var control = LastControl(n: 900, bad: 9)
    control.add(n: 100, bad: 4)
    #expect(control == LastControl(n: 1000, bad: 13))
    control.add(n: 500, bad: 1)
    #expect(control == LastControl(n: 500, bad: 1))
  }
}
