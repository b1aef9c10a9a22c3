/// The frame of a plot: where values go on the page, its axes, its title for those who cannot see it.

import RealModule

struct PlotFrame: Sendable {
  var width: Double
  var height: Double
  var left = 46.0
  var right = 14.0
  var top = 14.0
  var bottom = 26.0
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>
  var isXLogarithmic = false

  var innerWidth: Double { width - left - right }
  var innerHeight: Double { height - top - bottom }

  func px(_ value: Double) -> Double {
    let (low, high) = (scaled(x.lowerBound), scaled(x.upperBound))
    guard high > low else { return left }
    return left + (scaled(value) - low) / (high - low) * innerWidth
  }

  func py(_ value: Double) -> Double {
    guard y.upperBound > y.lowerBound else { return top + innerHeight }
    return top + innerHeight - (value - y.lowerBound) / (y.upperBound - y.lowerBound) * innerHeight
  }

  private func scaled(_ value: Double) -> Double { isXLogarithmic ? .log10(max(value, 1e-6)) : value }

  // MARK: axes

  func yAxis(_ ticks: [Double], _ label: (Double) -> String) -> [Markup] {
    ticks.flatMap { tick in
      [
        line(left, py(tick), width - right, py(tick), "grid"),
        text(left - 6, py(tick) + 4, label(tick), anchor: "end"),
      ]
    }
  }

  func xAxis(_ ticks: [Double], _ label: (Double) -> String) -> [Markup] {
    [line(left, top + innerHeight, width - right, top + innerHeight, "axis")]
      + ticks.flatMap { tick in
        [
          line(px(tick), top + innerHeight, px(tick), top + innerHeight + 4, "axis"),
          tickLabel(px(tick), label(tick)),
        ]
      }
  }

  /// Within the drawing, also at its edges.
  private func tickLabel(_ x: Double, _ label: String) -> Markup {
    let half = Double(label.count) * 3.6
    let (anchor, at) = x - half < 0 ? ("start", 0) : x + half > width ? ("end", width) : ("middle", x)
    return text(at, height - 8, label, anchor: anchor)
  }

  // MARK: marks

  func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
    .element(
      "line",
      ["x1": Self.number(x1), "y1": Self.number(y1), "x2": Self.number(x2), "y2": Self.number(y2), "class": style])
  }

  func text(
    _ x: Double, _ y: Double, _ text: String, anchor: String = "start", style: String? = nil
  ) -> Markup {
    .element("text", ["x": Self.number(x), "y": Self.number(y), "text-anchor": anchor, "class": style], text)
  }

  func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, title: String? = nil
  ) -> Markup {
    .element(
      "rect",
      [
        "x": Self.number(x), "y": Self.number(y), "width": Self.number(max(0, width)),
        "height": Self.number(max(0, height)), "class": style,
      ], title.map { [.element("title", [:], $0)] } ?? [])
  }

  func path(_ points: [(Double, Double)], _ style: String, isClosed: Bool = false) -> Markup {
    let steps = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Self.number(point.0)) \(Self.number(point.1))"
    }
    return .element("path", ["d": steps.joined() + (isClosed ? "Z" : ""), "class": style])
  }

  /// - Parameter style: `wide` or `narrow`: the page shows one of them.
  func svg(_ title: String, _ marks: [Markup], style: String) -> Markup {
    .element(
      "svg",
      [
        "viewBox": "0 0 \(Self.number(width)) \(Self.number(height))", "class": style, "role": "img",
        "aria-label": title,
      ], [.element("title", [:], title)] + marks)
  }

  /// A tenth of a pixel is finer than any screen.
  static func number(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return tenths % 10 == 0
      ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
  }

  // MARK: scales

  /// From 0 in steps of 1, 2 or 5 times a power of ten, up to or just beyond the greatest value.
  static func ticks(to most: Double, about count: Int = 4) -> [Double] {
    guard most > 0, most.isFinite else { return [0, 1] }
    let raw = most / Double(count)
    let power = Double.pow(10, Double.log10(raw).rounded(.down))
    let step = [1.0, 2, 5, 10].first { $0 * power >= raw * 0.999 }.map { $0 * power } ?? raw
    let steps = Int((most / step - 1e-9).rounded(.up))
    return (0...max(1, steps)).map { Double($0) * step }
  }

  /// 1, 2 and 5 times each power of ten within a range; only the powers where that is too many.
  static func logarithmicTicks(_ range: ClosedRange<Double>, most: Int) -> [Double] {
    let powers = Int(Double.log10(range.lowerBound).rounded(.down))...Int(Double.log10(range.upperBound).rounded(.up))
    for steps in [[1.0, 2, 5], [1, 3], [1]] {
      let ticks = powers.flatMap { power in steps.map { $0 * Double.pow(10, Double(power)) } }
        .filter { range.contains($0) }
      if ticks.count <= most { return ticks }
    }
    return [range.lowerBound, range.upperBound]
  }
}

/// Both sizes of a plot: one for a page, one for a telephone.
struct PlotSize: Sendable {
  let width: Double
  let style: String

  static let both = [PlotSize(width: 760, style: "wide"), PlotSize(width: 360, style: "narrow")]

  var isNarrow: Bool { style == "narrow" }
}
