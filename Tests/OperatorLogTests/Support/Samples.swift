/// One event of every kind, with all of its optional fields and with none.

import Dialects
import OperatorLog
import RolloutJudge

enum Samples {
  static let noon = Instant(rfc3339: "2026-11-22T12:00:00.123Z")!
  static let sha256 = String(repeating: "5e", count: 32)

  static let rollback = Decision(
    seq: 17, at: noon, decision: .rollback, rollout: "openrouter-to-litellm", stage: "canary-5", stageIndex: 3,
    candidate: "litellm", metric: .errorRate, condition: .init(above: 0.02, ratioAbove: 1.5),
    weightsBefore: ["litellm": 0.05], weightsAfter: ["litellm": 0],
    evidence: Evidence(
      test: "sequential", eValue: 131.2, threshold: 100, candidate: .init(n: 29, bad: 9),
      baseline: .init(n: 551, bad: 4), since: Instant(rfc3339: "2026-11-21T09:30:00Z")!, parts: ["ratio": 131.2]),
    message: "rolled back litellm: error_rate 31.0% of 29 requests, allowed 2.0%", actor: "crossfade",
    playbookSHA256: sha256)

  static func decision(_ kind: Decision.Kind) -> Decision {
    Decision(
      seq: 1, at: noon, decision: kind, rollout: "r", stage: "baseline", stageIndex: 0, weightsBefore: [:],
      weightsAfter: [:], message: "m", reason: "because", actor: "ops", playbookSHA256: sha256)
  }

  static var proven: Decision {
    var decision = decision(.advance)
    decision.proofs = [
      Proof(
        candidate: "litellm", metric: .errorRate, condition: .init(above: 0.02, ratioAbove: 1.5), test: "ratio",
        population: "shadow", eValue: 210.5, threshold: 200,
        basis: EvidenceBasis(
          r0: 1.5, starts: [.init(start: 1, shares: [.init(share: 0.5, candidate: 3, baseline: 40)])]))
    ]
    return decision
  }

  static let events: [OperatorEvent] =
    [
      .decision(rollback),
      .command("pause", actor: "ops", reason: "lunch", refusal: nil),
      .command("promote", actor: "ops", reason: nil, refusal: "the rollout is paused"),
      .restored(.init(rollout: "r", state: .rolledBack, stage: "canary", weights: ["litellm": 0], seq: 3)),
      .configChanged(playbook: "playbook.yaml", sha256: sha256, before: sha256),
      .configChanged(playbook: "playbook.yaml", sha256: sha256, before: nil),
      .exchange(
        .init(
          id: "x1", arm: "litellm", population: .live, outcome: .ok, path: "/v1/chat/completions", model: "claude-opus",
          status: 200, latency: .milliseconds(1234), ttft: .microseconds(250_500), cost: 0.0125)),
      .exchange(.init(id: "x2", arm: "litellm", population: .shadow, outcome: .failed)),
      .fallback(id: "x3", candidate: "litellm", outcome: .timeout, status: nil),
      .fallback(id: "x4", candidate: "litellm", outcome: .failed, status: 502),
      .shadowDropped(candidate: "litellm", reason: .inFlight, count: 12),
      .budgetSpent(candidate: nil, spent: 25.004, budget: 25, resumesAt: noon),
      .budgetSpent(candidate: "litellm", spent: 25, budget: 25, resumesAt: noon),
      .armBudgetSpent(candidate: "litellm", tag: "team=search", spent: 0.50042, budget: 0.5, resumesAt: noon),
      .upstreamDown(arm: "litellm", host: "127.0.0.1", port: 4000, cause: .protocolError, failures: 3),
      .upstreamUp(arm: "litellm", host: "127.0.0.1", port: 4000, downFor: .milliseconds(1500)),
      .armAsked(arm: "litellm", host: "127.0.0.1", port: 4000, result: "wrong_key", message: "litellm refuses its key"),
      .limitReached(name: "connections", allowed: 1024, count: 1),
      .modelUnmapped(candidate: "litellm", model: "openai/gpt-9"),
      .limitsFitted(
        FittedLimits(
          descriptors: 256, reserve: 48, clients: .init(allowed: 63, asked: 10_256),
          upstreams: .init(allowed: 64, asked: 20_000), copies: .init(allowed: 31, asked: 128))),
      .journalFailed(error: "disk I/O error"), .journalRecovered(after: .seconds(3)),
      .webhookFailed(to: "webhook", seq: 4, attempts: 3, status: 503, error: nil),
      .webhookFailed(to: "slack", seq: 4, attempts: 1, status: nil, error: "refused"),
      .listening(.proxy, host: "127.0.0.1", port: 8787), .listening(.admin, host: "127.0.0.1", port: 8788),
      .configChanged(
        playbook: "playbook.yaml", sha256: sha256, before: nil, changes: ["stages.canary.hold: 1h → 2h"]),
      .configRefused(playbook: "playbook.yaml", problems: ["playbook.yaml:3:1: error: no stages"]),
      .draining(open: 2, limit: .seconds(30)), .stopped(cutOff: 0), .stopped(cutOff: 1),
      .decision(proven),
    ] + Decision.Kind.allCases.map { .decision(decision($0)) }
}
