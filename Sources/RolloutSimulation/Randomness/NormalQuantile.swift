/// The standard normal distribution, both ways: how slow a log-normal latency is, and how often slower than a limit.

import RealModule

enum NormalQuantile {
  /// The share below `z`.
  static func share(below z: Double) -> Double { 0.5 * Double.erfc(-z / 2.0.squareRoot()) }

  /// - Parameter share: In (0, 1).
  /// - Returns: The value that this share lies below, by bisection; exact to 1e-12.
  static func value(at share: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Self.share(below: middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
