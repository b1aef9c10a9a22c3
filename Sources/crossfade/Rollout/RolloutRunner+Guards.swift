/// What the guards did, for the log, `/metrics`, `/status` and the report.

import AdminServer
import Guards
import MigrationReport
import RolloutJudge
import SidecarProxy

extension RolloutRunner {
  func noteGuards(_ counts: GuardCounts) {
    accounts.guards += counts
    guard let guards = playbook.guards else { return }
    // What is answered here in an arm's place must not go unnoticed: one line a second of each.
    bites.note(
      "guards.retry_cap, repeats in percent,", allowed: Int((guards.retryCap?.share ?? 0) * 100), count: counts.capped)
    bites.note(
      "guards.queue, waiting,", allowed: guards.queue?.waiting ?? 0, count: counts.queueFull + counts.queueOverdue)
    bites.note(
      "guards.idempotency, joiners,", allowed: guards.idempotency?.bounds.joiners ?? 0, count: counts.joinersRefused)
    bites.note(
      "guards.retries, budget in percent,", allowed: Int((guards.retries?.budget ?? 0) * 100),
      count: counts.retriesUnaffordable)
    for (limit, count) in counts.limited.enumerated() where guards.limits.indices.contains(limit) {
      let limit = guards.limits[limit]
      bites.note("guards.limits \(limit.name), a minute or a day,", allowed: limit.perMinute ?? 0, count: count)
    }
  }

  private var guardRows: [GuardRow] { counters.guards.rows(limits: playbook.guards?.limits.map(\.name) ?? []) }

  /// Nothing without guards.
  var guardMetrics: [MetricFamily] {
    guard playbook.guards != nil else { return [] }
    return [
      MetricFamily(
        name: "crossfade_guard_requests_total", help: "Requests that a guard acted on, by guard and result.",
        kind: .counter, samples: guardRows.map { .init(["guard": $0.name, "result": $0.result], $0.count) }),
      MetricFamily(
        name: "crossfade_guard_saved_dollars_total", help: "USD not paid again for answers that were shared.",
        kind: .counter, samples: [.init([:], counters.guards.dollarsSaved)]),
      MetricFamily(
        name: "crossfade_guard_wait_seconds_total", help: "Time that requests waited in guards.queue.", kind: .counter,
        samples: [.init([:], counters.guards.queueSeconds)]),
    ]
  }

  var guardCounts: [String: [String: Double]]? {
    guard playbook.guards != nil else { return nil }
    var counts: [String: [String: Double]] = [:]
    for row in guardRows { counts[row.name, default: [:]][row.result] = row.count }
    counts["idempotency"]?["saved_dollars"] = counters.guards.dollarsSaved
    counts["queue"]?["waited_seconds"] = counters.guards.queueSeconds
    return counts
  }
}
