/// Cost per outcome as one bar for each arm, the part that failures cost set apart.

struct CostPlot: Sendable {
  struct Bar: Sendable {
    var arm: Int
    var name: String
    var dollars: Double
    /// The part of it that failed attempts cost.
    var wasted: Double
    /// Some answers' cost is unknown: it is at least this much.
    var isLeast: Bool

    var label: String { (isLeast ? "≥ " : "") + FigureFormat.dollars(dollars) }
  }

  let bars: [Bar]

  init?(_ report: RolloutReport) {
    guard let row = report.worksheet.first(where: { $0.id == "cost_per_outcome" }) else { return nil }
    bars = row.cells.enumerated().compactMap { index, cell in
      guard let dollars = cell.value, dollars > 0 else { return nil }
      let population = report.basis[index].population ?? "live"
      let sheet = report.figures.first { $0.arm == cell.arm && $0.population == population }?.figures
      return Bar(
        arm: index, name: population == "live" ? cell.arm : "\(cell.arm), copies", dollars: dollars,
        wasted: dollars * (sheet?["waste_share"] ?? 0), isLeast: (sheet?["cost_unknown_share"] ?? 0) > 0)
    }
    if bars.isEmpty { return nil }
  }

  func svg(_ size: PlotSize) -> Markup {
    let most = bars.map(\.dollars).max() ?? 1
    let frame = PlotFrame(
      width: size.width, height: 12 + Double(bars.count) * 50, left: 2, right: size.isNarrow ? 92 : 110, top: 6,
      bottom: 6,
      x: 0...most, y: 0...1)
    let marks = bars.enumerated().flatMap { index, bar -> [Markup] in
      let y = frame.top + Double(index) * 50
      let (whole, wasted) = (frame.px(bar.dollars) - frame.left, frame.px(bar.wasted) - frame.left)
      return [
        frame.text(frame.left, y + 13, bar.name),
        frame.rectangle(frame.left, y + 20, whole - wasted, 18, "bar arm-\(bar.arm)"),
        frame.rectangle(
          frame.left + whole - wasted, y + 20, wasted, 18, "bar waste",
          title: "failed attempts: \(FigureFormat.dollars(bar.wasted))"),
        frame.text(frame.left + whole + 7, y + 34, bar.label, style: "strong"),
      ]
    }
    let parts = bars.map { "\($0.name) \($0.label)" }
    return frame.svg("Cost per outcome: " + parts.joined(separator: ", "), marks, style: size.style)
  }
}
