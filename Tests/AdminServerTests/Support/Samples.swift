/// A rollout in its fourth stage, with two candidates, one of them rolled back.

import RolloutJudge

enum Samples {
  static let noon = Instant(rfc3339: "2026-11-22T12:00:00.123Z")!
  static let sha256 = String(repeating: "5e", count: 32)

  static let stages = ["baseline", "shadow", "canary", "canary-5", "ramp-10", "ramp-25", "ramp-50", "full"]

  static let rollback = Decision(
    seq: 5, at: noon, decision: .rollback, rollout: "openrouter-to-litellm", stage: "canary-5", stageIndex: 3,
    candidate: "evolink", metric: .errorRate, condition: .init(above: 0.02, ratioAbove: 1.5),
    weightsBefore: ["evolink": 0.05, "litellm": 0.05], weightsAfter: ["evolink": 0, "litellm": 0.05],
    evidence: Evidence(
      test: "sequential", eValue: .infinity, threshold: 100, candidate: .init(n: 29, bad: 9),
      baseline: .init(n: 551, bad: 4), since: noon, parts: ["ratio": .infinity]),
    message: "rolled back evolink: error_rate 31.0% of 29 requests, allowed 2.0%", actor: "crossfade",
    playbookSHA256: sha256)

  static let decisions =
    zip(["baseline", "shadow", "canary", "canary-5"], 0...).map { stage, index in
      Decision(
        seq: index + 1, at: noon, decision: index == 0 ? .start : .advance, rollout: "openrouter-to-litellm",
        stage: stage, stageIndex: index, weightsBefore: [:], weightsAfter: [:], message: "entered \(stage)",
        actor: "crossfade", playbookSHA256: sha256)
    } + [rollback]

  private static func figures(_ requests: Int, _ errors: Int) -> RolloutStatus.Figures {
    .init(
      requests: requests, errors: errors, errorRate: Double(errors) / Double(requests), latencyP50: 820,
      latencyP95: 2310.5, latencyP99: 5120, ttftP95: 640, cost: 12.5,
      outcomes: ["ok": requests - errors, "failed": errors])
  }

  static let status = RolloutStatus(
    rollout: "openrouter-to-litellm", state: .running, stage: "canary-5", stageIndex: 3, stageCount: 8,
    weights: ["litellm": 0.05, "evolink": 0], since: noon, holdUntil: noon + .seconds(86_400), waitingFor: "hold",
    arms: [
      "openrouter": .init(live: figures(10_000, 40), shadow: .init(), dropped: 0),
      "litellm": .init(live: figures(500, 3), shadow: figures(9_000, 41), dropped: 12),
      "evolink": .init(live: figures(29, 9), shadow: .init(), dropped: 0),
    ],
    guards: [
      .init(
        metric: .errorRate, above: 0.02, ratioAbove: 1.5, candidate: "evolink", evidence: .infinity, threshold: 100,
        state: .breached, action: "rollback"),
      .init(
        metric: .errorRate, above: 0.02, ratioAbove: 1.5, candidate: "litellm", evidence: 0.4, threshold: 100,
        state: .undecided, action: "rollback"),
    ], lastDecision: rollback)
}
