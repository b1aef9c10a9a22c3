/// The status's line on what an arm has billed: beside what its answers told, and for those that told nothing.

import Foundation
import RolloutJudge

enum BillLine {
  /// - Returns: nil where there is nothing to say.
  static func line(_ arm: String, _ bills: Reconciliation) -> StyledLine? {
    var parts: [StyledLine] = []
    if let billed = bills.billed, let streamed = bills.streamed {
      var part = StyledLine("billed \(dollars(billed)) for \(FigureText.counted(bills.compared, "answer"))")
      part.append(" that told \(dollars(streamed))")
      if let drift = bills.drift {
        let text = (drift < 0 ? "" : "+") + FigureText.rate(drift)
        part.append(", \(text)", bills.differing > 0 ? .caution : .plain)
      }
      parts.append(part)
    }
    if let found = bills.found {
      let answers = FigureText.counted(bills.foundAnswers, "answer")
      parts.append(StyledLine("\(dollars(found)) for \(answers) that told no cost"))
    }
    if bills.missing > 0 { parts.append(StyledLine("no record of \(FigureText.count(bills.missing))", .dim)) }
    if let note = bills.note {
      parts.append(StyledLine(note, bills.state == .off || bills.state == .noKey ? .dim : .caution))
    }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(StyledLine("\(arm): ", .dim) + first) { $0 + StyledLine("; ", .dim) + $1 }
  }

  /// Two sums that differ by a few percent must not look the same.
  private static func dollars(_ value: Double) -> String {
    value < 0.1 ? String(format: "$%.6f", value) : FigureText.dollars(value)
  }
}
