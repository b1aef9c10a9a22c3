/// A figure over many runs: where half of them lie, the mean, and what one in twenty exceeds.

package struct Spread: Sendable, Equatable, Codable {
  package var median: Double
  package var mean: Double
  package var p95: Double

  /// Nil of no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    mean = sorted.reduce(0, +) / Double(sorted.count)
    p95 = sorted[min(sorted.count - 1, Int((Double(sorted.count) * 0.95).rounded(.up)) - 1)]
  }
}
