/// The way through the stages: what advances, what holds, what ends a rollout.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, stages")
struct JudgeStageTests {
  static let stages = [
    Plans.stage("baseline"), Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.05),
    Plans.stage("full", weight: 1),
  ]

  @Test("nothing is served before start has been taken, and start only proposes")
  func start() throws {
    var judge = Judge(playbook: Plans.playbook([Plans.stage("canary", weight: 0.05)]), at: Plans.epoch)
    #expect(judge.directive.weights == [0])
    let proposed = judge.decide(at: Plans.epoch)
    let again = judge.decide(at: Plans.epoch)
    let first = try #require(proposed)
    #expect(again == first)
    #expect(first.decision == .start && first.seq == 1 && first.actor == "crossfade")
    #expect(first.weightsBefore == ["litellm": 0] && first.weightsAfter == ["litellm": 0.05])
    #expect(first.message == "started openrouter-to-litellm in stage canary")
    judge.take(first)
    #expect(judge.directive.weights == [0.05])
    let afterwards = judge.decide(at: Plans.epoch)
    #expect(afterwards == nil)
  }

  @Test("a healthy candidate goes through every stage and completes with its weight")
  func wholeWay() {
    var rig = Rig(Plans.playbook(Self.stages))
    rig.attempt(.baseline)
    rig.pass(.seconds(3600))
    #expect(rig.judge.directive.shadow == [1] && rig.judge.directive.weights == [0])
    rig.pair(.ok, .ok)
    rig.pass(.seconds(3600))
    #expect(rig.judge.directive.weights == [0.05])
    #expect(rig.last?.message == "advanced from shadow to canary (litellm 5.0%): held 1h; 1 copy, 0.0% failed")
    rig.attempt(.litellm)
    rig.pass(.seconds(3600))
    rig.attempt(.litellm)
    rig.pass(.seconds(3600))
    #expect(rig.kinds == [.start, .advance, .advance, .advance, .complete])
    #expect(rig.decisions.map(\.stage) == ["baseline", "shadow", "canary", "full", "full"])
    #expect(rig.decisions.map(\.seq) == [1, 2, 3, 4, 5])
    #expect(
      rig.last?.message
        == "completed openrouter-to-litellm in stage full (litellm 100.0%): held 1h; 1 request, 0.0% failed")
    #expect(rig.state == .completed && rig.judge.directive.weights == [1])
    rig.pass(.seconds(1_000_000))
    #expect(rig.decisions.count == 5)
  }

  @Test("a stage whose arm saw no traffic does not advance and says so once", arguments: [0, 1, 2])
  func noTraffic(stage: Int) {
    var rig = Rig(Plans.playbook(Array(Self.stages[stage...])))
    #expect(rig.waitingFor == "hold")
    rig.pass(.seconds(3601))
    rig.pass(.seconds(7200))
    #expect(rig.kinds == [.start, .hold])
    #expect(rig.last?.reason == "no_traffic" && rig.waitingFor == "no_traffic")
    #expect(rig.last?.message == "holding in \(Self.stages[stage].name): no traffic")
    // A canary stage is not fed by the baseline's traffic, nor by clients that left.
    if stage == 2 {
      rig.attempt(.baseline)
      rig.attempt(.litellm, .clientGone)
      #expect(rig.kinds == [.start, .hold])
    }
    if stage == 1 { rig.pair(.ok, .ok) } else { rig.attempt(stage == 0 ? .baseline : .litellm) }
    #expect(rig.kinds == [.start, .hold, .advance])
  }

  @Test("min_samples are waited for after the hold")
  func minSamples() {
    var rig = Rig(Plans.playbook([Plans.stage("canary", weight: 0.5, minSamples: 3), Plans.stage("full", weight: 1)]))
    rig.attempt(.litellm)
    rig.pass(.seconds(3600))
    #expect(rig.waitingFor == "min_samples" && rig.last?.reason == "min_samples")
    rig.attempt(.litellm)
    #expect(rig.last?.decision == .hold)
    rig.attempt(.litellm)
    #expect(rig.last?.decision == .advance)
  }

  @Test("approval waits for promote")
  func approval() throws {
    var rig = Rig(
      Plans.playbook([Plans.stage("ramp", weight: 0.5, approval: true), Plans.stage("full", weight: 1)]))
    rig.attempt(.litellm)
    rig.pass(.seconds(3600))
    rig.pass(.seconds(36_000))
    #expect(rig.kinds == [.start, .hold] && rig.waitingFor == "approval")
    #expect(rig.last?.message == "holding in ramp: waiting for approval")
    try rig.command(.promote, reason: "looks good")
    #expect(rig.last?.message == "advanced from ramp to full (litellm 100.0%): promoted by ada: looks good")
    #expect(rig.last?.actor == "ada" && rig.judge.directive.weights == [1])
  }

  @Test("promote skips the hold, and completes after the last stage")
  func promote() throws {
    var rig = Rig(Plans.playbook(Array(Self.stages[2...])))
    try rig.command(.promote)
    try rig.command(.promote)
    #expect(rig.kinds == [.start, .advance, .complete])
    #expect(rig.last?.skipped == "hold")
    #expect(
      rig.last?.message
        == "completed openrouter-to-litellm in stage full (litellm 100.0%): promoted, skipping 1h of hold "
        + "after 0ms, by ada")
  }

  @Test("a stage that asks for approval is not left before it waits for it, unless that is said")
  func approvalTooSoon() throws {
    var rig = Rig(
      Plans.playbook([Plans.stage("ramp", weight: 0.5, approval: true), Plans.stage("full", weight: 1)]))
    rig.pass(.seconds(60))
    #expect(
      throws: CommandRefusal(
        .wrongState,
        "ramp does not wait for approval yet (the hold has not passed); to skip what it waits for, promote with --now")
    ) { try rig.command(.promote) }
    #expect(rig.kinds == [.start])
    try rig.command(.promotion(candidate: nil, now: true), reason: "incident")
    #expect(rig.last?.skipped == "hold" && rig.last?.stage == "full")
    #expect(
      rig.last?.message
        == "advanced from ramp to full (litellm 100.0%): promoted, skipping 1h of hold after 1m, by ada: incident")
  }

  @Test("a pause keeps the weights and stops the hold's clock; rollbacks still happen")
  func pause() throws {
    var rig = Rig(Plans.playbook(Array(Self.stages[2...])))
    rig.attempt(.litellm)
    rig.pass(.seconds(1800))
    try rig.command(.pause, reason: "holiday")
    #expect(rig.last?.message == "paused in canary by ada: holiday")
    rig.pass(.seconds(100_000))
    #expect(rig.state == .paused && rig.waitingFor == "paused" && rig.judge.directive.weights == [0.05])
    try rig.command(.resume)
    rig.pass(.seconds(1700))
    #expect(rig.last?.decision == .resume)
    rig.pass(.seconds(200))
    #expect(rig.last?.decision == .advance)
    try rig.command(.pause)
    for _ in 0..<5 { rig.attempt(.litellm, .failed) }
    #expect(rig.last?.decision == .rollback && rig.state == .rolledBack)
  }

  @Test("a rollback stays; rearm begins anew in the first stage that shows the candidate")
  func rearm() throws {
    var rig = Rig(Plans.playbook(Self.stages))
    try rig.command(.promote)
    try rig.command(.promote)
    for _ in 0..<5 { rig.attempt(.litellm, .failed) }
    #expect(rig.state == .rolledBack && rig.judge.directive.weights == [0] && rig.judge.directive.shadow == [0])
    rig.pass(.seconds(1_000_000))
    #expect(rig.last?.decision == .rollback)
    try rig.command(.rearm(stage: nil), reason: "fixed")
    #expect(rig.last?.message == "re-armed litellm in stage shadow by ada: fixed")
    #expect(rig.state == .running && rig.judge.directive.shadow == [1] && rig.judge.directive.weights == [0])
    rig.pair(.ok, .ok)
    rig.pass(.seconds(3600))
    #expect(rig.judge.directive.weights == [0.05])
    #expect(throws: CommandRefusal.self) { try rig.command(.rearm(stage: nil)) }
    try rig.command(.rollback(candidate: nil))
    #expect(rig.last?.candidate == "litellm" && rig.last?.message == "rolled back litellm by ada")
    #expect(throws: CommandRefusal(.wrongState, "full has not been reached; the furthest stage is canary")) {
      try rig.command(.rearm(stage: "full"))
    }
    try rig.command(.rearm(stage: "canary"))
    #expect(rig.judge.directive.weights == [0.05])
  }

  @Test("abort is for good")
  func abort() throws {
    var rig = Rig(Plans.playbook(Array(Self.stages[2...])))
    try rig.command(.abort, reason: "no budget")
    #expect(rig.last?.message == "aborted openrouter-to-litellm by ada: no budget")
    #expect(rig.last?.weightsAfter == ["litellm": 0] && rig.judge.directive.weights == [0])
    for command in [Command.pause, .resume, .promote, .rollback(candidate: nil), .rearm(stage: nil), .abort] {
      #expect(throws: CommandRefusal.self) { try rig.command(command) }
    }
    rig.pass(.seconds(1_000_000))
    #expect(rig.state == .aborted)
  }

  @Test("one candidate's rollback leaves the others running")
  func severalCandidates() throws {
    var stages = [Plans.stage("canary"), Plans.stage("wide")]
    stages[0].weights = [0.05, 0.05]
    stages[1].weights = [0.2, 0.2]
    var rig = Rig(Plans.playbook(stages, candidates: ["litellm", "evolink"]))
    for _ in 0..<5 { rig.attempt(.litellm, .failed) }
    #expect(rig.last?.decision == .rollback && rig.last?.candidate == "litellm")
    #expect(rig.last?.weightsAfter == ["litellm": 0, "evolink": 0.05])
    #expect(rig.state == .running && rig.judge.directive.weights == [0, 0.05])
    #expect(rig.judge.directive.isClosed == [true, false])
    rig.attempt(.candidate(1))
    rig.pass(.seconds(3600))
    #expect(rig.last?.decision == .advance && rig.judge.directive.weights == [0, 0.2])
    try rig.command(.rearm(stage: nil))
    #expect(rig.last?.stage == "canary" && rig.judge.directive.weights == [0.05, 0.2])
    try rig.command(.rollback(candidate: nil))
    #expect(rig.last?.candidate == nil && rig.state == .rolledBack)
    #expect(rig.last?.message == "rolled back litellm, evolink by ada")
  }

  @Test("proven: undecided holds, and pauses after max_hold; a resume gives it that time again")
  func maxHold() throws {
    var rig = Rig(
      Plans.playbook([
        Plans.stage("shadow", shadow: 1, advance: .proven, maxHold: .seconds(7200)), Plans.stage("full", weight: 1),
      ]))
    for _ in 0..<20 { rig.pair(.ok, .ok) }
    rig.pass(.seconds(3600))
    #expect(rig.waitingFor == "undecided" && rig.last?.reason == "undecided")
    rig.pass(.seconds(3600))
    #expect(rig.last?.decision == .pause && rig.last?.reason == "max_hold")
    #expect(rig.last?.message == "paused in shadow: not proven in 2h (neither worse nor proven not worse)")
    try rig.command(.resume)
    rig.pass(.seconds(7100))
    #expect(rig.state == .running)
    rig.pass(.seconds(200))
    #expect(rig.state == .paused)
  }

  @Test("proven: enough good pairs advance once the hold has passed")
  func proven() {
    var rig = Rig(
      Plans.playbook([Plans.stage("shadow", shadow: 1, advance: .proven), Plans.stage("full", weight: 1)]))
    for _ in 0..<600 { rig.pair(.ok, .ok) }
    #expect(rig.judge.status(at: rig.now).guards[0].state == .passed)
    #expect(rig.kinds == [.start])
    rig.pass(.seconds(3600))
    #expect(
      rig.last?.message == "advanced from shadow to full (litellm 100.0%): proven not worse; 600 copies, 0.0% failed")
  }

  @Test("both arms bad: holds, and says that it is the baseline")
  func baselineDegraded() {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5), Plans.stage("full", weight: 1)],
        rollback: [Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)]))
    for index in 0..<400 { rig.attempt(index % 2 == 0 ? .baseline : .litellm, index % 4 < 2 ? .ok : .failed) }
    #expect(rig.kinds == [.start, .hold])
    #expect(rig.last?.reason == "baseline_degraded" && rig.waitingFor == "baseline_degraded")
    #expect(rig.last?.message == "holding in canary: the baseline is beyond the limits too")
    rig.pass(.seconds(3600))
    #expect(rig.last?.decision == .advance)
  }

  @Test("an outage that is over holds no stage for as long as it is remembered")
  func baselineRecovered() {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5), Plans.stage("full", weight: 1)],
        rollback: [Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)]))
    for index in 0..<400 { rig.attempt(index % 2 == 0 ? .baseline : .litellm, index % 4 < 2 ? .ok : .failed) }
    #expect(rig.waitingFor == "baseline_degraded")
    rig.pass(.seconds(11))
    for index in 0..<60 { rig.attempt(index % 2 == 0 ? .baseline : .litellm) }
    #expect(rig.waitingFor != "baseline_degraded")
  }

  @Test("a split that is not the one configured holds, and says so")
  func splitMismatch() {
    func rig(every: Int) -> Rig {
      var rig = Rig(Plans.playbook([Plans.stage("canary", weight: 0.2), Plans.stage("full", weight: 1)]))
      for index in 0..<600 { rig.attempt(index % every == 0 ? .litellm : .baseline) }
      rig.pass(.seconds(3600))
      return rig
    }
    #expect(rig(every: 5).kinds == [.start, .advance])
    let wrong = rig(every: 3)
    #expect(wrong.kinds == [.start, .hold] && wrong.waitingFor == "split_mismatch")
    #expect(wrong.last?.message == "holding in canary: the split is not the one configured")
  }
}
