/// Our own mistakes pause with their class, and say nothing of the candidate; what fails beside them is judged as ever.

import Dialects
import Foundation
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, our own mistakes")
struct JudgeMistakeTests {
  static let condition = Condition(metric: .errorRate, above: 0.05, ratioAbove: 1.5)
  static let shadowed = Plans.playbook(
    [Plans.stage("shadow", shadow: 1, hold: .seconds(1_000_000))], rollback: [condition])

  private func failed(
    _ rig: inout Rig, _ outcome: Outcome, _ status: Int, _ mistake: OwnMistake? = nil, name: String? = nil, times: Int,
    population: Population = .live
  ) {
    for _ in 0..<times where rig.state != .rolledBack {
      let live = rig.start(.baseline)
      rig.end(live)
      let start = rig.start(.litellm, population: population, exchange: population == .shadow ? live.exchange : nil)
      rig.fail(start, outcome, status, mistake, name: name)
      rig.decide()
    }
  }

  @Test(
    "each class pauses, live and in shadow, and is named with what to try",
    arguments: [
      (Outcome.unauthorized, 401, OwnMistake.unauthorized, nil, "unauthorized (401); check the key"),
      (.unauthorized, 403, .unauthorized, nil, "unauthorized (403); check the key"),
      (.unpaid, 402, .unpaid, nil, "unpaid (402); top up the account"),
      (.unpaid, 429, .unpaid, nil, "unpaid (429); top up"), (.unpaid, 200, .unpaid, nil, "unpaid; top up"),
      (.rejected, 400, .unknownField, "logprobs", "rejected (400): unknown field 'logprobs'; leave it out"),
      (.rejected, 404, .unknownModel, nil, "rejected (404): unknown model; check url and models"),
      (.failed, 503, .unknownModel, nil, "failed (503): unknown model; check"),
    ] as [(Outcome, Int, OwnMistake, String?, String)])
  func classes(outcome: Outcome, status: Int, mistake: OwnMistake, name: String?, words: String) throws {
    for (playbook, population) in [(Plans.canary(0.3, Self.condition), Population.live), (Self.shadowed, .shadow)] {
      var rig = Rig(playbook)
      failed(&rig, outcome, status, mistake, name: name, times: 30, population: population)
      let last = try #require(rig.last)
      #expect(rig.kinds == [.start, .pause] && rig.state == .paused)
      #expect(last.reason == mistake.rawValue && last.weightsAfter == last.weightsBefore)
      let n = try #require(last.evidence?.failures?.first?.n)
      #expect(last.message.contains(": \(n) of \(n) \(words)"), "\(last.message)")
      #expect(last.message.hasSuffix(", then resume"))
      #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [playbook]) == [])
    }
  }

  @Test("whatever fails by itself while a mistake waits to be mended rolls back, and mistakes then do not")
  func besides() {
    var rig = Rig(Plans.canary(0.3, Self.condition))
    failed(&rig, .unauthorized, 401, times: 20)
    failed(&rig, .unauthorized, 401, times: 200)
    #expect(rig.state == .paused && rig.kinds == [.start, .pause])
    failed(&rig, .failed, 500, times: 20)
    #expect(rig.state == .rolledBack)
    #expect(rig.last?.message.contains("failed (500)") == true)
  }

  @Test("a person who resumes begins the evidence anew: mended it goes on, not mended it pauses again")
  func resumed() throws {
    var rig = Rig(Plans.canary(0.3, Self.condition))
    failed(&rig, .unauthorized, 401, times: 20)
    try rig.command(.resume)
    for _ in 0..<200 {
      rig.attempt(.litellm)
      rig.attempt(.baseline)
    }
    func kinds(_ rig: Rig) -> [Decision.Kind] { rig.kinds.filter { $0 != .hold } }
    #expect(rig.state == .running && kinds(rig) == [.start, .pause, .resume])
    failed(&rig, .unauthorized, 401, times: 60)
    #expect(kinds(rig) == [.start, .pause, .resume, .pause])
    try rig.command(.resume)
    failed(&rig, .failed, 500, times: 60)
    #expect(rig.state == .rolledBack)
  }

  @Test("where most fails by itself, it rolls back and names both")
  func mostly() {
    var rig = Rig(Plans.canary(0.3, Self.condition))
    for _ in 0..<20 where rig.state == .running {
      failed(&rig, .failed, 500, times: 2)
      failed(&rig, .unauthorized, 401, times: 1)
    }
    #expect(rig.state == .rolledBack)
    #expect(rig.last?.message.contains("failed (500), ") == true)
    #expect(rig.last?.message.contains("unauthorized (401)") == true)
  }

  @Test("mistakes that clients meet roll back: the safety net does not catch them")
  func uncaught() {
    var playbook = Plans.canary(0.3, Self.condition)
    playbook.traffic.fallback = [.serverError]
    var rig = Rig(playbook)
    failed(&rig, .unauthorized, 401, times: 30)
    #expect(rig.state == .rolledBack)
    #expect(rig.last?.message.contains("unauthorized (401); check the key") == true)
    #expect(rig.last?.message.hasSuffix(", then re-arm it") == true)
  }

  @Test("the playbook can ask for rollbacks all the same")
  func policy() {
    var playbook = Plans.canary(0.3, Self.condition)
    playbook.ownMistakes = .rollback
    var rig = Rig(playbook)
    failed(&rig, .unauthorized, 401, times: 30)
    #expect(rig.state == .rolledBack)
  }

  @Test("a completed rollout pauses too, and completes again once resumed")
  func completed() throws {
    var rig = Rig(Plans.playbook([Plans.stage("full", weight: 0.3, hold: .seconds(1))], rollback: [Self.condition]))
    rig.attempt(.litellm)
    rig.attempt(.baseline)
    rig.pass(.seconds(2))
    #expect(rig.kinds == [.start, .complete])
    failed(&rig, .unauthorized, 401, times: 30)
    #expect(rig.kinds == [.start, .complete, .pause])
    try rig.command(.resume)
    rig.attempt(.litellm)
    rig.pass(.seconds(2))
    #expect(rig.last?.decision == .complete)
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
  }

  @Test("a gate over a window pauses for mistakes too")
  func gates() {
    let playbook = Plans.playbook(
      [Plans.stage("canary", weight: 0.3, hold: .seconds(1_000_000))],
      rollback: [Condition(metric: .errorRate, above: 0.05)],
      test: .threshold(window: .seconds(300), minSamples: 10))
    var rig = Rig(playbook)
    failed(&rig, .unauthorized, 401, times: 30)
    #expect(rig.kinds == [.start, .pause])
  }

  @Test("a restart knows what had failed before it, and that a mistake waits to be mended")
  func restarts() throws {
    let playbook = Plans.canary(0.3, Self.condition)
    var rig = Rig(playbook)
    failed(&rig, .unauthorized, 401, times: 2)
    let data = try JSONEncoder().encode(rig.judge.checkpoint)
    let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: data)
    #expect(checkpoint == rig.judge.checkpoint)
    var again = Rig(
      resuming: try Judge(playbook: playbook, resuming: checkpoint, decisions: rig.decisions, at: rig.now), at: rig.now)
    failed(&again, .unauthorized, 401, times: 20)
    #expect(again.kinds == [.pause] && again.last?.message.contains("unauthorized (401)") == true)
    let journal = rig.decisions + again.decisions
    var third = Rig(
      resuming: try Judge(playbook: playbook, resuming: nil, decisions: journal, at: rig.now), at: rig.now)
    failed(&third, .unauthorized, 401, times: 200)
    #expect(third.kinds == [] && third.state == .paused)
  }
}
