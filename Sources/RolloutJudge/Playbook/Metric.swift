/// Everything there is to say about a metric: one row for each, read wherever a metric makes a difference.

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
  case abandonedRate = "abandoned_rate"

  package enum Unit: Sendable { case share, milliseconds, dollars }

  /// The thing that the metric is a figure of.
  enum Kind: Sendable, Equatable {
    /// The share of attempts that are bad by this signal.
    case share(Signal)
    /// The time that this share of answers does not exceed.
    case quantile(Signal.Stopwatch, Double)
    /// The mean of what attempts cost.
    case cost(BettingSpec.Quantity)
    /// The share of compared pairs that differ.
    case mismatches
  }

  /// Whose attempts the metric is seen in.
  package enum Visibility: Sendable { case everywhere, live, copies }

  struct Row: Sendable {
    var unit: Unit
    var kind: Kind
    var visibility = Visibility.everywhere
  }

  var row: Row {
    switch self {
    case .errorRate: Row(unit: .share, kind: .share(.error))
    case .latencyP50: Row(unit: .milliseconds, kind: .quantile(.latency, 0.50))
    case .latencyP95: Row(unit: .milliseconds, kind: .quantile(.latency, 0.95))
    case .latencyP99: Row(unit: .milliseconds, kind: .quantile(.latency, 0.99))
    case .ttftP50: Row(unit: .milliseconds, kind: .quantile(.ttft, 0.50))
    case .ttftP95: Row(unit: .milliseconds, kind: .quantile(.ttft, 0.95))
    case .ttftP99: Row(unit: .milliseconds, kind: .quantile(.ttft, 0.99))
    case .retryRate: Row(unit: .share, kind: .share(.retry))
    case .costPerRequest: Row(unit: .dollars, kind: .cost(.costPerRequest))
    case .costPerOutcome: Row(unit: .dollars, kind: .cost(.costPerOutcome))
    case .mismatchRate: Row(unit: .share, kind: .mismatches, visibility: .copies)
    case .incompleteRate: Row(unit: .share, kind: .share(.incomplete))
    case .rateLimitedRate: Row(unit: .share, kind: .share(.rateLimited))
    // Nobody waits for a copy.
    case .abandonedRate: Row(unit: .share, kind: .share(.abandoned), visibility: .live)
    }
  }

  package var unit: Unit { row.unit }
  package var visibility: Visibility { row.visibility }

  /// Whether compared pairs decide it, and not attempts.
  package var isOfPairs: Bool { row.kind == .mismatches }

  /// The quantile that a metric of time names, else nil.
  package var quantile: Double? {
    if case .quantile(_, let quantile) = row.kind { quantile } else { nil }
  }

  var stopwatch: Signal.Stopwatch? {
    if case .quantile(let stopwatch, _) = row.kind { stopwatch } else { nil }
  }

  /// The signal of a share that attempts alone decide; nil for quantiles, costs and mismatches.
  var shareSignal: Signal? {
    if case .share(let signal) = row.kind { signal } else { nil }
  }
}
