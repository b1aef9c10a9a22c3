/// The report's figures as CSV, one a line, for spreadsheets: section, key, arm, population, metric, unit, value, note.

import RolloutJudge

extension RolloutReport {
  package var csv: String {
    var lines: [[String]] = [["section", "key", "arm", "population", "metric", "unit", "value", "note"]]
    for row in worksheet {
      for (cell, basis) in zip(row.cells, basis) {
        lines.append(
          [
            "worksheet", "", cell.arm, basis.population ?? "", row.id, row.unit.rawValue, Self.number(cell.value),
            cell.note ?? "",
          ])
      }
    }
    for layer in costStack {
      for (cell, basis) in zip(layer.cells, basis) {
        lines.append(
          [
            "cost_stack", layer.measured.rawValue, cell.arm, basis.population ?? "", layer.id, layer.unit.rawValue,
            Self.number(cell.value), cell.note ?? "",
          ])
      }
    }
    for bill in bills { lines += rows(of: bill) }
    for entry in figures { lines += rows("figures", "", entry.arm, entry.population, entry.figures) }
    for breakdown in breakdowns {
      for row in breakdown.rows { lines += rows(breakdown.by, row.value, row.arm, row.population, row.figures) }
    }
    for findings in comparisons {
      for kind in findings.kinds {
        lines.append(["differences", kind.kind, findings.candidate, "shadow", "pairs", "count", String(kind.pairs), ""])
      }
    }
    for field in inventory.fields {
      for treatment in field.treatments {
        lines.append(
          [
            "request_fields", "\(field.endpoint) \(field.field)", treatment.candidate, "live", "requests", "count",
            String(field.requests), "\(treatment.kind.rawValue): \(treatment.note)",
          ])
      }
    }
    for kept in inventory.keptAway {
      lines.append(
        ["kept_away", kept.reason, kept.candidate, "live", "requests", "count", String(kept.requests), ""])
    }
    for decision in decisions {
      lines.append(
        [
          "decisions", String(decision.seq), decision.candidate ?? "", "", decision.decision, "text",
          decision.at.rfc3339, decision.message,
        ])
    }
    return lines.map { $0.map(Self.field).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  private func rows(
    _ section: String, _ key: String, _ arm: String, _ population: String, _ list: FigureList
  ) -> [[String]] {
    list.figures.map { [section, key, arm, population, $0.id, $0.unit.rawValue, Self.number($0.value), ""] }
  }

  private func rows(of bill: ReportedBills) -> [[String]] {
    let figures: [(String, FigureUnit, Double?)] = [
      ("billed_answers", .count, Double(bill.compared)), ("billed", .dollars, bill.billed),
      ("streamed", .dollars, bill.streamed), ("drift", .share, bill.drift),
      ("differing_answers", .count, Double(bill.differing)), ("found_answers", .count, Double(bill.foundAnswers)),
      ("found", .dollars, bill.found), ("missing_answers", .count, Double(bill.missing)),
    ]
    return figures.map { ["billed", "", bill.arm, "", $0, $1.rawValue, Self.number($2), ""] }
  }

  private static func number(_ value: Double?) -> String { value.map(FigureFormat.plain) ?? "" }

  /// Quoted by RFC 4180, in lines that end as the shell's do; a text that a spreadsheet would take for a formula is given a
  /// quote before it, and what would steer a terminal is made visible.
  static func field(_ text: String) -> String {
    let text = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).plainText }
      .joined(separator: "\n")
    var safe = text
    if let first = text.first, "=+@\t".contains(first) || (first == "-" && Double(text) == nil) { safe = "'" + text }
    guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
    return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
