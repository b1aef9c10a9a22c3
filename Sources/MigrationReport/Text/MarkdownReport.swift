/// The report as Markdown: for a pull request, a wiki, a terminal.

import RolloutJudge

extension RolloutReport {
  package var markdown: String {
    var page: [String] = ["# Migration report: \(Self.escaped(rollout))", head]
    page += ["## Verdict"] + verdicts.map { "**\(Self.escaped($0.candidate))**: \(Self.escaped($0.text))" }
    page += ["## Worksheet", Self.markdown(worksheetTable), basisLines]
    page += ["## Cost stack", Self.markdown(costTable), costLines]
    if !bills.isEmpty { page += ["## Billed", Self.markdown(billTable), Self.billsExplanation] }
    page += ["## Figures"] + figureTables.map(Self.markdown)
    if !outcomeTable.rows.isEmpty { page.append(Self.markdown(outcomeTable)) }
    for breakdown in breakdowns {
      page += ["### By \(Self.escaped(breakdown.by))", Self.markdown(table(of: breakdown))]
    }
    page.append("## Answers compared")
    for findings in comparisons {
      page += ["**\(Self.escaped(findings.candidate))**: \(Self.escaped(summary(of: findings)))"]
      if !findings.kinds.isEmpty { page.append(Self.markdown(table(of: findings))) }
    }
    if comparisons.isEmpty { page.append("No answers were compared.") }
    if !otherModels.isEmpty { page += ["## Other models than asked for", Self.markdown(otherModelTable)] }
    if guards != nil { page += ["## Guards", Self.markdown(guardTable)] }
    page += compatibility
    page += ["## Decisions", decisions.isEmpty ? "None yet." : Self.markdown(decisionTable)]
    page += ["## Not measured", notMeasured.map { "- \(Self.escaped($0))" }.joined(separator: "\n")]
    return page.joined(separator: "\n\n") + "\n"
  }

  private var head: String {
    var parts = ["State: \(state.rawValue), stage \(Self.escaped(stage))"]
    if let startedAt { parts.append("since \(Self.minute(startedAt))") }
    if let figuresAt { parts.append("figures as of \(Self.minute(figuresAt))") }
    if !playbookSHA256.isEmpty { parts.append("playbook `\(playbookSHA256.prefix(12))`") }
    return parts.joined(separator: "; ") + "."
  }

  private var compatibility: [String] {
    var parts = ["## Compatibility"]
    if !fieldTable.rows.isEmpty { parts.append(Self.markdown(fieldTable)) }
    if !lostTable.rows.isEmpty { parts.append(Self.markdown(lostTable)) }
    if !unmappedTable.rows.isEmpty { parts.append(Self.markdown(unmappedTable)) }
    if !keptAwayTable.rows.isEmpty { parts.append(Self.markdown(keptAwayTable)) }
    return parts.count > 1 ? parts : parts + ["No request has been read yet."]
  }

  var worksheetTable: TextTable {
    TextTable(
      columns: [""] + arms.map(\.name),
      rows: worksheet.map { row in
        [row.label]
          + row.cells.map { cell in
            let text = FigureFormat.text(cell.value, row.unit)
            return cell.note.map { $0.isEmpty ? text : "\(text) (\($0))" } ?? text
          }
      }, words: Set(0...arms.count))
  }

  var otherModelTable: TextTable {
    TextTable(
      columns: ["arm", "asked for", "answered", "attempts"],
      rows: otherModels.map { [$0.arm, $0.asked, $0.served, String($0.attempts)] }, words: [0, 1, 2])
  }

  private var basisLines: String {
    basis.map { "- \(Self.escaped($0.arm)): \(Self.escaped(basisText($0)))" }.joined(separator: "\n")
  }

  var costTable: TextTable {
    TextTable(
      columns: ["Layer", "measured"] + arms.map(\.name),
      rows: costStack.map { layer in
        [layer.label, layer.measured.rawValue]
          + layer.cells.map { cell in
            let text = FigureFormat.text(cell.value, layer.unit)
            return cell.note.map { $0.isEmpty ? text : "\(text) (\($0))" } ?? text
          }
      }, words: Set(0...arms.count + 1))
  }

  private var costLines: String {
    costStack.map { "- \($0.label): \(Self.escaped($0.explanation))" }.joined(separator: "\n")
  }

  static func markdown(_ table: TextTable) -> String {
    let rule = table.columns.indices.map { table.words.contains($0) ? "---" : "---:" }
    return ([table.columns.map(escaped), rule] + table.rows.map { $0.map(escaped) })
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// Names and messages are others' words: they must not become markup, nor end a table's cell.
  static func escaped(_ text: String) -> String {
    var safe = ""
    for character in String(text.map { $0.isNewline ? " " : $0 }).plainText {
      switch character {
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "&": safe += "&amp;"
      default:
        if "\\`*_[]|#~".contains(character) { safe.append("\\") }
        safe.append(character)
      }
    }
    return safe
  }
}
