/// A playbook's settings one by one, as text: what the journal keeps of it, so that a later start can tell what has changed.

import Dialects
import TrafficSplit
import Vendors

extension Playbook {
  /// By path, such as `stages.canary.hold`. Nothing that may be secret is among them: a setting has to be listed here to be told.
  var settings: [String: String] {
    var settings = [
      "confidence": Wording.share(confidence), "test": test.text, "stages": stages.map(\.name).joined(separator: ", "),
      "traffic.max_body": "\(traffic.maxBodyBytes) bytes", "traffic.override": "\(traffic.allowsOverride)",
      "traffic.fallback": traffic.fallback.map(\.rawValue).sorted().joined(separator: ", "),
      "rollback": rollbackScope.rawValue, "own_mistakes": ownMistakes.rawValue,
      "traffic.safety_net.until": traffic.safetyNet.until.rawValue,
      "traffic.safety_net.at_most": Wording.duration(traffic.safetyNet.atMost),
      "traffic.safety_net.bytes": "\(traffic.safetyNet.bytes) bytes",
      "shadow.max_in_flight": "\(shadow.maxInFlight)", "shadow.noise": Wording.share(shadow.noise),
      "shadow.endpoints": shadow.endpoints.map { list($0.map(\.rawValue)) } ?? "all",
      "shadow.budget": shadow.dollarsPerDay.map { Wording.dollars($0) + "/day" } ?? "none",
      "traffic.timeouts.connect": Wording.duration(traffic.timeouts.connect),
      "traffic.timeouts.first_byte": Wording.duration(traffic.timeouts.firstByte),
      "traffic.timeouts.idle": Wording.duration(traffic.timeouts.idle),
      "traffic.timeouts.total": Wording.duration(traffic.timeouts.total),
    ]
    add(baseline, at: "baseline", to: &settings)
    for arm in candidates {
      add(arm, at: "candidates.\(arm.name)", to: &settings)
      settings["candidates.\(arm.name).models"] = arm.models.text
      add(arm.outgoing, of: arm, at: "candidates.\(arm.name)", to: &settings)
    }
    for (path, conditions) in [("rollback_when", rollbackWhen), ("pause_when", pauseWhen)] {
      for condition in conditions {
        let path = "\(path).\(condition.metric.rawValue)"
        settings[path] = (settings[path].map { $0 + "; " } ?? "") + condition.text
      }
    }
    for stage in stages { add(stage, to: &settings) }
    addTraffic(to: &settings)
    addComparison(to: &settings)
    return settings
  }

  private func add(_ arm: Arm, at path: String, to settings: inout [String: String]) {
    settings["\(path).url"] = arm.url.description
    settings["\(path).vendor"] = arm.vendor
    if let proxy = arm.proxy { settings["\(path).proxy"] = proxy.authority }
    addTable(of: arm, at: path, to: &settings)
  }

  /// Names only: what a header holds may be secret.
  private func add(_ policy: OutgoingPolicy, of arm: Arm, at path: String, to settings: inout [String: String]) {
    if let jobs = policy.jobs { settings["\(path).media_url"] = jobs.url.description }
    settings["\(path).routes"] = list(
      policy.translations.map { "\($0.key.rawValue): \($0.value.rawValue)" }.sorted())
    settings["\(path).keeps"] = list(policy.eligibility.keeps.map(\.rawValue))
    settings["\(path).fields.drop"] = list(arm.dropFields)
    settings["\(path).fields.keep"] = list(policy.keptFields)
    settings["\(path).fields.rename"] = list(policy.renames.map { "\($0.from) as \($0.to)" })
    for fields in policy.byModel {
      let renames = fields.renames.map { "\($0.from) as \($0.to)" }
      settings["\(path).fields.for.\(fields.models.pattern)"] =
        "drop \(list(fields.drop)); rename \(list(renames))"
    }
    settings["\(path).pass_headers"] = list(policy.headers)
    settings["\(path).pass_query"] = list(policy.query)
  }

  private func add(_ stage: Stage, to settings: inout [String: String]) {
    func shares(_ shares: [Double]) -> String {
      let given = zip(candidates, shares).filter { $1 > 0 }.map { "\($0.name) \(Wording.share($1))" }
      return given.isEmpty ? "none" : given.joined(separator: ", ")
    }
    let path = "stages.\(stage.name)"
    settings["\(path).weight"] = shares(stage.weights)
    settings["\(path).shadow"] = shares(stage.shadow)
    settings["\(path).hold"] = Wording.duration(stage.hold)
    settings["\(path).min_samples"] = "\(stage.minSamples)"
    settings["\(path).min_rate"] = stage.minRate.map(Wording.share) ?? "none"
    settings["\(path).advance"] = stage.advance.rawValue
    settings["\(path).max_hold"] = stage.maxHold.map(Wording.duration) ?? "none"
    settings["\(path).approval"] = "\(stage.needsApproval)"
    settings["\(path).holdback"] = Wording.share(stage.holdback)
  }
}

extension TestKind {
  fileprivate var text: String {
    switch self {
    case .sequential: "sequential"
    case .threshold(let rule):
      "threshold over \(Wording.duration(rule.window)), \(rule.minSamples) samples"
        + (rule.interval.map { ", every \(Wording.duration($0))" } ?? "")
        + (rule.failures > 1 ? ", \(rule.failures) failures" : "")
        + (rule.initialDelay > .zero ? ", after \(Wording.duration(rule.initialDelay))" : "")
    }
  }
}

extension Condition {
  fileprivate var text: String {
    limits.map {
      $0.kind.isRatio ? "\($0.kind.rawValue) \(Wording.ratio($0.value))" : "\($0.kind.rawValue) \($0.value)"
    }
    .joined(separator: ", ")
  }
}

extension ModelMap {
  fileprivate var text: String {
    shortened(lines.map { "\($0.from.pattern) -> \($0.to)" }.joined(separator: ", "), lines.count, "lines")
  }
}

/// What another playbook changes of the one that the journal ends with.
struct PlaybookChange: Sendable, Equatable {
  /// In words, in the order of their paths.
  var changed: [String] = []
  /// Candidates that have another address, vendor or model map under their old name.
  var renewed: [String] = []
  /// Who asked for it.
  var actor = "crossfade"

  init() {}

  /// - Parameter before: `Playbook.settings` of the one before; nil: not known, as in older journals.
  init(from before: [String: String]?, to playbook: Playbook) {
    guard let before else { return }
    let after = playbook.settings
    // Older journals know fewer settings; what they do not name need not have changed.
    let isOlder = before["traffic.sticky"] == nil
    for path in Set(before.keys).union(after.keys).sorted() where before[path] != after[path] {
      let isNew = path.hasPrefix("candidates.") || path.hasPrefix("stages.")
      guard before[path] != nil || isNew || !isOlder else { continue }
      let parts = [before[path], after[path]].map { $0 ?? "none" }
      changed.append("\(path): \(parts[0]) → \(parts[1])")
    }
    renewed = playbook.candidates.map(\.name).filter { name in
      ["url", "vendor", "models"].map { "candidates.\(name).\($0)" }.contains { path in
        before[path] != nil && before[path] != after[path]
      }
    }
  }
}
