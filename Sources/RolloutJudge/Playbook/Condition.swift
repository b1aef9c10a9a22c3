/// What ends or pauses a rollout: a metric and the limits that must all be exceeded.

/// One entry of `rollback_when` or `pause_when`. Breached when every limit it names is.
package struct Condition: Sendable, Equatable, Hashable {
  package var metric: Metric
  /// In the metric's own unit: a share (0…1), milliseconds, or USD.
  package var above: Double?
  /// Candidate over baseline.
  package var ratioAbove: Double?

  package init(metric: Metric, above: Double? = nil, ratioAbove: Double? = nil) {
    self.metric = metric
    self.above = above
    self.ratioAbove = ratioAbove
  }
}

package enum Metric: String, Sendable, CaseIterable, Codable {
  case errorRate = "error_rate"
  case latencyP50 = "latency_p50"
  case latencyP95 = "latency_p95"
  case latencyP99 = "latency_p99"
  case ttftP50 = "ttft_p50"
  case ttftP95 = "ttft_p95"
  case ttftP99 = "ttft_p99"
  case retryRate = "retry_rate"
  case costPerRequest = "cost_per_request"
  case costPerOutcome = "cost_per_outcome"
  case mismatchRate = "mismatch_rate"
  case incompleteRate = "incomplete_rate"
  case rateLimitedRate = "rate_limited_rate"

  package enum Unit: Sendable { case share, milliseconds, dollars }

  package var unit: Unit {
    switch self {
    case .errorRate, .retryRate, .mismatchRate, .incompleteRate, .rateLimitedRate: .share
    case .latencyP50, .latencyP95, .latencyP99, .ttftP50, .ttftP95, .ttftP99: .milliseconds
    case .costPerRequest, .costPerOutcome: .dollars
    }
  }

  /// The quantile that a latency metric names, else nil.
  package var quantile: Double? {
    switch self {
    case .latencyP50, .ttftP50: 0.50
    case .latencyP95, .ttftP95: 0.95
    case .latencyP99, .ttftP99: 0.99
    default: nil
    }
  }
}
