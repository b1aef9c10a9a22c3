/// Marks on a time axis, at round instants of the day (UTC).

import RolloutJudge

struct TimeScale: Sendable {
  let ticks: [Double]
  private let step: Int64

  private static let steps: [Int64] = [
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    1_209_600, 2_592_000,
  ]

  /// - Parameter span: seconds since 1970.
  init(_ span: ClosedRange<Double>, most: Int) {
    let step = Self.step(for: span, most: most)
    let first = Int64((span.lowerBound / Double(step)).rounded(.up))
    let last = Int64((span.upperBound / Double(step)).rounded(.down))
    self.step = step
    ticks = first <= last ? (first...last).map { Double($0 * step) } : [span.lowerBound]
  }

  /// The smallest round step of which no more than so many fit.
  static func step(for span: ClosedRange<Double>, most: Int) -> Int64 {
    let length = span.upperBound - span.lowerBound
    return steps.first { length / Double($0) <= Double(most) } ?? Int64(length / Double(most)) + 1
  }

  /// `17:56:10`, `17:56` or `11-22`, as fine as the step.
  func label(_ second: Double) -> String {
    let text = Instant(nanoseconds: Int64(second) * 1_000_000_000).rfc3339
    if step >= 86_400 { return String(text.dropFirst(5).prefix(5)) }
    return String(text.dropFirst(11).prefix(step >= 60 ? 5 : 8))
  }
}
