/// What a command says before it is given: where to, from which weight to which, and how little has been seen.

import RolloutJudge
import Testing

@testable import crossfade

@Suite("CommandPlan")
struct CommandPlanTests {
  private func plan(
    _ kind: Decision.Kind, before: [String: Double], after: [String: Double], candidate: String? = nil,
    skipped: String? = nil
  ) -> String {
    let at = Instant(nanoseconds: 0)
    var decision = Decision(
      seq: 3, at: at, decision: kind, rollout: "r", stage: "ramp", stageIndex: 1, candidate: candidate,
      weightsBefore: before, weightsAfter: after, message: "", actor: "ada", playbookSHA256: "")
    decision.skipped = skipped
    let figures = RolloutStatus.ArmFigures(live: .init(requests: 2), shadow: .init(), dropped: 0)
    let status = RolloutStatus(
      rollout: "r", state: .running, stage: "canary", stageIndex: 0, stageCount: 2, weights: before, since: at,
      holdUntil: nil, waitingFor: nil, arms: ["litellm": figures], guards: [], lastDecision: nil)
    return CommandPlan(decision, status).text
  }

  @Test("weights that change, and what has been seen of their arms")
  func words() {
    #expect(
      plan(.advance, before: ["litellm": 0.01], after: ["litellm": 0.25])
        == "ramp: litellm 1% → 25%; 2 of its requests so far")
    #expect(
      plan(.advance, before: ["litellm": 0.01], after: ["litellm": 0.25], skipped: "min_samples")
        == "ramp: litellm 1% → 25%; 2 of its requests so far; does not wait for min samples")
    #expect(
      plan(.rearm, before: ["a": 0, "litellm": 0.2], after: ["a": 0.01, "litellm": 0.2])
        == "ramp: a 0% → 1%; 0 of its requests so far")
    #expect(
      plan(.complete, before: ["litellm": 1], after: ["litellm": 1])
        == "ramp, completed: litellm 100%; 2 of its requests so far")
  }
}
