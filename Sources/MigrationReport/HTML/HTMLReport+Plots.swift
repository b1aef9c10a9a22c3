/// The page's plots, each with its legend and what to know when reading it.

extension RolloutReport {
  var plotSection: [Markup] {
    let drawn = [costFigure, latencyFigure, rolloutFigure].compactMap { $0 }
    return drawn.isEmpty ? [] : [.element("h2", [:], "Plots")] + drawn
  }

  private var costFigure: Markup? {
    CostPlot(self).map { plot in
      .figure(
        "Cost per outcome", plot.bars.map { ("arm-\($0.arm)", $0.name) } + [("waste", "failed attempts")],
        "All known cost of an arm's attempts over the outcomes that were a success."
          + (plot.bars.contains(where: \.isLeast)
            ? " Where it says ≥, the cost of some answers is unknown: such bars cannot be held against others." : ""),
        plot.svg)
    }
  }

  private var latencyFigure: Markup? {
    LatencyPlot(self).map { plot in
      .figure(
        "Latency",
        plot.series.map { ("arm-\($0.arm)", "\($0.name) (\(FigureFormat.count($0.distribution.attempts)))") },
        "Attempts of the whole rollout that ended ok, from the last request byte to the last answer byte, over a "
          + "logarithmic scale; each curve has the same area. The slowest and fastest 0.3% are not drawn.", plot.svg)
    }
  }

  private var rolloutFigure: Markup? {
    RolloutPlot(self).map { plot in
      .figure(
        "The rollout",
        plot.series.map { series in
          let name = arms[series.arm].name
          return series.isShadow ? ("copies arm-\(series.arm)", "\(name), copies") : ("arm-\(series.arm)", name)
        },
        "Numbered lines are decisions, as in the table below. Times are UTC.", plot.svg)
    }
  }

  var answerSection: [Markup] {
    var parts = [Markup.element("h2", [:], "Answers compared")]
    if comparisons.isEmpty { parts.append(.element("p", ["class": "quiet"], "No answers were compared.")) }
    for findings in comparisons {
      parts += [.element("h3", [:], findings.candidate), .element("p", [:], summary(of: findings))]
      if let plot = SimilarityPlot(findings, in: self) {
        let noise = findings.noiseSimilarity.contains { $0 > 0 }
        parts.append(
          .figure(
            "How alike the texts are",
            [("arm-\(plot.arm)", "\(findings.candidate) to \(baseline.name)")]
              + (noise ? [("arm-0", "\(baseline.name) to itself")] : []),
            "Share of compared pairs by similarity of their texts; 1 is equal. What lies left of the baseline's own "
              + "variation is the candidate's.", plot.svg))
      }
      if !findings.kinds.isEmpty { parts.append(.table(table(of: findings))) }
    }
    if !otherModels.isEmpty {
      parts += [.element("h3", [:], "Other models than asked for"), .table(otherModelTable)]
    }
    return parts
  }
}
