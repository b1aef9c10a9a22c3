/// What the guards have prevented, and what that took, as the report has it.

import Guards
import RolloutJudge

package struct ReportedGuard: Sendable, Encodable {
  package var name: String
  package var result: String
  package var value: Double
  package var unit: FigureUnit
  package var words: String
}

extension Accounts {
  /// Nil where no guard has done anything.
  var reportedGuards: [ReportedGuard]? {
    guard guards != GuardCounts() else { return nil }
    var rows = guards.rows(limits: limitNames).filter { $0.count > 0 }.map {
      ReportedGuard(name: $0.name, result: $0.result, value: $0.count, unit: .count, words: $0.words)
    }
    if guards.dollarsSaved > 0 {
      rows.append(
        ReportedGuard(
          name: "idempotency", result: "saved", value: guards.dollarsSaved, unit: .dollars,
          words: "not paid a second time, as far as answers told their cost"))
    }
    let waste = armNames.map { cost(arm: $0, .retry) }.reduce(0, +)
    if waste > 0 {
      rows.append(
        ReportedGuard(name: "retries", result: "cost", value: waste, unit: .dollars, words: "paid for retries"))
    }
    if guards.queued > 0 {
      rows.append(
        ReportedGuard(
          name: "queue", result: "mean_wait", value: guards.queueSeconds / Double(guards.queued) * 1000,
          unit: .milliseconds, words: "waited on average, which is no arm's latency"))
    }
    return rows
  }

  private func cost(arm: String, _ population: Population) -> Double {
    let cost = account(arm: arm, population).cost
    return cost.reported + cost.derived
  }
}

extension RolloutReport {
  var guardTable: TextTable {
    TextTable(
      columns: ["guard", "", "what it did"],
      rows: (guards ?? []).map { [$0.name, FigureFormat.text($0.value, $0.unit), $0.words] }, words: [0, 2])
  }
}
