/// The status as a screen of text: stage, weights, arms, evidence against threshold, the last decision.

import Foundation
import RolloutJudge

struct StatusScreen {
  let status: RolloutStatus
  let inColour: Bool

  init(_ status: RolloutStatus, inColour: Bool) {
    self.status = status
    self.inColour = inColour
  }

  var lines: [String] {
    var lines = [headline, ""]
    lines.append(
      "arm".padded(18) + "requests".leftPadded(10) + "errors".leftPadded(9) + "p95".leftPadded(10)
        + "ttft p95".leftPadded(10) + "cost".leftPadded(12))
    for (name, figures) in status.arms.sorted(by: { armOrder($0.key) < armOrder($1.key) }) {
      lines.append(row(name, figures.live))
      if figures.shadow.requests > 0 {
        lines.append(row("  in shadow", figures.shadow) + (figures.dropped > 0 ? "  \(figures.dropped) dropped" : ""))
      }
    }
    if !status.guards.isEmpty {
      lines += ["", "condition".padded(34) + "evidence".leftPadded(10) + "  against threshold"]
      lines += status.guards.map(guardLine)
    }
    if let last = status.lastDecision { lines += ["", "last: \(last.at.rfc3339) \(last.message)"] }
    return lines
  }

  private var headline: String {
    let weights = status.weights.sorted { $0.key < $1.key }.map { "\($0.key) \(percent($0.value))" }
    let place = "stage \(status.stage) (\(status.stageIndex + 1) of \(status.stageCount))"
    let waiting = status.waitingFor.map { ", waiting for \($0)" } ?? ""
    let state = paint(status.state.rawValue, status.state == .running ? "32" : "33")
    return "\(status.rollout): \(state), \(place)\(waiting); \(weights.joined(separator: ", "))"
  }

  /// The baseline has no weight of its own, and comes first.
  private func armOrder(_ name: String) -> String { status.weights[name] == nil ? "" : name }

  private func row(_ name: String, _ figures: RolloutStatus.Figures) -> String {
    name.padded(18) + String(figures.requests).leftPadded(10)
      + (figures.errorRate.map(percent) ?? "-").leftPadded(9) + milliseconds(figures.latencyP95).leftPadded(10)
      + milliseconds(figures.ttftP95).leftPadded(10)
      + (figures.cost.map { "$" + String(format: "%.4f", $0) } ?? "-").leftPadded(12)
  }

  private func guardLine(_ item: RolloutStatus.Guard) -> String {
    var limits: [String] = []
    if let above = item.above { limits.append("> \(value(above, of: item.metric))") }
    if let ratio = item.ratioAbove { limits.append("> \(String(format: "%g", ratio))x") }
    let name = "\(item.candidate) \(item.metric.rawValue) \(limits.joined(separator: " and "))"
    let state = item.state == .breached ? paint("breached", "31") : item.state.rawValue
    return name.padded(34) + String(format: "%.2f", item.evidence).leftPadded(10) + "  "
      + bar(item) + " " + String(format: "%g", item.threshold) + " \(state)"
  }

  /// On a logarithmic scale: half full is half way in the digits.
  private func bar(_ item: RolloutStatus.Guard) -> String {
    let width = 20
    let share = item.evidence <= 1 || item.threshold <= 1 ? 0 : log(item.evidence) / log(item.threshold)
    let full = min(width, max(0, Int(share * Double(width))))
    return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
  }

  private func value(_ limit: Double, of metric: Metric) -> String {
    switch metric.unit {
    case .share: percent(limit)
    case .milliseconds: milliseconds(limit)
    case .dollars: "$\(String(format: "%g", limit))"
    }
  }

  private func percent(_ share: Double) -> String { String(format: "%.4g%%", share * 100) }

  private func milliseconds(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value < 1000 ? String(format: "%.0f ms", value) : String(format: "%.2f s", value / 1000)
  }

  private func paint(_ text: String, _ code: String) -> String {
    inColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
