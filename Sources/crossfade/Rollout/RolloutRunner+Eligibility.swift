/// Which requests stay away from the candidates, and why: for the log, `/metrics` and `/status`.

import AdminServer
import MigrationReport
import OperatorLog
import RolloutJudge
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  /// A model that no line matches is told once: its traffic looks like none to whoever waits for it.
  func noteTurnedAway(_ batch: TurnedAway) {
    guard !batch.isEmpty else { return }
    for (key, count) in batch.counts { accounts.keptAway(.candidate(key.candidate), key.reason, count) }
    for model in turnedAway.add(batch) {
      log.emit(.modelUnmapped(candidate: playbook.candidates[model.candidate].name, model: model.name))
    }
  }

  var ineligibleRequests: MetricFamily {
    let samples = turnedAway.counts.map { key, count in
      MetricFamily.Sample(
        ["candidate": playbook.candidates[key.candidate].name, "reason": key.reason.rawValue], Double(count))
    }
    return MetricFamily(
      name: "crossfade_ineligible_total", help: "Requests that stayed away from a candidate, by reason.",
      kind: .counter, samples: samples.sorted { "\($0.labels)" < "\($1.labels)" })
  }

  /// The judge's view with what it does not see: the requests that never came to it.
  func status(_ status: RolloutStatus) -> RolloutStatus {
    var status = status
    var reasons: [String: [String: Int]] = [:]
    for (key, count) in turnedAway.counts {
      reasons[playbook.candidates[key.candidate].name, default: [:]][key.reason.rawValue] = count
    }
    var models: [String: [String: Int]] = [:]
    for (model, count) in turnedAway.models {
      models[playbook.candidates[model.candidate].name, default: [:]][model.name] = count
    }
    status.ineligible = reasons
    status.unmappedModels = models
    status.guardCounts = guardCounts
    return status
  }
}
