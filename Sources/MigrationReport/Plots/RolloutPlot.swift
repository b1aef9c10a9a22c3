/// The rollout over time: error rates above, weights below, decisions as numbered lines through both.

import RolloutJudge

struct RolloutPlot: Sendable {
  let report: RolloutReport
  /// Seconds since 1970.
  let span: ClosedRange<Double>

  init?(_ report: RolloutReport) {
    let buckets = report.timelines.flatMap(\.buckets)
    let starts = buckets.map { Double($0.start) } + report.decisions.map { Self.seconds($0.at) }
    let ends = buckets.map { Double($0.start + $0.seconds) } + report.decisions.map { Self.seconds($0.at) }
    guard !buckets.isEmpty, let first = starts.min(), let last = ends.max(), last > first else { return nil }
    self.report = report
    span = first...last
  }

  static func seconds(_ instant: Instant) -> Double { Double(instant.nanoseconds) / 1e9 }

  func svg(_ size: PlotSize) -> Markup {
    let step = TimeScale.step(for: span, most: size.isNarrow ? 60 : 120)
    let rates = series.map { ($0, Self.rates($0.timeline, step)) }
    let worst = max(0.01, rates.flatMap(\.1).compactMap(\.rate).max() ?? 0)
    let ticks = PlotFrame.ticks(to: worst, about: 3)
    let upper = PlotFrame(
      width: size.width, height: 212, top: 44, bottom: 18, x: span, y: 0...(ticks.last ?? 1))
    var lower = PlotFrame(width: size.width, height: 330, top: 222, bottom: 26, x: span, y: 0...1)
    lower.left = upper.left
    var marks = upper.yAxis(ticks) { FigureFormat.weight($0) }
    marks.append(upper.text(upper.left + 7, upper.top - 5, "error rate", style: "label"))
    marks += decisionLines(upper, lower)
    for (series, rates) in rates { marks += curve(rates, step, upper, series) }
    marks += lower.yAxis([0, 0.5, 1]) { FigureFormat.weight($0) }
    marks.append(lower.text(lower.left + 7, lower.top - 5, "weight", style: "label"))
    marks += weights(lower)
    let scale = TimeScale(span, most: size.isNarrow ? 4 : 8)
    marks += lower.xAxis(scale.ticks, scale.label)
    return lower.svg(
      "Error rate and weight over the rollout, with \(FigureFormat.counted(report.decisions.count, "decision")) marked",
      marks,
      style: size.style)
  }

  // MARK: error rates

  struct Series: Sendable {
    var arm: Int
    var isShadow: Bool
    var timeline: ReportTimeline
  }

  var series: [Series] {
    report.timelines.compactMap { timeline in
      report.arms.firstIndex { $0.name == timeline.arm }.map {
        Series(arm: $0, isShadow: timeline.population == "shadow", timeline: timeline)
      }
    }
  }

  private struct Rate { var at: Double; var rate: Double? }

  private static func rates(_ timeline: ReportTimeline, _ step: Int64) -> [Rate] {
    var sums: [Int64: (n: Int, bad: Int)] = [:]
    for bucket in timeline.buckets {
      let start = bucket.start - bucket.start % step
      sums[start, default: (0, 0)].n += bucket.n
      sums[start, default: (0, 0)].bad += bucket.bad
    }
    return sums.sorted { $0.key < $1.key }.map { start, sum in
      Rate(at: Double(start) + Double(step) / 2, rate: sum.n > 0 ? Double(sum.bad) / Double(sum.n) : nil)
    }
  }

  /// In steps, broken where there was no traffic.
  private func curve(_ rates: [Rate], _ step: Int64, _ frame: PlotFrame, _ series: Series) -> [Markup] {
    let style = "curve arm-\(series.arm)\(series.isShadow ? " copies" : "")"
    var runs: [[(Double, Double)]] = []
    var last = -Double.infinity
    for rate in rates {
      guard let value = rate.rate else { continue }
      if rate.at - last > Double(step) * 1.5 { runs.append([]) }
      for edge in [rate.at - Double(step) / 2, rate.at + Double(step) / 2] {
        runs[runs.count - 1].append((frame.px(min(max(edge, span.lowerBound), span.upperBound)), frame.py(value)))
      }
      last = rate.at
    }
    return runs.map { frame.path($0, style) }
  }

  // MARK: weights

  private func weights(_ frame: PlotFrame) -> [Markup] {
    report.candidates.enumerated().map { index, arm in
      var points: [(Double, Double)] = [(frame.px(span.lowerBound), frame.py(0))]
      var share = 0.0
      for decision in report.decisions {
        let x = frame.px(Self.seconds(decision.at))
        points.append((x, frame.py(share)))
        share = decision.weightsAfter.first { $0.candidate == arm.name }?.share ?? 0
        points.append((x, frame.py(share)))
      }
      points += [(frame.px(span.upperBound), frame.py(share)), (frame.px(span.upperBound), frame.py(0))]
      return frame.path(points, "step arm-\(index + 1)", isClosed: true)
    }
  }

  // MARK: decisions

  private func decisionLines(_ upper: PlotFrame, _ lower: PlotFrame) -> [Markup] {
    var lastLabel = [-Double.infinity, -Double.infinity]
    return report.decisions.flatMap { decision -> [Markup] in
      let x = upper.px(Self.seconds(decision.at))
      let style = "decision \(decision.decision)"
      var marks = [upper.line(x, upper.top - 18, x, lower.top + lower.innerHeight, style)]
      // In two rows; a number that has no place in either is left to the table.
      if let row = lastLabel.firstIndex(where: { x - $0 > 18 }) {
        lastLabel[row] = x
        let y = row == 0 ? 22.0 : 9.0
        marks.append(upper.text(x, y, String(decision.seq), anchor: "middle", style: "number \(decision.decision)"))
      }
      return marks
    }
  }
}
