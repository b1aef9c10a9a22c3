/// The proxy's own counters, as `/metrics` shows them beside the rollout's.

import AdminServer
import MigrationReport
import RolloutJudge
import RolloutSteering
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  func metrics() async -> [MetricFamily] {
    func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
      MetricFamily(name: "crossfade_\(name)", help: help, kind: .counter, samples: [.init([:], Double(value))])
    }
    return tally.families([playbook.baseline] + playbook.candidates) + [
      MetricFamily(
        name: "crossfade_build_info", help: "The program; always 1.", kind: .gauge,
        samples: [.init(["version": Version.text], 1)]),
      upstreamsUp, budgetsLeft,
      counter("client_connections_total", "Client connections accepted.", counters.connectionsAccepted),
      counter("client_connections_refused_total", "Client connections over the limit.", counters.connectionsRefused),
      counter("proxied_requests_total", "Requests read from clients, on any path.", counters.requests),
      counter("malformed_requests_total", "Requests refused for their framing.", counters.requestsRefused),
      counter("local_answers_total", "Answers that Crossfade gave itself.", counters.localAnswers),
      counter("clients_gone_total", "Attempts whose client left early.", counters.clientsGone),
      counter("bodies_too_large_total", "Requests over max_body, passed to the baseline.", counters.bodiesTooLarge),
      counter(
        "bodies_not_kept_total", "Requests there was no room to keep, passed to the baseline.", counters.bodiesNotKept),
      armReplays,
      counter(
        "holds_outlasted_total", "Canaries passed on without a token after safety_net.at_most.", counters.holdsOutlasted
      ),
      counter(
        "holds_outgrown_total", "Canaries passed on since they outgrew safety_net.bytes.", counters.holdsOutgrown),
      counter("upstream_connects_total", "Connections opened to arms.", counters.upstreamConnections),
      counter(
        "upstream_connects_refused_total", "Attempts that found all allowed connections to their arm in use.",
        counters.upstreamConnectionsRefused),
      counter(
        "upstream_connects_unused_total", "Connections to one address of an arm that another had overtaken.",
        counters.upstreamConnectionsUnused),
      counter(
        "shortages_total", "Connections not opened or accepted for want of descriptors, ports or memory.",
        counters.shortages),
      counter(
        "idle_clients_closed_total", "Client connections closed between requests because others waited.",
        counters.idleClientsClosed),
      counter("unreadable_answers_total", "Answers whose content coding hid them.", counters.unreadableAnswers),
      counter(
        "answers_not_unpacked_total", "Answers that would unpack into more than is looked at.",
        counters.answersNotUnpacked),
      counter(
        "outcomes_malformed_total", "Values of x-crossfade-outcome-of that say nothing.", counters.outcomesMalformed),
      counter("outcomes_unknown_total", "Values of it that name no remembered exchange.", outcomesUnknown),
      MetricFamily(
        name: "crossfade_journal_available", help: "1 while decisions can be journaled.", kind: .gauge,
        samples: [.init([:], machine.outage == nil ? 1 : 0)]),
      shadowDrops, ineligibleRequests, reportedOutcomes,
    ] + guardMetrics + (comparison.map { comparisonMetrics($0.counts) } ?? [])
  }

  private var upstreamsUp: MetricFamily {
    let samples = ([playbook.baseline] + playbook.candidates).enumerated().map { number, arm in
      MetricFamily.Sample(["arm": arm.name], downSince[ArmIndex(rawValue: number)] == nil ? 1 : 0)
    }
    return MetricFamily(
      name: "crossfade_upstream_up", help: "1 while connections to the arm do not fail.", kind: .gauge, samples: samples
    )
  }

  /// Of the copies together, and of each budget of the playbook under its name.
  private var budgetsLeft: MetricFamily {
    let now = clock.now
    var samples = accounts.budgetsLeft(at: now).map { MetricFamily.Sample(["budget": $0.name], $0.left) }
    if let budget = playbook.shadow.dollarsPerDay {
      samples.insert(.init(["budget": "shadow"], max(0, budget - accounts.shadowSpend.spent(at: now))), at: 0)
    }
    return MetricFamily(
      name: "crossfade_budget_left_dollars", help: "What may still be spent today (UTC), USD.", kind: .gauge,
      samples: samples)
  }

  private var armReplays: MetricFamily {
    let counts = counters.replaysByArm
    let samples = ([playbook.baseline] + playbook.candidates).enumerated().map { number, arm in
      MetricFamily.Sample(["arm": arm.name], number < counts.count ? Double(counts[number]) : 0)
    }
    return MetricFamily(
      name: "crossfade_replays_total", help: "Kept connections that closed under a request, by arm.",
      kind: .counter, samples: samples)
  }

  private var shadowDrops: MetricFamily {
    let samples = dropped.map { key, count in
      MetricFamily.Sample(["arm": playbook.arm(key.arm).name, "reason": key.reason.rawValue], Double(count))
    }
    return MetricFamily(
      name: "crossfade_shadow_drops_total", help: "Copies that were not sent, by reason.", kind: .counter,
      samples: samples.sorted { "\($0.labels)" < "\($1.labels)" })
  }

  private var reportedOutcomes: MetricFamily {
    var samples: [MetricFamily.Sample] = []
    for (arm, counts) in exchanges.reported.sorted(by: { $0.key < $1.key }) {
      let name = playbook.arm(arm).name
      samples.append(.init(["arm": name, "success": "true"], Double(counts.successes)))
      samples.append(.init(["arm": name, "success": "false"], Double(counts.failures)))
    }
    return MetricFamily(
      name: "crossfade_reported_outcomes_total", help: "Outcomes that the application reported.", kind: .counter,
      samples: samples)
  }
}
