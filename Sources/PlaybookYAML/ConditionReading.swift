/// Reads `rollback_when` and `pause_when`, and says which conditions could never be judged.

import RolloutJudge
import Vendors

extension PlaybookReader {
  func conditions(_ key: String) -> [Condition] {
    lines(key).map { metric, node in
      Condition(
        metric: metric, above: limit(node["above"], metric.unit), ratioAbove: node["ratio_above"]?.number,
        below: limit(node["below"], metric.unit), ratioBelow: node["ratio_below"]?.number)
    }
  }

  /// A metric has one line, or a list of them.
  private func lines(_ key: String) -> [(metric: Metric, node: PlaybookNode)] {
    (root[key]?.entries ?? []).flatMap { entry -> [(Metric, PlaybookNode)] in
      guard let metric = Metric(rawValue: entry.key) else { return [] }
      return (entry.value.items.isEmpty ? [entry.value] : entry.value.items).map { (metric, $0) }
    }
  }

  private func limit(_ node: PlaybookNode?, _ unit: Metric.Unit) -> Double? {
    switch unit {
    case .share: node?.share
    case .milliseconds: node?.duration?.milliseconds
    case .dollars: node?.dollars
    case .tokensPerSecond, .score: node?.number
    }
  }

  mutating func checkConditions(_ playbook: Playbook) {
    let sendsLive = playbook.stages.contains { $0.weights.contains { $0 > 0 } }
    if playbook.rollbackWhen.isEmpty, sendsLive, root["rollback_when"] == nil {
      problems.warning(
        at: root, "nothing would take a candidate back", "say rollback_when: { error_rate: { above: 2% } }")
    }
    if let failures = root["test"]?["threshold"]?["failures"], (failures.count ?? 1) > 1,
      root["test"]?["threshold"]?["interval"] == nil
    {
      problems.error(at: failures, "without an interval every request is a look", "say interval: 1m")
    }
    checkScope(playbook)
    for key in ["rollback_when", "pause_when"] {
      for (metric, node) in lines(key) {
        checkCost(node, metric, playbook)
        checkMismatch(node, metric, playbook)
        if let ratio = node["ratio_above"], let value = ratio.number, value > 0, value < 1 {
          problems.warning(at: ratio, "below 1 the candidate must be better than the baseline", "say 1 or more")
        }
        if let ratio = node["ratio_below"], let value = ratio.number, value > 1 {
          problems.warning(at: ratio, "above 1 the candidate must be better than the baseline", "say 1 or less")
        }
      }
    }
  }

  /// A setting that nothing would ever follow is refused.
  private mutating func checkScope(_ playbook: Playbook) {
    guard playbook.rollbackScope == .model, let node = root["rollback"] else { return }
    if case .threshold = playbook.test {
      problems.error(
        at: node, "a threshold test does not look at models by themselves",
        "say test: sequential, or rollback: candidate")
    } else if !playbook.rollbackWhen.contains(where: \.metric.isOfModels) {
      problems.error(
        at: node, "no line of rollback_when looks at models by themselves",
        "say rollback_when: { error_rate: { above: 2% } }, or rollback: candidate")
    }
  }

  /// An unknown cost is never zero, so a condition on it waits for ever.
  private mutating func checkCost(_ node: PlaybookNode, _ metric: Metric, _ playbook: Playbook) {
    guard metric.unit == .dollars else { return }
    let nodes = [root["baseline"]] + (root["candidates"]?.items ?? []).map { $0 }
    for (arm, armNode) in zip([playbook.baseline] + playbook.candidates, nodes) {
      let isCompared = armNode?.path != "baseline" || node["ratio_above"] != nil
      guard isCompared, arm.prices.isEmpty, let profile = Vendor.named(arm.vendor), !profile.reportsCost
      else { continue }
      let label = armNode?["name"]?.shown ?? "the arm"
      problems.warning(at: node, "the cost of '\(label)' is unknown: its vendor reports none", "give it prices")
    }
  }

  private mutating func checkMismatch(_ node: PlaybookNode, _ metric: Metric, _ playbook: Playbook) {
    guard metric.isOfPairs else { return }
    if !playbook.stages.contains(where: { $0.shadow.contains { $0 > 0 } }) {
      problems.warning(at: node, "only shadowed answers are compared, and no stage has a shadow share")
    } else if node["ratio_above"] != nil, playbook.shadow.noise == 0 {
      problems.warning(
        at: node, "the baseline's own variation is not measured, so its ratio is never judged",
        "say shadow: { noise: 5% }")
    }
  }
}
