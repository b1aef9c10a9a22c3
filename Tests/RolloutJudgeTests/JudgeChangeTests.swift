/// Another playbook under a running rollout: what it changes, who is another candidate by it, and what people have accepted.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, changes")
struct JudgeChangeTests {
  static let stages = [
    Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.1), Plans.stage("full", weight: 1),
  ]
  static let one = Plans.playbook(stages)

  /// The same under another SHA-256, changed as asked.
  static func another(_ playbook: Playbook = one, _ change: (inout Playbook) -> Void = { _ in }) -> Playbook {
    var playbook = playbook
    playbook.sha256 += "'"
    change(&playbook)
    return playbook
  }

  static func resumed(_ rig: Rig, _ playbook: Playbook) throws -> Rig {
    let judge = try Judge(
      playbook: playbook, resuming: rig.judge.checkpoint, decisions: rig.decisions, actor: "ada", at: rig.now)
    var back = Rig(resuming: judge, at: rig.now)
    back.decisions = rig.decisions + back.decisions
    return back
  }

  @Test(
    "another address, vendor or model map is another candidate: stage, evidence and figures begin anew",
    arguments: [0, 1, 2])
  func renewed(which: Int) throws {
    var rig = Rig(Self.one)
    try rig.command(.promote)
    rig.attempt(.litellm, .failed)
    #expect(rig.state == .running && rig.judge.status(at: rig.now).guards[0].evidence > 2)
    let next = Self.another { playbook in
      switch which {
      case 0: playbook.candidates[0].url.port = 4001
      case 1: playbook.candidates[0].vendor = "bifrost"
      default: playbook.candidates[0].models = ModelMap(lines: [.init(from: Glob("a"), to: "b")])
      }
    }
    var back = try Self.resumed(rig, next)
    #expect(back.last?.decision == .configChanged && back.last?.renewed == ["litellm"] && back.last?.actor == "ada")
    #expect(back.last?.weightsBefore == ["litellm": 0.1] && back.last?.weightsAfter == ["litellm": 0])
    #expect(
      back.last?.message == "the playbook of openrouter-to-litellm changed: beginning again in stage shadow; "
        + "litellm is another candidate now, with evidence begun anew")
    #expect(back.judge.directive.weights == [0] && back.judge.directive.shadow == [1])
    let status = back.judge.status(at: back.now)
    #expect(status.arms["litellm"]?.live.requests == 0 && status.guards[0].evidence < 2)
    #expect(throws: CommandRefusal.self) {
      try back.command(.rollback(candidate: nil))
      try back.command(.rearm(stage: "canary"))
    }
    #expect(DecisionAudit.faults(in: back.decisions, playbooks: [Self.one, next]) == [])
  }

  @Test("beside others it goes back alone; a rolled-back one stays rolled back")
  func renewedBesideOthers() throws {
    let two = Plans.playbook(JudgePlaceTests.stages(0, 0.02, 0.2), candidates: ["alpha", "beta"])
    var rig = Rig(two)
    try rig.command(.promote)
    try rig.command(.promote)
    let next = Self.another(two) { $0.candidates[0].url.port = 4001 }
    var back = try Self.resumed(rig, next)
    #expect(back.judge.directive.weights == [0, 0.2] && back.judge.directive.isBehind == [true, false])
    #expect(DecisionAudit.faults(in: back.decisions, playbooks: [two, next]) == [])
    try back.command(.rollback(candidate: "alpha"))
    let third = Self.another(next) { $0.candidates[0].url.port = 4002 }
    var again = try Self.resumed(back, third)
    #expect(again.judge.directive.isClosed == [true, false])
    try again.command(.rearm(stage: nil))
    #expect(again.judge.directive.weights == [0, 0.2])
    #expect(DecisionAudit.faults(in: again.decisions, playbooks: [two, next, third]) == [])
  }

  @Test("it is refused where another candidate would get more than the one before had")
  func renewedTooHigh() throws {
    let rig = Rig(Plans.playbook([Plans.stage("canary", weight: 0.1)]))
    let next = Plans.playbook([Plans.stage("canary", weight: 0.3)], sha: "two")
    var changed = next
    changed.candidates[0].url.port = 4001
    for playbook in [next, changed] {
      #expect(throws: ResumeRefusal.self) { try Self.resumed(rig, playbook) }
    }
  }

  @Test("a change is journaled in every state that a rollout can still leave, before anything that follows from it")
  func everyState() throws {
    for commands in [[], [Command.pause], [.rollback(candidate: nil)], [.promote, .promote]] {
      var rig = Rig(Plans.playbook(Array(Self.stages[1...])))
      for command in commands { try rig.command(command) }
      let state = rig.state
      var back = try Self.resumed(rig, Self.another(Plans.playbook(Array(Self.stages[1...]))))
      #expect(back.last?.decision == .configChanged && back.state == state)
      if state == .rolledBack { try back.command(.rearm(stage: nil)) }
      #expect(DecisionAudit.faults(in: back.decisions) == [])
    }
    var bad = Rig(Plans.canary(0.1, Condition(metric: .errorRate, above: 0.5)))
    for _ in 0..<6 { bad.attempt(.litellm, .failed) }
    let strict = Self.another(Plans.canary(0.1, Condition(metric: .errorRate, above: 0.02)))
    var back = try Self.resumed(bad, strict)
    for _ in 0..<5 where back.state == .running { back.attempt(.litellm, .failed) }
    #expect(Array(back.kinds.prefix(2)) == [.start, .configChanged] && back.state == .rolledBack)
    #expect(DecisionAudit.faults(in: back.decisions, playbooks: [strict]) == [])
  }

  @Test("a pause that was accepted does not come back, whatever was journaled between it and the resumption")
  func accepted() throws {
    var stages = [Plans.stage("canary"), Plans.stage("full")]
    stages[0].weights = [0.3, 0.3]
    stages[1].weights = [0.5, 0.5]
    let plan = Plans.playbook(
      stages, rollback: [Condition(metric: .incompleteRate, above: 0.9)],
      pause: [Condition(metric: .errorRate, above: 0.05)], candidates: ["litellm", "second"])
    for between in 0..<3 {
      var rig = Rig(plan)
      for _ in 0..<10 where rig.state == .running { rig.attempt(.litellm, .failed) }
      #expect(rig.state == .paused)
      if between == 1 { rig = try Self.resumed(rig, Self.another(plan)) }
      if between == 2 { try rig.command(.rollback(candidate: "second")) }
      try rig.command(.resume)
      for _ in 0..<10 { rig.attempt(.litellm, .failed) }
      #expect(rig.state == .running)
    }
  }

  @Test("after a completion the evidence goes on, and a rollback is still one")
  func completed() throws {
    var rig = Rig(Plans.playbook([Plans.stage("full", weight: 1)]))
    try rig.command(.promote)
    #expect(rig.state == .completed && rig.judge.directive.weights == [1])
    rig.pass(.seconds(100_000))
    #expect(rig.last?.decision == .complete)
    for _ in 0..<5 { rig.attempt(.litellm, .failed) }
    #expect(rig.state == .rolledBack && rig.last?.evidence != nil && rig.judge.directive.weights == [0])
    try rig.command(.rearm(stage: nil))
    #expect(rig.state == .running)
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
  }

  @Test("settings hold no secret, and a long model map by its lines and a hash")
  func settings() {
    var playbook = Self.one
    playbook.candidates[0].key = Secret("sk-secret-1")
    playbook.candidates[0].headers = [.init(name: "x-team", value: Secret("sk-secret-2"))]
    playbook.onDecision = [DecisionHook(.slack, address: Secret("https://hooks.example.com/sk-secret-3"))]
    playbook.candidates[0].models = ModelMap(
      lines: (0..<40).map { .init(from: Glob("model-\($0)"), to: "other-\($0)") })
    let rig = Rig(playbook)
    let settings = rig.decisions[0].settings ?? [:]
    #expect(settings.count > 20)
    #expect(!settings.values.contains { $0.contains("secret") })
    #expect(settings["candidates.litellm.models"]?.hasPrefix("40 lines, ") == true)
    #expect(settings["stages.canary.weight"] == "litellm 10.0%" && settings["stages.canary.hold"] == "1h")
  }
}
