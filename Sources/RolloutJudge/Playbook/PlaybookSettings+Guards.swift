/// The guards among a playbook's settings, each as one text; a playbook without any has none.

import Guards
import TrafficSplit

extension Playbook {
  func addGuards(to settings: inout [String: String]) {
    guard let guards else { return }
    if let guarded = guards.idempotency {
      let bounds = guarded.bounds
      settings["guards.idempotency"] =
        "\(guarded.header) for \(Wording.duration(guarded.window)), \(bounds.answers) answers, \(bounds.bytes) bytes, "
        + "\(bounds.joiners) joiners"
    }
    if let guarded = guards.duplicates {
      let match = guarded.match.map { $0.map { "\(name($0.attribute)) \($0.glob.pattern)" }.joined(separator: " and ") }
      settings["guards.duplicates"] = "\(Wording.duration(guarded.window)), \(match.isEmpty ? "all" : list(match))"
    }
    if let guarded = guards.retries {
      settings["guards.retries"] =
        "\(guarded.max) on \(words(guarded.on)), \(Wording.duration(guarded.backoff)), \(Wording.share(guarded.budget))"
    }
    if let guarded = guards.retryCap {
      settings["guards.retry_cap"] = "\(Wording.share(guarded.share)) per \(name(guarded.per))"
    }
    if let guarded = guards.queue {
      let inFlight = if case .fixed(let count) = guarded.inFlight { "\(count)" } else { "auto" }
      settings["guards.queue"] =
        "\(inFlight) in flight, \(guarded.waiting) waiting for \(Wording.duration(guarded.atMost)), by "
        + (guarded.fairBy.map(name) ?? "arrival")
    }
    if let guarded = guards.failover { settings["guards.failover"] = words(guarded.on) }
    if !guards.limits.isEmpty {
      let limits = guards.limits.map { limit in
        [
          limit.name, limit.dollarsPerDay.map { Wording.dollars($0) + "/day" }, limit.perMinute.map { "\($0)/minute" },
        ].compactMap(\.self).joined(separator: " ")
      }
      settings["guards.limits"] = shortened(list(limits), limits.count, "limits")
    }
  }

  private func words(_ triggers: Set<GuardTrigger>) -> String { list(triggers.map(\.rawValue).sorted()) }

  private func name(_ group: Group) -> String {
    switch group {
    case .caller: "caller"
    case .tag(let index): "tag.\(tags.indices.contains(index) ? tags[index].name : "?")"
    }
  }

  private func name(_ attribute: TrafficRule.Attribute) -> String {
    switch attribute {
    case .model: "model"
    case .path: "path"
    case .header(let name): "header.\(name)"
    case .body(let path): "body.\(path)"
    }
  }
}
