/// Compared pairs as a table: one line each, with what it differs in.

import Journal
import ResponseDiff
import RolloutJudge

struct PairList {
  let samples: [StoredSample]
  var glyphs = Glyphs.unicode

  var lines: [StyledLine] {
    let candidateWidth = width("candidate", samples.map(\.candidate), most: 24)
    let modelWidth = width("model", samples.map { $0.model ?? "-" }, most: 32)
    let heading =
      "id".padded(18) + "when".padded(21) + "candidate".padded(candidateWidth) + "model".padded(modelWidth)
      + "similar".leftPadded(7) + "  differs in"
    return [StyledLine(heading, .dim)]
      + samples.map { row($0, candidateWidth: candidateWidth, modelWidth: modelWidth) }
  }

  /// With two spaces after it.
  private func width(_ title: String, _ texts: [String], most: Int) -> Int {
    min(most, max(title.count, texts.map(\.count).max() ?? 0)) + 2
  }

  private func row(_ sample: StoredSample, candidateWidth: Int, modelWidth: Int) -> StyledLine {
    let comparison = sample.comparison
    var line = StyledLine(sample.exchange + "  ", comparison.isMismatch ? .bad : .plain)
    line.append("\(sample.at.rfc3339.prefix(19))Z", .dim)
    line.append(" " + cell(sample.candidate, candidateWidth) + cell(sample.model ?? "-", modelWidth))
    let likeness = comparison.similarity ?? comparison.cosine
    line.append((likeness.map { PairScreen.decimal($0) } ?? "-").leftPadded(7) + "  ")
    let breaking = kinds(of: comparison) { $0 == .breaking }
    let others = kinds(of: comparison) { $0 != .breaking }.filter { !breaking.contains($0) }
    if breaking.isEmpty, others.isEmpty { line.append("nothing", .good) }
    line.append(breaking.joined(separator: ", "), .bad)
    if !breaking.isEmpty, !others.isEmpty { line.append("; ", .dim) }
    line.append(others.joined(separator: ", "), .caution)
    return line
  }

  private func cell(_ text: String, _ width: Int) -> String {
    let text = BodyLines.printable(text)
    return (text.count > width - 2 ? text.prefix(width - 3) + "…" : text).padded(width)
  }

  private func kinds(of comparison: AnswerComparison, _ isWanted: (Difference.Severity) -> Bool) -> [String] {
    var found: [String] = []
    for difference in comparison.differences where isWanted(difference.severity) {
      if !found.contains(difference.kind.rawValue) { found.append(difference.kind.rawValue) }
    }
    return found
  }
}
