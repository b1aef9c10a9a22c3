/// A process that comes back goes on as if it had never stopped, and never with more weight than was journaled.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Checkpoint")
struct CheckpointTests {
  static let stages = [
    Plans.stage("shadow", shadow: 1, hold: .seconds(200), advance: .proven),
    Plans.stage("canary", weight: 0.1, hold: .seconds(200)),
    Plans.stage("half", weight: 0.5, hold: .seconds(100_000)),
  ]
  static let conditions = [
    Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5),
    Condition(metric: .latencyP95, above: 8000, ratioAbove: 1.25),
  ]

  /// Pairs in shadow, then live traffic that turns bad late; stopped and brought back wherever `stops` says.
  static func run(stops: Set<Int>) throws -> Rig {
    var random = SeededGenerator(seed: 17)
    let playbook = Plans.playbook(stages, rollback: conditions, sticky: true)
    var rig = Rig(playbook)
    for step in 0..<12_000 where rig.state == .running {
      if stops.contains(step) {
        let data = try JSONEncoder().encode(rig.judge.checkpoint)
        let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: data)
        rig.judge = try Judge(playbook: playbook, resuming: checkpoint, decisions: rig.decisions, at: rig.now)
      }
      rig.now = rig.now + .milliseconds(100)
      let unit = UInt64.random(in: 0..<3000, using: &random)
      let weight = rig.judge.directive.weights[0]
      let isCandidate = random.chance(weight)
      let isBad = random.chance(isCandidate && step > 9000 ? 0.12 : 0.008)
      if rig.judge.directive.shadow[0] > 0 {
        rig.pair(isBad ? .failed : .ok, random.chance(0.008) ? .failed : .ok, unit: unit)
      } else {
        rig.attempt(isCandidate ? .litellm : .baseline, isBad ? .failed : .ok, unit: unit)
      }
    }
    return rig
  }

  @Test("stopping and coming back anywhere gives the same decisions")
  func sameDecisions() throws {
    let whole = try Self.run(stops: [])
    #expect(whole.kinds.filter { $0 != .hold } == [.start, .advance, .advance, .rollback])
    for stop in [1, 700, 3100, 5000, 9100] {
      let stopped = try Self.run(stops: [stop])
      #expect(stopped.decisions == whole.decisions)
    }
    #expect(try Self.run(stops: Set(stride(from: 50, to: 12_000, by: 400))).decisions == whole.decisions)
  }

  @Test("stays under 64 KB after 12,000 exchanges")
  func size() throws {
    let rig = try Self.run(stops: [])
    #expect(try JSONEncoder().encode(rig.judge.checkpoint).count < 65_536)
  }

  @Test("what was journaled is believed without any checkpoint")
  func journalOnly() throws {
    let whole = try Self.run(stops: [])
    let playbook = Plans.playbook(Self.stages, rollback: Self.conditions, sticky: true)
    for count in 1...whole.decisions.count {
      let known = Array(whole.decisions[..<count])
      let judge = try Judge(playbook: playbook, resuming: nil, decisions: known, at: whole.now)
      #expect(judge.directive.stage == known[count - 1].stage)
      #expect(judge.directive.weights[0] == known[count - 1].weightsAfter["litellm"])
    }
    var judge = try Judge(playbook: playbook, resuming: nil, decisions: whole.decisions, at: whole.now)
    #expect(judge.directive.state == .rolledBack)
    let next = judge.decide(at: whole.now + .seconds(1_000_000))
    #expect(next == nil)
  }

  @Test("a hold is time served: neither a stop nor a pause nor a step of the clock is part of it")
  func holdTime() throws {
    let playbook = Plans.playbook([Plans.stage("canary", weight: 0.1), Plans.stage("full", weight: 1)])
    var rig = Rig(playbook)
    rig.attempt(.litellm)
    rig.pass(.seconds(3000))
    // A weekend, a clock an hour behind, a first run ten years ahead.
    for step in [Duration.seconds(200_000), .seconds(-3600), .seconds(-315_360_000)] {
      let now = rig.now + step
      let judge = try Judge(
        playbook: playbook, resuming: rig.judge.checkpoint, decisions: rig.decisions, at: now)
      var back = Rig(resuming: judge, at: now)
      #expect(back.kinds == [])
      back.pass(.seconds(590))
      #expect(back.kinds == [])
      back.pass(.seconds(20))
      #expect(back.kinds == [.advance])
      #expect(DecisionAudit.faults(in: rig.decisions + back.decisions, playbooks: [playbook]) == [])
    }
    try rig.command(.pause)
    let paused = try Judge(
      playbook: playbook, resuming: rig.judge.checkpoint, decisions: rig.decisions, at: rig.now + .seconds(3600))
    #expect(Rig(resuming: paused, at: rig.now + .seconds(3600)).kinds == [])
  }

  @Test("a stage that no checkpoint knows of is held anew")
  func holdWithoutCheckpoint() throws {
    let playbook = Plans.playbook([
      Plans.stage("canary", weight: 0.1, hold: .seconds(100)), Plans.stage("ramp", weight: 0.5, hold: .seconds(100)),
      Plans.stage("full", weight: 1),
    ])
    var rig = Rig(playbook)
    rig.attempt(.litellm)
    let before = rig.judge.checkpoint
    rig.pass(.seconds(100))
    rig.attempt(.litellm)
    rig.pass(.seconds(90))
    for checkpoint in [before, nil] {
      let judge = try Judge(playbook: playbook, resuming: checkpoint, decisions: rig.decisions, at: rig.now)
      var back = Rig(resuming: judge, at: rig.now)
      back.attempt(.litellm)
      back.pass(.seconds(90))
      #expect(back.kinds == [])
      back.pass(.seconds(10))
      #expect(back.kinds == [.advance])
    }
  }

  @Test("no decision is older than the one before it, whatever the clock says")
  func monotone() throws {
    let playbook = Plans.playbook([Plans.stage("canary", weight: 0.1), Plans.stage("full", weight: 1)])
    var rig = Rig(playbook)
    let behind = rig.now + .seconds(-86_400)
    let judge = try Judge(playbook: playbook, resuming: nil, decisions: rig.decisions, at: behind)
    var back = Rig(resuming: judge, at: behind)
    try back.command(.pause)
    back.pass(.seconds(10))
    try back.command(.resume)
    for _ in 0..<5 { back.attempt(.litellm, .failed) }
    #expect(back.kinds == [.pause, .resume, .rollback])
    #expect(back.decisions.allSatisfy { $0.at >= rig.last!.at })
    rig.decisions += back.decisions
    #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [playbook]) == [])
  }

  @Test("a changed playbook goes on in the stage of the same name, and says so once")
  func changedPlaybook() throws {
    let old = Plans.playbook([Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.1)])
    var rig = Rig(old)
    try rig.command(.promote)
    let new = Plans.playbook(
      [Plans.stage("canary", weight: 0.05), Plans.stage("full", weight: 1)],
      rollback: [Condition(metric: .errorRate, above: 0.03)], sha: "two")
    let judge = try Judge(playbook: new, resuming: rig.judge.checkpoint, decisions: rig.decisions, at: rig.now)
    #expect(judge.directive.weights == [0.05] && judge.directive.stageIndex == 0)
    let back = Rig(resuming: judge, at: rig.now)
    #expect(back.kinds == [.configChanged])
    #expect(back.last?.message == "the playbook of openrouter-to-litellm changed: continuing in stage canary")
    #expect(back.last?.changed?.contains("stages.canary.weight: litellm 10.0% → litellm 5.0%") == true)
    #expect(back.last?.changed?.contains("rollback_when.error_rate: above 0.02 → above 0.03") == true)
    #expect(back.last?.renewed == nil)
    #expect(back.last?.seq == 3 && back.last?.playbookSHA256 == "two")
    let again = try Judge(
      playbook: new, resuming: nil, decisions: rig.decisions + back.decisions, at: rig.now)
    #expect(Rig(resuming: again, at: rig.now).kinds == [])
  }

  @Test("a changed playbook is refused where its stage is gone or its weight would rise")
  func refusals() throws {
    let old = Plans.playbook([Plans.stage("canary", weight: 0.1)])
    let rig = Rig(old)
    func refusal(_ playbook: Playbook) -> ResumeRefusal? {
      do {
        _ = try Judge(playbook: playbook, resuming: nil, decisions: rig.decisions, at: rig.now)
        return nil
      } catch { return error }
    }
    let gone = refusal(Plans.playbook([Plans.stage("ramp", weight: 0.1)], sha: "two"))
    #expect(gone?.reason == .stageGone)
    #expect(
      gone?.message
        == "the rollout openrouter-to-litellm is in stage canary, which the changed playbook does not have; "
        + "keep the stage, or begin a rollout under another name")
    let higher = refusal(Plans.playbook([Plans.stage("canary", weight: 0.2)], sha: "two"))
    #expect(higher?.reason == .weightWouldRise)
    #expect(
      higher?.message == "the changed playbook gives litellm 20.0% in stage canary, the journal's last decision 10.0%; "
        + "a change of the playbook must not raise a weight: advance to it")
    #expect(refusal(Plans.playbook([Plans.stage("canary", weight: 0.1)], sha: "two")) == nil)
  }

  @Test("attempts under way at a restart do no harm")
  func underWay() throws {
    let playbook = Plans.canary(0.5, Condition(metric: .errorRate, above: 0.02, ratioAbove: 1))
    var rig = Rig(playbook)
    let open = (0..<40).map { rig.start($0 % 2 == 0 ? .baseline : .litellm) }
    rig.judge = try Judge(playbook: playbook, resuming: rig.judge.checkpoint, decisions: rig.decisions, at: rig.now)
    for start in open { rig.end(start, .failed) }
    rig.decide()
    #expect(!rig.kinds.contains(.rollback))
    for _ in 0..<30 where rig.state == .running {
      rig.attempt(.baseline)
      rig.attempt(.litellm, .failed)
    }
    #expect(rig.last?.decision == .rollback)
  }
}
