/// The figures of status, and how they are written.

import Dialects
import Foundation
@testable import RolloutJudge
import Testing
import TrafficSplit

@Suite("RolloutStatus")
struct RolloutStatusTests {
  static func status() -> RolloutStatus {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5, shadow: 0.5)], rollback: [Condition(metric: .errorRate, above: 0.5)]))
    for index in 1...100 {
      rig.end(rig.start(.litellm), after: .milliseconds(index * 10), ttft: .milliseconds(index), cost: 0.25)
    }
    rig.end(rig.start(.litellm), .timeout, after: .seconds(60))
    rig.end(rig.start(.litellm), .clientGone, after: .seconds(3))
    rig.pair(.ok, .empty)
    rig.judge.record(.shadowDropped(.litellm, .inFlight, at: rig.now))
    return rig.judge.status(at: rig.now)
  }

  @Test("counts outcomes, errors over judged attempts, latency of ok only, known costs")
  func figures() throws {
    let arm = try #require(Self.status().arms["litellm"])
    #expect(arm.live.requests == 102 && arm.live.errors == 1)
    #expect(arm.live.errorRate == 1.0 / 101)
    #expect(arm.live.outcomes == ["ok": 100, "timeout": 1, "client_gone": 1])
    #expect(arm.live.cost == 25)
    let p95 = try #require(arm.live.latencyP95)
    #expect(abs(p95 - 950) <= 9.5)
    let ttft = try #require(arm.live.ttftP95)
    #expect(abs(ttft - 95) <= 0.95)
    #expect(arm.shadow.requests == 1 && arm.shadow.errorRate == 1 && arm.shadow.latencyP50 == nil && arm.dropped == 1)
  }

  @Test("an arm's live figures are flat, the shadow's beside them, every key present")
  func keys() throws {
    let data = try JSONEncoder().encode(Self.status())
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(root.keys) == [
        "rollout", "state", "stage", "stage_index", "stage_count", "weights", "since", "hold_until", "waiting_for",
        "arms",
        "guards", "last_decision", "candidates", "ineligible", "unmapped_models", "other_models", "models",
      ])
    // Those of the guards are there where the playbook has guards.
    #expect(
      Set(root.keys).union(["guard_counts"]) == Set(RolloutStatus.CodingKeys.allCases.map(\.rawValue)),
      "what can be read is written")
    let arms = try #require(root["arms"] as? [String: [String: Any]])
    let figures: Set = [
      "requests", "errors", "error_rate", "latency_p50", "latency_p95", "latency_p99", "ttft_p95", "cost", "pictures",
      "videos", "jobs", "outcomes",
    ]
    #expect(Set(arms["litellm"]!.keys) == figures.union(["shadow"]))
    let shadow = try #require(arms["litellm"]?["shadow"] as? [String: Any])
    #expect(Set(shadow.keys) == figures.union(["dropped"]))
    #expect(shadow["latency_p50"] is NSNull && shadow["dropped"] as? Int == 1)
    let guards = try #require(root["guards"] as? [[String: Any]])
    #expect(
      Set(guards[0].keys) == [
        "metric", "above", "ratio_above", "candidate", "evidence", "threshold", "state", "action",
      ])
  }

  @Test("survives being written and read")
  func roundTrip() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(Self.status())
    let again = try encoder.encode(JSONDecoder().decode(RolloutStatus.self, from: data))
    #expect(data == again)
  }
}
