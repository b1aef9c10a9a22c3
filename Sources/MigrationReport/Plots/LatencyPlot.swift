/// The latency distributions of the arms over a logarithmic scale, with the p95 of each marked.

import RealModule

struct LatencyPlot: Sendable {
  struct Series: Sendable {
    var arm: Int
    var name: String
    var distribution: LatencyDistribution
  }

  let series: [Series]

  /// The arms' live attempts, or their shadows where they had none.
  init?(_ report: RolloutReport) {
    series = report.arms.enumerated().compactMap { index, arm in
      let own = report.distributions.filter { $0.arm == arm.name }
      guard let found = own.first(where: { $0.population == "live" }) ?? own.first else { return nil }
      let name = found.population == "live" ? arm.name : "\(arm.name), copies"
      return Series(arm: index, name: name, distribution: found)
    }
    if series.isEmpty { return nil }
  }

  /// The outermost part of each distribution that is left out, so that one straggler does not flatten the rest.
  private static let trimmed = 0.003

  func svg(_ size: PlotSize) -> Markup {
    let curves = series.map { ($0, Self.curve($0.distribution)) }
    let values = curves.flatMap(\.1).map(\.ms)
    let (low, high) = (values.min() ?? 1, values.max() ?? 10)
    let peak = curves.flatMap(\.1).map(\.density).max() ?? 1
    let frame = PlotFrame(
      width: size.width, height: size.isNarrow ? 230 : 260, left: 12, x: low...max(high, low * 1.5),
      y: 0...(peak * 1.15), isXLogarithmic: true)
    let ticks = PlotFrame.logarithmicTicks(frame.x, most: size.isNarrow ? 6 : 10)
    var marks = frame.xAxis(ticks) { $0 < 1000 ? "\(FigureFormat.plain($0)) ms" : "\(FigureFormat.plain($0 / 1000)) s" }
    for (series, curve) in curves {
      let points = curve.map { (frame.px($0.ms), frame.py($0.density)) }
      guard let first = points.first, let last = points.last else { continue }
      let floor = frame.py(0)
      marks.append(
        frame.path([(first.0, floor)] + points + [(last.0, floor)], "area arm-\(series.arm)", isClosed: true))
      marks.append(frame.path(points, "curve arm-\(series.arm)"))
    }
    for (index, entry) in curves.enumerated() {
      guard let p95 = entry.0.distribution.p95 else { continue }
      let (x, y) = (frame.px(min(max(p95, low), high)), frame.top + 4 + Double(index) * 15)
      marks.append(frame.line(x, y, x, frame.py(0), "mark arm-\(entry.0.arm)"))
      let isRight = x > frame.width * 0.7
      marks.append(
        frame.text(
          x + (isRight ? -5 : 5), y + 8, "p95 \(FigureFormat.milliseconds(p95))", anchor: isRight ? "end" : "start",
          style: "p95 arm-\(entry.0.arm)"))
    }
    return frame.svg(title, marks, style: size.style)
  }

  private var title: String {
    let parts = series.map { series in
      let (p50, p95) = (series.distribution.p50, series.distribution.p95)
      return
        "\(series.name): median \(FigureFormat.text(p50, .milliseconds)), p95 \(FigureFormat.text(p95, .milliseconds))"
    }
    return "Latency distribution. " + parts.joined(separator: "; ")
  }

  /// Coarser where there is little to show, then smoothed over three bins.
  private static func curve(_ distribution: LatencyDistribution) -> [(ms: Double, density: Double)] {
    let merge = distribution.attempts < 500 ? 4 : distribution.attempts < 5000 ? 2 : 1
    var bins: [(ms: Double, share: Double)] = []
    var (start, seen) = (0, 0)
    let total = Double(max(1, distribution.attempts))
    while start < distribution.bins.count {
      let group = distribution.bins[start..<min(start + merge, distribution.bins.count)]
      let count = group.reduce(0) { $0 + $1.count }
      let before = Double(seen) / total
      seen += count
      start += merge
      guard Double(seen) / total > trimmed, before < 1 - trimmed, let last = group.last else { continue }
      // The middle of the bin, on its scale.
      let middle = last.upTo * Double.pow(10, -Double(merge) / 2 / LatencyDistribution.binsPerDecade)
      bins.append((middle, Double(count) / total / Double(merge)))
    }
    let width = Double.pow(10, Double(merge) / LatencyDistribution.binsPerDecade)
    guard let first = bins.first, let last = bins.last else { return [] }
    let padded = [(first.ms / width, 0.0)] + bins.map { ($0.ms, $0.share) } + [(last.ms * width, 0.0)]
    return padded.indices.map { index in
      let before = index > 0 ? padded[index - 1].1 : 0
      let after = index + 1 < padded.count ? padded[index + 1].1 : 0
      return (padded[index].0, (before + 2 * padded[index].1 + after) / 4)
    }
  }
}
