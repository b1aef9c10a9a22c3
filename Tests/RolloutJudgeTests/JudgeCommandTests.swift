/// Every command in every state, and against what its sender saw: refused or taken, and never two steps for two presses.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, commands")
struct JudgeCommandTests {
  enum Situation: CaseIterable, Sendable {
    case running, holding, approval, paused, completed, rolledBack, aborted, oneRolledBack, oneBehind

    func rig() throws -> Rig {
      var stages = JudgePlaceTests.stages(0.02, 0.2, 0.4)
      stages[1].needsApproval = self == .approval || self == .holding
      var rig = Rig(Plans.playbook(stages, candidates: ["alpha", "beta"]))
      try rig.command(.promote)
      switch self {
      case .running, .holding: break
      case .approval:
        rig.attempt(.candidate(0))
        rig.attempt(.candidate(1))
        rig.pass(.seconds(3600))
      case .paused: try rig.command(.pause)
      case .completed:
        try rig.command(.promote)
        try rig.command(.promote)
      case .rolledBack: try rig.command(.rollback(candidate: nil))
      case .aborted: try rig.command(.abort)
      case .oneRolledBack: try rig.command(.rollback(candidate: "alpha"))
      case .oneBehind:
        try rig.command(.rollback(candidate: "alpha"))
        try rig.command(.rearm(stage: nil))
      }
      return rig
    }
  }

  static let commands: [(name: String, command: Command)] = [
    ("pause", .pause), ("resume", .resume), ("promote", .promote), ("now", .promotion(candidate: nil, now: true)),
    ("rollback", .rollback(candidate: nil)), ("rearm", .rearm(stage: nil)), ("abort", .abort),
  ]

  /// What follows from each command, `-` where it is refused.
  static let table: [Situation: [String]] = [
    .running: ["pause", "-", "advance", "advance", "rollback", "-", "abort"],
    .holding: ["pause", "-", "-", "advance", "rollback", "-", "abort"],
    .approval: ["pause", "-", "advance", "advance", "rollback", "-", "abort"],
    .paused: ["-", "resume", "-", "-", "rollback", "-", "abort"],
    .completed: ["-", "-", "-", "-", "rollback", "-", "abort"],
    .rolledBack: ["-", "-", "-", "-", "-", "rearm", "abort"],
    .aborted: ["-", "-", "-", "-", "-", "-", "-"],
    .oneRolledBack: ["pause", "-", "advance", "advance", "rollback", "rearm", "abort"],
    .oneBehind: ["pause", "-", "advance", "advance", "rollback", "-", "abort"],
  ]

  @Test("every command in every state", arguments: Situation.allCases)
  func every(situation: Situation) throws {
    let expected = try #require(Self.table[situation])
    for ((_, command), outcome) in zip(Self.commands, expected) {
      var rig = try situation.rig()
      let (before, count) = (rig.judge.directive, rig.decisions.count)
      do throws(CommandRefusal) {
        try rig.command(command)
        #expect(rig.decisions[count].decision.rawValue == outcome, "\(situation) \(command)")
      } catch {
        #expect(outcome == "-", "\(situation) \(command): \(error)")
        #expect(rig.judge.directive == before && rig.decisions.count == count)
      }
      #expect(DecisionAudit.faults(in: rig.decisions) == [], "\(situation) \(command)")
    }
  }

  @Test("a command for what was shown is one step, however often it is given", arguments: Situation.allCases)
  func once(situation: Situation) throws {
    for (_, command) in Self.commands {
      let rig = try situation.rig()
      var judge = rig.judge
      let status = judge.status(at: rig.now)
      let shown = ShownState(stage: status.stage, seq: status.lastDecision?.seq)
      var taken = 0
      for _ in 0..<5 {
        do throws(CommandRefusal) {
          judge.take(try judge.command(command, shown: shown, actor: "ada", at: rig.now))
          taken += 1
        } catch {
          if taken > 0 { #expect(error.reason == .moved) }
        }
      }
      #expect(taken <= 1, "\(situation) \(command)")
    }
  }

  @Test("what has moved is refused with where it stands now; either of the two is enough, and neither is needed")
  func moved() throws {
    var rig = try Situation.running.rig()
    for (shown, isTaken) in [
      (ShownState(), true), (ShownState(stage: "at-20"), true), (ShownState(seq: 2), true),
      (ShownState(stage: "at-20", seq: 2), true), (ShownState(stage: "at-2", seq: 2), false),
      (ShownState(stage: "at-20", seq: 1), false), (ShownState(seq: 3), false), (ShownState(stage: "at-40"), false),
    ] {
      do throws(CommandRefusal) {
        _ = try rig.judge.command(.pause, shown: shown, actor: "ada", at: rig.now)
        #expect(isTaken)
      } catch {
        #expect(!isTaken && error.reason == .moved && error.current == ShownState(stage: "at-20", seq: 2))
      }
    }
  }
}
