/// How soon a regression is noticed, as a table for people; the numbers come from the judge itself.

package import RolloutJudge
package import RolloutSimulation

/// A row for every condition, stage and candidate, in the order given; a column for every regression. Conditions that
/// nothing can be said of in advance are named below.
///
/// - Parameter rate: Requests a second that the times are for.
package func detectionLines(_ estimates: [DetectionEstimate], _ playbook: Playbook, rate: Double) -> [String] {
  guard playbook.test == .sequential else { return [] }
  return estimateLines(estimates, playbook, rate: rate) + untoldLines(playbook)
}

/// Lines about the metrics that do not go by attempts alone.
private func untoldLines(_ playbook: Playbook) -> [String] {
  var untold: [Metric] = []
  for metric in playbook.rollbackWhen.map(\.metric) where metric.isMean || metric == .tokensPerSecond {
    if !untold.contains(metric) { untold.append(metric) }
  }
  guard !untold.isEmpty else { return [] }
  let names = andList(untold.map(\.rawValue))
  return ["  not foretold: \(names), which go by how much answers and their costs vary"]
}

private func estimateLines(_ estimates: [DetectionEstimate], _ playbook: Playbook, rate: Double) -> [String] {
  guard !estimates.isEmpty else { return [] }
  var rows: [[String]] = []
  var labels: [String] = []
  for estimate in estimates {
    let candidate = playbook.candidates.count > 1 ? " \(estimate.candidate)" : ""
    let line = isOneOfSeveral(estimate, playbook) ? " (\(limits(estimate)))" : ""
    let label = "\(estimate.metric.rawValue)\(line) in \(estimate.stage)\(candidate)"
    if labels.last != label {
      labels.append(label)
      rows.append([label])
    }
    rows[rows.count - 1].append(cell(estimate))
  }
  let heads = ["", "at 1.5x its limit", "at 2x", "at 5x", "dead"]
  let table = aligned([heads] + rows)
  let ratios = estimates.compactMap { estimate in
    estimate.requests.flatMap { requests in estimate.leastRequests.map { requests / max($0, 1) } }
  }
  var lines = table.map { "  \($0)" }
  if let least = ratios.min(), let most = ratios.max() {
    lines.append(
      "  requests of the candidate, and the time at \(decimalText(rate, digits: 2))/s; \(decimalText(least, digits: 1)) to "
        + "\(decimalText(most, digits: 1)) times what any test needs that cries wolf as rarely as this one")
  }
  if estimates.contains(where: { $0.requests == nil }) {
    lines.append("  -: more than \(DetectionEstimate.limit) requests of the candidate, or never")
  }
  if !playbook.traffic.sticky.isEmpty {
    lines.append(
      "  each unit that fails counts once: where few of them send many requests, ask `crossfade simulate` with `units`")
  }
  return lines
}

private func isOneOfSeveral(_ estimate: DetectionEstimate, _ playbook: Playbook) -> Bool {
  playbook.rollbackWhen.count { $0.metric == estimate.metric } > 1
}

/// `2%, 1.5x`.
private func limits(_ estimate: DetectionEstimate) -> String {
  let unit = estimate.metric.unit
  let parts = [
    estimate.condition?.above.map { limitText($0, unit) }, estimate.condition?.below.map { limitText($0, unit) },
    estimate.condition?.ratioAbove.map { "\(decimalText($0, digits: 4))x" },
    estimate.condition?.ratioBelow.map { "\(decimalText($0, digits: 4))x" },
  ]
  return parts.compactMap(\.self).joined(separator: ", ")
}

private func cell(_ estimate: DetectionEstimate) -> String {
  guard let requests = estimate.requests, let seconds = estimate.seconds else { return "-" }
  let time = durationText(.seconds(Int64(max(1, min(seconds, 366 * 86400).rounded()))))
  return "\(Int(requests.rounded(.up))), \(time)"
}

/// The first column to the left, the others to the right.
private func aligned(_ rows: [[String]]) -> [String] {
  let widths = rows[0].indices.map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  return rows.map { row in
    row.enumerated().map { column, text in
      let space = String(repeating: " ", count: max(0, widths[column] - text.count))
      return column == 0 ? text + space : "  " + space + text
    }.joined()
  }
}
