/// The status as a screen of text: stage, weights, arms, evidence against what is needed, the last decision.

import Foundation
import RolloutJudge

struct StatusScreen {
  let status: RolloutStatus
  let inColour: Bool
  var glyphs = Glyphs.unicode

  init(_ status: RolloutStatus, inColour: Bool) {
    self.status = status
    self.inColour = inColour
  }

  var lines: [String] { styledLines.map { $0.text(inColour: inColour) } }

  private var styledLines: [StyledLine] {
    var lines = [headline, place, StyledLine(), heading]
    for (name, figures) in status.arms.sorted(by: { armOrder($0.key) < armOrder($1.key) }) {
      lines.append(row(name, weight: status.weights[name], figures.live))
      if figures.shadow.requests > 0 || figures.dropped > 0 {
        var shadow = row("  in shadow", weight: nil, figures.shadow)
        if figures.dropped > 0 { shadow.append("  \(FigureText.count(figures.dropped)) dropped", .caution) }
        lines.append(shadow)
      }
    }
    if !status.guards.isEmpty { lines += [StyledLine()] + GuardLine.table(status.guards, glyphs: glyphs) }
    if let last = status.lastDecision {
      lines += [StyledLine(), StyledLine("last  ", .dim) + StyledLine(last.message)]
      lines.append(StyledLine("      \(last.at.rfc3339)", .dim))
    }
    return lines
  }

  private var headline: StyledLine {
    var line = StyledLine(status.rollout, .bold)
    line.append("  ")
    line.append(status.state.rawValue.replacing("_", with: " "), stateStyle)
    return line
  }

  private var stateStyle: Style {
    switch status.state {
    case .running, .completed: .good
    case .paused: .caution
    case .rolledBack, .aborted: .bad
    }
  }

  private var place: StyledLine {
    var line = StyledLine("stage \(status.stage) (\(status.stageIndex + 1) of \(status.stageCount))")
    line.append(" since \(status.since.rfc3339.prefix(19))Z")
    if let reason = status.waitingFor { line.append(", waiting for \(reason.replacing("_", with: " "))", .caution) }
    return line
  }

  /// The baseline has no weight of its own, and comes first.
  private func armOrder(_ name: String) -> String { status.weights[name] == nil ? "" : name }

  private var heading: StyledLine {
    StyledLine(
      "arm".padded(18) + "weight".leftPadded(8) + "requests".leftPadded(11) + "errors".leftPadded(9)
        + "p95".leftPadded(10) + "ttft p95".leftPadded(10) + "cost".leftPadded(12), .dim)
  }

  private func row(_ name: String, weight: Double?, _ figures: RolloutStatus.Figures) -> StyledLine {
    var line = StyledLine(name.padded(18))
    line.append((weight.map(FigureText.share) ?? "").leftPadded(8), .bold)
    line.append(FigureText.count(figures.requests).leftPadded(11))
    line.append(FigureText.rate(figures.errorRate).leftPadded(9), figures.errors > 0 ? .caution : .plain)
    line.append(FigureText.milliseconds(figures.latencyP95).leftPadded(10))
    line.append(FigureText.milliseconds(figures.ttftP95).leftPadded(10))
    line.append(FigureText.dollars(figures.cost).leftPadded(12))
    return line
  }
}
