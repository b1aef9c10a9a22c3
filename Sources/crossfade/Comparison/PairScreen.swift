/// One compared pair on a terminal: what it is, every difference by its path, then the two answers.

import Journal
import ResponseDiff
import RolloutJudge

struct PairScreen {
  enum Layout: String, CaseIterable, Sendable {
    case unified
    case sideBySide = "side-by-side"
  }

  let sample: StoredSample
  /// The baseline's name, as far as it is known.
  var baseline = "baseline"
  var layout = Layout.unified
  /// In characters.
  var columns = 100
  var glyphs = Glyphs.unicode

  /// The columns from which on two answers fit beside each other.
  static let wideColumns = 110
  private static let context = 3
  private static let requestLines = 30

  var lines: [StyledLine] {
    var lines = head + [StyledLine()] + differences
    guard let bodies = sample.bodies else { return lines }
    lines += [StyledLine(), StyledLine("request", .bold)]
    let request = BodyLines.lines(of: bodies.request)
    for line in request.prefix(Self.requestLines) { lines += wrapped("  ", line, .dim) }
    if request.count > Self.requestLines {
      lines.append(StyledLine("  … \(request.count - Self.requestLines) more lines; --json shows all", .dim))
    }
    let diff = BodyDiff(BodyLines.lines(of: bodies.baseline), BodyLines.lines(of: bodies.answer))
    return lines + [StyledLine()] + (layout == .unified ? unified(diff) : sideBySide(diff))
  }

  private var head: [StyledLine] {
    let comparison = sample.comparison
    var line = StyledLine(sample.exchange, .bold)
    line.append("  \(sample.candidate) against \(baseline)")
    line.append(comparison.isMismatch ? "  mismatch" : "  match", comparison.isMismatch ? .bad : .good)
    var facts = ["distance \(Self.decimal(comparison.distance))"]
    if let similarity = comparison.similarity { facts.append("similarity \(Self.decimal(similarity))") }
    if let ratio = comparison.lengthRatio { facts.append("length \(glyphs.times)\(Self.decimal(ratio))") }
    if let cosine = comparison.cosine { facts.append("cosine \(Self.decimal(cosine))") }
    let place = [sample.endpoint, sample.model.map { BodyLines.printable($0) }, "stage \(sample.stage)"].compactMap(
      \.self)
    return [
      line, StyledLine("\(sample.at.rfc3339)  " + place.joined(separator: "  "), .dim),
      StyledLine(facts.joined(separator: "  ")),
    ]
  }

  private var differences: [StyledLine] {
    let found = sample.comparison.differences
    guard !found.isEmpty else { return [StyledLine("no difference that is looked at", .good)] }
    var lines: [StyledLine] = []
    for difference in found {
      var line = StyledLine("\(mark(difference.severity)) ", style(difference.severity))
      line.append(BodyLines.printable(difference.path), .bold)
      line.append("  \(difference.kind.rawValue)", style(difference.severity))
      lines.append(line)
      for (sign, text, style) in [("-", difference.baseline, Style.bad), ("+", difference.candidate, Style.good)] {
        guard let text else { continue }
        lines += wrapped("    \(sign) ", BodyLine(indent: 0, text: BodyLines.printable(text)), style)
      }
    }
    let further = sample.comparison.further
    if further > 0 { lines.append(StyledLine("  and \(further) more", .dim)) }
    return lines
  }

  private func mark(_ severity: Difference.Severity) -> String {
    switch severity {
    case .breaking: glyphs.failed
    case .minor: "~"
    case .note: glyphs.dot
    }
  }

  private func style(_ severity: Difference.Severity) -> Style {
    switch severity {
    case .breaking: .bad
    case .minor: .caution
    case .note: .dim
    }
  }

  // MARK: answers

  private func unified(_ diff: BodyDiff) -> [StyledLine] {
    var lines = [StyledLine("--- \(baseline)", .bad), StyledLine("+++ \(sample.candidate)", .good)]
    guard diff.hasChanges else { return lines + [StyledLine("  what is kept of both is the same", .dim)] }
    for (skipped, rows) in diff.pieces(context: Self.context) {
      if skipped > 0 { lines.append(StyledLine("  … \(FigureText.counted(skipped, "equal line"))", .dim)) }
      var added: [StyledLine] = []
      for row in rows {
        switch row {
        case .same(let line):
          lines += added + wrapped("  ", line, .plain)
          added = []
        case .changed(let old, let new):
          if let old { lines += wrapped("- ", old, .bad) }
          if let new { added += wrapped("+ ", new, .good) }
        }
      }
      lines += added
    }
    return lines
  }

  private func sideBySide(_ diff: BodyDiff) -> [StyledLine] {
    let width = max(20, (columns - 3) / 2)
    var lines = [
      StyledLine(baseline.padded(width), .bold) + StyledLine(" | ", .dim) + StyledLine(sample.candidate, .bold)
    ]
    guard diff.hasChanges else { return lines + [StyledLine("what is kept of both is the same", .dim)] }
    for (skipped, rows) in diff.pieces(context: Self.context) {
      if skipped > 0 { lines.append(StyledLine("… \(FigureText.counted(skipped, "equal line"))", .dim)) }
      for row in rows {
        switch row {
        case .same(let line): lines += cells(line, line, width, .plain, .plain)
        case .changed(let old, let new): lines += cells(old, new, width, .bad, .good)
        }
      }
    }
    return lines
  }

  private func cells(
    _ left: BodyLine?, _ right: BodyLine?, _ width: Int, _ leftStyle: Style, _ rightStyle: Style
  ) -> [StyledLine] {
    let one = left.map { Self.cut($0, width: width) } ?? []
    let other = right.map { Self.cut($0, width: width) } ?? []
    return (0..<max(one.count, other.count)).map { index in
      var line = StyledLine(index < one.count ? one[index].padded(width) : "".padded(width), leftStyle)
      line.append(leftStyle == .plain ? " | " : " ! ", .dim)
      line.append(index < other.count ? other[index] : "", rightStyle)
      return line
    }
  }

  private func wrapped(_ prefix: String, _ line: BodyLine, _ style: Style) -> [StyledLine] {
    Self.cut(line, width: max(20, columns - prefix.count)).enumerated().map { index, text in
      StyledLine((index == 0 ? prefix : String(repeating: " ", count: prefix.count)) + text, style)
    }
  }

  /// At spaces where there are some; what goes on is indented a little further.
  private static func cut(_ line: BodyLine, width: Int) -> [String] {
    let indent = String(repeating: " ", count: min(line.indent, width / 3))
    var rest = line.text[...]
    var lines: [String] = []
    repeat {
      let space = indent + (lines.isEmpty ? "" : "  ")
      let room = max(8, width - space.count)
      var end = rest.index(rest.startIndex, offsetBy: room, limitedBy: rest.endIndex) ?? rest.endIndex
      if end < rest.endIndex, let blank = rest[..<end].lastIndex(of: " "),
        rest.distance(from: rest.startIndex, to: blank) > room / 2
      {
        end = rest.index(after: blank)
      }
      lines.append(space + rest[..<end])
      rest = rest[end...]
    } while !rest.isEmpty
    return lines
  }

  static func decimal(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
}
