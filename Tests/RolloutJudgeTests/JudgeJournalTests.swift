/// When the journal cannot be written: nothing advances, nothing is served, and a rollback is still a rollback.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, journal")
struct JudgeJournalTests {
  @Test("without a journal it serves weight 0, advances nothing and says what it waits for")
  func unavailable() throws {
    var rig = Rig(Plans.playbook([Plans.stage("canary", weight: 0.1), Plans.stage("full", weight: 1)]))
    rig.attempt(.litellm)
    rig.judge.journalBecame(available: false, at: rig.now)
    #expect(rig.judge.directive.weights == [0] && rig.judge.directive.state == .running)
    rig.pass(.seconds(3600))
    #expect(rig.kinds == [.start] && rig.waitingFor == "journal")
    for command in [Command.pause, .promote, .abort] {
      #expect(throws: CommandRefusal(.journalUnavailable, "the journal is unavailable; only a rollback is possible")) {
        try rig.command(command)
      }
    }
    rig.judge.journalBecame(available: true, at: rig.now)
    #expect(rig.judge.directive.weights == [0.1])
    rig.decide()
    #expect(rig.last?.decision == .advance)
  }

  @Test("start waits for the journal")
  func start() {
    var judge = Judge(playbook: Plans.playbook([Plans.stage("canary", weight: 0.1)]), at: Plans.epoch)
    judge.journalBecame(available: false, at: Plans.epoch)
    let first = judge.decide(at: Plans.epoch)
    #expect(first == nil)
    judge.journalBecame(available: true, at: Plans.epoch)
    let second = judge.decide(at: Plans.epoch)
    #expect(second?.decision == .start)
  }

  @Test("a rollback is proposed and taken without it, by evidence and by command")
  func rollback() throws {
    var rig = Rig(Plans.canary(0.1, Condition(metric: .errorRate, above: 0.02)))
    rig.judge.journalBecame(available: false, at: rig.now)
    for _ in 0..<5 { rig.attempt(.litellm, .failed, shares: [0.1]) }
    #expect(rig.last?.decision == .rollback && rig.state == .rolledBack)
    var other = Rig(Plans.canary(0.1, Condition(metric: .errorRate, above: 0.02)))
    other.judge.journalBecame(available: false, at: other.now)
    try other.command(.rollback(candidate: "litellm"))
    #expect(other.state == .rolledBack)
  }

  @Test("what is proposed and never taken changes nothing")
  func notTaken() throws {
    var rig = Rig(Plans.canary(0.1, Condition(metric: .errorRate, above: 0.02)))
    _ = try rig.judge.command(.pause, reason: nil, actor: "ada", at: rig.now)
    #expect(rig.state == .running)
    for _ in 0..<5 { rig.end(rig.start(.litellm), .failed) }
    let proposed = rig.judge.decide(at: rig.now)
    #expect(proposed?.decision == .rollback && rig.judge.directive.weights == [0.1])
    for _ in 0..<500 { rig.end(rig.start(.litellm)) }
    let again = rig.judge.decide(at: rig.now)
    #expect(again?.decision == .rollback && again?.evidence == proposed?.evidence)
  }
}
