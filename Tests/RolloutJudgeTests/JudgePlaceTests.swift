/// Candidates in different stages: one that was re-armed while others went on goes its own way until it has caught up.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, places")
struct JudgePlaceTests {
  static func stages(_ weights: Double..., hold: Duration = .seconds(3600)) -> [Stage] {
    weights.map { weight in
      var stage = Plans.stage("at-\(Int(weight * 100))", hold: hold)
      stage.weights = [weight, weight]
      stage.shadow = weight == 0 ? [0.1, 0.1] : [0, 0]
      return stage
    }
  }

  static let playbook = Plans.playbook(stages(0, 0.02, 0.2, 0.4), candidates: ["alpha", "beta"])

  /// Alpha has failed in the third stage of four, beta goes on.
  static func failed() throws -> Rig {
    var rig = Rig(playbook)
    try rig.command(.promote)
    try rig.command(.promote)
    for _ in 0..<5 { rig.attempt(.candidate(0), .failed) }
    #expect(rig.state == .running && rig.judge.directive.isClosed == [true, false])
    return rig
  }

  private func stages(_ rig: Rig) -> [String] {
    let places = rig.judge.status(at: rig.now).candidates
    return ["alpha", "beta"].map { places[$0]?.stage ?? "?" }
  }

  @Test("re-armed, it begins where a new candidate would, and the other's stage, hold and weight stay")
  func rearm() throws {
    var rig = try Self.failed()
    rig.pass(.seconds(1000))
    let before = rig.judge.status(at: rig.now)
    try rig.command(.rearm(stage: nil))
    #expect(rig.last?.stage == "at-0" && rig.last?.candidate == "alpha")
    #expect(rig.judge.directive.weights == [0, 0.2] && rig.judge.directive.shadow == [0.1, 0])
    #expect(stages(rig) == ["at-0", "at-20"])
    let after = rig.judge.status(at: rig.now)
    #expect(after.stage == before.stage && after.since == before.since && after.holdUntil == before.holdUntil)
    try rig.command(.rollback(candidate: "alpha"))
    try rig.command(.rearm(stage: "at-2"))
    #expect(rig.judge.directive.weights == [0.02, 0.2] && rig.judge.directive.isBehind == [true, false])
    try rig.command(.rollback(candidate: "alpha"))
    #expect(throws: CommandRefusal(.wrongState, "at-40 lies ahead of the others, which are in at-20")) {
      try rig.command(.rearm(stage: "at-40"))
    }
  }

  @Test("it serves each stage's hold itself, catches up, and the last stage waits for it")
  func catchesUp() throws {
    var rig = try Self.failed()
    try rig.command(.rearm(stage: "at-2"))
    rig.attempt(.candidate(1))
    rig.pass(.seconds(3600))
    // Beta has held its stage; alpha has seen nothing in its own.
    #expect(stages(rig) == ["at-2", "at-40"])
    #expect(rig.decisions.contains { $0.message == "holding alpha in at-2: no traffic" })
    rig.attempt(.candidate(0))
    #expect(
      rig.last?.message == "advanced alpha from at-2 to at-20 (alpha 20.0%): held 1h; alpha 1 request, 0.0% failed")
    #expect(rig.judge.directive.weights == [0.2, 0.4])
    rig.attempt(.candidate(1))
    rig.pass(.seconds(3599))
    #expect(rig.state == .running && stages(rig) == ["at-20", "at-40"])
    rig.pass(.seconds(1))
    rig.attempt(.candidate(0))
    #expect(stages(rig) == ["at-40", "at-40"] && rig.judge.directive.isBehind == [false, false])
    rig.attempt(.candidate(0))
    rig.pass(.seconds(3000))
    #expect(rig.waitingFor == "hold" && rig.state == .running)
    rig.pass(.seconds(600))
    #expect(rig.state == .completed)
    #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [Self.playbook]) == [])
  }

  @Test("a candidate that is behind is promoted by its name, and does not take the others along")
  func promote() throws {
    var rig = try Self.failed()
    try rig.command(.rearm(stage: "at-2"))
    #expect(throws: CommandRefusal(.wrongState, "beta has no stage of its own; promote without naming a candidate")) {
      try rig.command(.promotion(candidate: "beta", now: false))
    }
    try rig.command(.promotion(candidate: "alpha", now: false))
    #expect(stages(rig) == ["at-20", "at-20"] && rig.last?.candidate == "alpha")
    try rig.command(.promote)
    #expect(stages(rig) == ["at-40", "at-40"])
    try rig.command(.rollback(candidate: "beta"))
    try rig.command(.rearm(candidate: "beta", stage: nil))
    #expect(throws: CommandRefusal(.wrongState, "cannot promote: beta has not caught up; promote it by name")) {
      rig.attempt(.candidate(0))
      rig.pass(.seconds(3600))
      try rig.command(.promote)
    }
    #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [Self.playbook]) == [])
  }

  @Test("its stages and what it has served survive a restart, with a checkpoint and without")
  func restart() throws {
    var rig = try Self.failed()
    try rig.command(.rearm(stage: "at-2"))
    rig.attempt(.candidate(0))
    rig.pass(.seconds(3000))
    for checkpoint in [rig.judge.checkpoint, nil] {
      let later = rig.now + .seconds(1_000_000)
      let judge = try Judge(playbook: Self.playbook, resuming: checkpoint, decisions: rig.decisions, at: later)
      var back = Rig(resuming: judge, at: later)
      #expect(stages(back) == ["at-2", "at-20"] && back.judge.directive.weights == [0.02, 0.2])
      back.attempt(.candidate(0))
      back.pass(.seconds(600))
      #expect(stages(back)[0] == (checkpoint == nil ? "at-2" : "at-20"))
    }
  }

  @Test("nobody of the other's units moves when it is rolled back, re-armed, or advances, and none of its own are lost")
  func units() throws {
    var playbook = Self.playbook
    for index in playbook.candidates.indices {
      playbook.candidates[index].models = ModelMap(lines: [.init(from: Glob("*"), to: "*")])
    }
    struct Request: RequestAttributes {
      let path = "/v1/chat/completions"
      let model: String? = "m"
      func header(_ lowercasedName: String) -> String? { nil }
      func bodyValue(_ path: String) -> String? { nil }
    }
    var rig = try Self.failed()
    func units(_ arm: Int) -> Set<UInt64> {
      let table = SplitTable(playbook, following: rig.judge.directive)
      return Set((0..<4000).filter { table.assign(Request(), unit: $0 &* 0x9E37_79B9, draw: 0).arm == .candidate(arm) })
    }
    let beta = units(1)
    #expect(units(0).isEmpty && beta.count > 600)
    try rig.command(.rearm(stage: nil))
    #expect(units(0).isEmpty && units(1) == beta)
    try rig.command(.promotion(candidate: "alpha", now: false))
    let first = units(0)
    #expect(!first.isEmpty && units(1) == beta)
    try rig.command(.promotion(candidate: "alpha", now: false))
    #expect(units(0).isSuperset(of: first) && units(0).count > 600 && units(1) == beta)
    try rig.command(.promote)
    #expect(units(0).isSuperset(of: first) && units(1).isSuperset(of: beta))
  }
}
