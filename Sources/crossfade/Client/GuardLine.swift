/// One condition on a screen: what the candidate must not do, and how near the evidence is to saying that it does.

import Foundation
import RolloutJudge

struct GuardLine {
  let item: RolloutStatus.Guard
  /// Whether the candidate is named, where there are several.
  var namesCandidate = true
  var glyphs = Glyphs.unicode
  private static let barWidth = 14

  /// A heading and a line for each condition, in columns.
  static func table(_ items: [RolloutStatus.Guard], glyphs: Glyphs = .unicode) -> [StyledLine] {
    let namesCandidate = Set(items.map(\.candidate)).count > 1
    let guards = items.map { GuardLine(item: $0, namesCandidate: namesCandidate, glyphs: glyphs) }
    let width = max(30, guards.map(\.name.count).max() ?? 0) + 2
    let heading = "condition".padded(width) + "evidence".padded(barWidth) + "     now" + "  needed"
    return [StyledLine(heading, .dim)] + guards.map { $0.line(nameWidth: width) }
  }

  private func line(nameWidth: Int) -> StyledLine {
    var line = StyledLine(name.padded(nameWidth))
    line.append(glyphs.bar(fullness, width: Self.barWidth), style)
    line.append(FigureText.evidence(item.evidence).leftPadded(8), item.state == .breached ? .bad : .plain)
    line.append(FigureText.evidence(item.threshold).leftPadded(8), .dim)
    switch item.state {
    case .breached: line.append("  breached", .bad)
    case .passed: line.append("  not worse", .good)
    case .undecided: break
    }
    return line
  }

  private var name: String {
    var limits: [String] = []
    if let above = item.above { limits.append("> \(FigureText.limit(above, of: item.metric))") }
    if let ratio = item.ratioAbove { limits.append("> \(String(format: "%g", ratio))\(glyphs.times)") }
    if let below = item.below { limits.append("< \(FigureText.limit(below, of: item.metric))") }
    if let ratio = item.ratioBelow { limits.append("< \(String(format: "%g", ratio))\(glyphs.times)") }
    return "\(namesCandidate ? item.candidate + " " : "")\(item.metric.rawValue) \(limits.joined(separator: " and "))"
  }

  private var style: Style {
    if item.state == .breached { return .bad }
    return fullness >= 0.5 ? .caution : .good
  }

  /// For e-values on a logarithmic scale: half full is half way in the digits. 0…1.
  var fullness: Double {
    if item.state == .breached { return 1 }
    guard item.threshold > 1 else { return item.threshold > 0 ? min(1, max(0, item.evidence / item.threshold)) : 0 }
    return item.evidence <= 1 ? 0 : min(1, log(item.evidence) / log(item.threshold))
  }
}
