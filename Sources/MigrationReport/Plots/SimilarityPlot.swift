/// How alike a candidate's answers are to the baseline's, over how alike the baseline's own are when it is asked twice.

struct SimilarityPlot: Sendable {
  let arm: Int
  let findings: AnswerFindings

  init?(_ findings: AnswerFindings, in report: RolloutReport) {
    guard findings.similarity.contains(where: { $0 > 0 }),
      let arm = report.arms.firstIndex(where: { $0.name == findings.candidate })
    else { return nil }
    self.arm = arm
    self.findings = findings
  }

  private static let bins = 20

  func svg(_ size: PlotSize) -> Markup {
    let (ours, noise) = (Self.shares(findings.similarity), Self.shares(findings.noiseSimilarity))
    let ticks = PlotFrame.ticks(to: (ours + noise).max() ?? 1, about: 3)
    let frame = PlotFrame(
      width: size.width, height: size.isNarrow ? 210 : 230, x: 0...1, y: 0...(ticks.last ?? 1))
    var marks = frame.yAxis(ticks) { FigureFormat.weight($0) }
    let width = frame.innerWidth / Double(Self.bins)
    for (bin, share) in ours.enumerated() where share > 0 {
      let y = frame.py(share)
      marks.append(
        frame.rectangle(
          frame.left + Double(bin) * width + 1, y, width - 2, frame.py(0) - y, "bar arm-\(arm)",
          title: FigureFormat.share(share)))
    }
    if noise.contains(where: { $0 > 0 }) {
      var points: [(Double, Double)] = []
      for (bin, share) in noise.enumerated() {
        points.append((frame.left + Double(bin) * width, frame.py(share)))
        points.append((frame.left + Double(bin + 1) * width, frame.py(share)))
      }
      marks.append(frame.path(points, "curve arm-0"))
    }
    marks += frame.xAxis([0, 0.25, 0.5, 0.75, 1]) { FigureFormat.plain($0) }
    var title = "Similarity of \(findings.candidate)'s texts to the baseline's: median "
    title += findings.medianSimilarity.map { FigureFormat.fixed($0, 2) } ?? FigureFormat.unknown
    title += "; of the baseline with itself: "
    title += findings.medianNoiseSimilarity.map { FigureFormat.fixed($0, 2) } ?? FigureFormat.unknown
    return frame.svg(title, marks, style: size.style)
  }

  private static func shares(_ counts: [Int]) -> [Double] {
    let total = counts.reduce(0, +)
    guard total > 0 else { return Array(repeating: 0, count: bins) }
    let each = max(1, counts.count / bins)
    return (0..<bins).map { bin in
      let part = counts.dropFirst(bin * each).prefix(each).reduce(0, +)
      return Double(part) / Double(total)
    }
  }
}
