/// What `/metrics` says of the traffic since the start: every attempt once, every failure that a client noticed.

import AdminServer
import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@testable import crossfade

@Suite struct TrafficTallyTests {
  private static let arms = ["stable", "challenger"].map {
    Arm(name: $0, vendor: "litellm", url: ArmURL(isTLS: false, host: "h", port: 1, basePath: ""))
  }

  private static func start(_ arm: ArmIndex, _ population: Population = .live) -> LedgerEntry {
    .started(
      AttemptStart(
        attempt: 1, exchange: 1, arm: arm, population: population, unit: 1, shares: [], at: Instant(nanoseconds: 0)))
  }

  private static func end(_ arm: ArmIndex, _ population: Population = .live, _ outcome: Outcome = .ok) -> LedgerEntry {
    .ended(
      AttemptEnd(
        attempt: 1, exchange: 1, arm: arm, population: population, outcome: outcome, at: Instant(nanoseconds: 1),
        latency: 300_000_000, ttft: nil, cost: nil, isRetry: false, isNormalFinish: true))
  }

  private static func value(
    _ entries: [LedgerEntry], _ name: String, _ arm: String, suffix: String = "", population: String? = nil
  ) -> Double? {
    var tally = TrafficTally()
    for entry in entries { tally.count(entry) }
    let family = tally.families(arms).first { $0.name == "crossfade_\(name)" }
    return family?.samples.first { sample in
      sample.suffix == suffix && sample.labels.contains { $0.value == arm }
        && (population == nil || sample.labels.contains { $0.value == population })
    }?.value
  }

  @Test("what has begun and not ended is under way, copies apart from what clients wait for") func inFlight() {
    let entries = [
      Self.start(.baseline), Self.start(.baseline), Self.end(.baseline), Self.start(.candidate(0), .shadow),
    ]
    #expect(Self.value(entries, "requests_in_flight", "stable", population: "live") == 1)
    #expect(Self.value(entries, "requests_in_flight", "challenger", population: "shadow") == 1)
    #expect(Self.value(entries, "requests_in_flight", "challenger", population: "live") == 0)
  }

  @Test("a rescued failure reached nobody; a failed rescue is the baseline's") func errors() {
    let rescued = [
      Self.start(.candidate(0)), Self.end(.candidate(0), .live, .failed),
      LedgerEntry.fellBack(.candidate(0), .failed, exchange: 1, at: Instant(nanoseconds: 1)),
    ]
    #expect(Self.value(rescued, "rescues_total", "challenger") == 1)
    #expect(Self.value(rescued, "client_errors_total", "challenger") == 0)
    let failed = rescued + [Self.start(.baseline, .rescue), Self.end(.baseline, .rescue, .failed)]
    #expect(Self.value(failed, "client_errors_total", "stable") == 1)
    #expect(Self.value(failed, "client_errors_total", "challenger") == 0)
    let copy = [Self.start(.candidate(0), .shadow), Self.end(.candidate(0), .shadow, .failed)]
    #expect(Self.value(copy, "client_errors_total", "challenger") == 0, "nobody saw a copy")
    let left = [Self.start(.baseline), Self.end(.baseline, .live, .clientGone)]
    #expect(Self.value(left, "client_errors_total", "stable") == 0)
  }

  @Test("only answers that were given have a duration") func durations() {
    let entries = [Self.start(.baseline), Self.end(.baseline), Self.end(.baseline, .live, .failed)]
    #expect(Self.value(entries, "request_duration_seconds", "stable", suffix: "_count") == 1)
    #expect(Self.value(entries, "request_duration_seconds", "stable", suffix: "_sum") == 0.3)
    #expect(Self.value(entries, "request_duration_seconds", "challenger", suffix: "_count") == 0)
  }

  @Test("every kind of decision is there before the first of its kind") func decisions() {
    let family = TrafficTally().families(Self.arms).first { $0.name == "crossfade_decisions_total" }
    #expect(family?.samples.count == Decision.Kind.allCases.count)
  }
}
