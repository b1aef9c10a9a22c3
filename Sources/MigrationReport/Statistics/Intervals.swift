/// How sure a figure is: 95% intervals for a reader who looks once. Decisions never rest on them.

import RealModule
import RolloutJudge

/// A figure and what it may be, given that few attempts say little.
package struct Interval: Sendable, Equatable {
  package var low: Double
  package var high: Double

  /// The standard normal's quantile: 95% lie between its negative and itself.
  static let z = 1.959964

  /// The interval of a share, by its score (Wilson 1927); nil without an observation.
  static func share(_ bad: Int, of n: Int, z: Double = z) -> Interval? {
    guard n > 0, bad >= 0, bad <= n else { return nil }
    let (n, p) = (Double(n), Double(bad) / Double(n))
    let middle = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return Interval(low: max(0, (middle - spread) / scale), high: min(1, (middle + spread) / scale))
  }

  /// The interval of the first share minus the second (Newcombe 1998, method 10).
  static func difference(_ a: (bad: Int, n: Int), _ b: (bad: Int, n: Int)) -> Interval? {
    guard let first = share(a.bad, of: a.n), let second = share(b.bad, of: b.n) else { return nil }
    let (p, q) = (Double(a.bad) / Double(a.n), Double(b.bad) / Double(b.n))
    func square(_ value: Double) -> Double { value * value }
    return Interval(
      low: p - q - (square(p - first.low) + square(second.high - q)).squareRoot(),
      high: p - q + (square(first.high - p) + square(q - second.low)).squareRoot())
  }

  /// The interval of the share of pairs in which only one of two happened, minus the reverse (Wald, paired).
  static func paired(only first: Int, only second: Int, of n: Int) -> Interval? {
    guard n > 0 else { return nil }
    let (n, sum, gap) = (Double(n), Double(first + second), Double(first - second))
    // One pair more of either kind keeps the width above zero where none was seen.
    let width = z * (sum + 1 - gap * gap / n).squareRoot() / n
    return Interval(low: gap / n - width, high: gap / n + width)
  }

  /// The interval of a quantile in milliseconds, from the order of measurements; nil where they are too few.
  static func quantile(_ quantile: Double, of histogram: DurationHistogram) -> Interval? {
    let n = Double(histogram.count)
    guard n > 0 else { return nil }
    let spread = z * (quantile * (1 - quantile) / n).squareRoot()
    guard quantile + spread <= 1, quantile - spread >= 0,
      let low = histogram.milliseconds(at: quantile - spread), let high = histogram.milliseconds(at: quantile + spread)
    else { return nil }
    return Interval(low: low, high: high)
  }

  /// The interval of a ratio whose ends are each known by an interval of their own: wider than 95%, never narrower.
  static func ratio(_ above: Interval, _ below: Interval) -> Interval? {
    guard above.low >= 0, below.low > 0 else { return nil }
    return Interval(low: above.low / below.high, high: above.high / below.low)
  }

  /// The interval of a ratio of means, by the delta method on its logarithm.
  static func ratio(_ a: (mean: Double, error: Double), _ b: (mean: Double, error: Double)) -> Interval? {
    guard a.mean > 0, b.mean > 0 else { return nil }
    let (relative, other) = (a.error / a.mean, b.error / b.mean)
    let spread = z * (relative * relative + other * other).squareRoot()
    let ratio = a.mean / b.mean
    return Interval(low: ratio * .exp(-spread), high: ratio * .exp(spread))
  }
}

/// The chance that a chi-square with one degree of freedom is at least this large.
func upperTail(chiSquare: Double) -> Double { Double.erfc((chiSquare / 2).squareRoot()) }
