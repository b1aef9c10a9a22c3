/// A simulation's figures as a person reads them.

import Foundation
import RolloutJudge
import RolloutSimulation

struct SimulationTable {
  let report: SimulationReport

  init(_ report: SimulationReport) { self.report = report }

  var lines: [String] {
    var lines = [
      "\(report.rollout): \(FigureText.counted(report.runs, "imagined rollout")), "
        + "\(FigureText.counted(report.exchanges, "request")), seed \(report.seed)", "",
    ]
    lines += endings
    lines += [""] + promise
    if report.rolledBack > 0 { lines += [""] + rollbacks }
    if !report.modelsRolledBack.isEmpty { lines += [""] + models }
    lines += [""] + stages
    if !report.remarks.isEmpty { lines += [""] + report.remarks.map { "- \($0)" } }
    return lines
  }

  private var endings: [String] {
    let rows = [
      ("rolled back", report.rolledBack), ("completed", report.completed), ("paused", report.paused),
      ("undecided", report.undecided),
    ]
    return rows.map { name, count in
      let share = FigureText.rate(Double(count) / Double(max(1, report.runs)))
      return name.padded(20) + FigureText.count(count).leftPadded(9) + share.leftPadded(9)
    }
  }

  private var promise: [String] {
    guard let bound = report.falseRollbackBound else {
      return ["A threshold test promises nothing about false alarms; these rollouts are what there is to go by."]
    }
    return ["Promised: of candidates no worse than allowed at most \(FigureText.share(bound)) are rolled back."]
  }

  private var rollbacks: [String] {
    var lines = [
      "of those rolled back".padded(20) + "median".leftPadded(12) + "mean".leftPadded(12) + "p95".leftPadded(12)
    ]
    func add(_ name: String, _ spread: Spread?, _ text: (Double) -> String) {
      guard let spread else { return }
      let columns = [spread.median, spread.mean, spread.p95].map { text($0).leftPadded(12) }
      lines.append(name.padded(20) + columns.joined())
    }
    add("candidate requests", report.candidateRequests) { FigureText.count(Int($0.rounded())) }
    add("all requests", report.requests) { FigureText.count(Int($0.rounded())) }
    add("users affected", report.usersAffected) { String(format: "%.1f", $0) }
    add("time", report.secondsToRollback, Self.time)
    if let bound = report.waldBoundRequests {
      lines.append(
        "no test this sure, by every failure and every rescue, needs fewer candidate requests on average than \(Self.few(bound))"
      )
    }
    lines.append("because of".padded(20) + Self.tally(report.byMetric))
    lines.append("in stage".padded(20) + Self.tally(report.byStage))
    return lines
  }

  private var models: [String] {
    let rows = report.modelsRolledBack.sorted { ($1.value.runs, $0.key) < ($0.value.runs, $1.key) }
    let width = max(20, (rows.map(\.key.count).max() ?? 0) + 1)
    return ["model taken back".padded(width) + "runs".leftPadded(12) + "median time".leftPadded(14)]
      + rows.map { model, figures in
        model.plainText.padded(width) + FigureText.count(figures.runs).leftPadded(12)
          + (figures.seconds.map { Self.time($0.median) } ?? "-").leftPadded(14)
      }
  }

  private var stages: [String] {
    ["stage".padded(20) + "reached".leftPadded(12) + "mean time".leftPadded(12)]
      + report.stages.map { stage in
        stage.name.padded(max(20, stage.name.count + 1)) + FigureText.count(stage.runs).leftPadded(12)
          + (stage.meanSeconds.map(Self.time) ?? "-").leftPadded(12)
      }
  }

  private static func tally(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(FigureText.count($0.value))" }.joined(separator: ", ")
  }

  private static func few(_ value: Double) -> String {
    value < 20 ? String(format: "%.1f", value) : FigureText.count(Int(value.rounded()))
  }

  /// `0.3 s`, `42 s`, `6m 20s`, `2h 5m`, `1d 4h`.
  static func time(_ seconds: Double) -> String {
    if seconds < 100 { return FigureText.seconds(.seconds(seconds)) }
    let total = Int(seconds.rounded())
    if total < 3600 { return "\(total / 60)m \(total % 60)s" }
    if total < 86_400 { return "\(total / 3600)h \(total % 3600 / 60)m" }
    return "\(total / 86_400)d \(total % 86_400 / 3600)h"
  }
}
