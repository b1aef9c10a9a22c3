/// How long it takes until the answers that are under way at an instant have come.

import RealModule
import RolloutJudge

struct AnswersUnderway: Sendable {
  private let logMedian: Double
  private let sigma: Double

  init(_ latency: ArmBehavior.LogNormal) {
    logMedian = Double.log(max(1e-9, latency.median.milliseconds / 1000))
    sigma = max(latency.sigma, 1e-6)
  }

  /// Seconds until less than half an answer of those that are under way now is still to come, on average.
  ///
  /// - Parameter rate: Requests a second.
  func wait(rate: Double) -> Double {
    var (low, high) = (0.0, 1e6)
    guard rate * left(after: 0) > 0.5 else { return 0 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if rate * left(after: middle) > 0.5 { low = middle } else { high = middle }
    }
    return high
  }

  /// E[max(0, L - t)], which at one request a second is the mean number still under way of those that began before t ago.
  private func left(after seconds: Double) -> Double {
    let mean = Double.exp(logMedian + sigma * sigma / 2)
    guard seconds > 0 else { return mean }
    let deviation = (logMedian - Double.log(seconds)) / sigma
    return mean * NormalQuantile.share(below: deviation + sigma) - seconds * NormalQuantile.share(below: deviation)
  }
}
