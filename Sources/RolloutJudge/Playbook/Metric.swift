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
  case tokensPerSecond = "tokens_per_second"
  case cachedShare = "cached_share"
  case score

  package enum Unit: Sendable { case share, milliseconds, dollars, tokensPerSecond, score }

  /// The thing that the metric is a figure of.
  enum Kind: Sendable, Equatable {
    /// The share of attempts that are bad by this signal.
    case share(Signal)
    /// The time that this share of answers does not exceed.
    case quantile(Signal.Stopwatch, Double)
    /// The tokens a second of the median stream: its limits are those of the time per token turned over.
    case speed
    /// The mean of what attempts cost.
    case cost(BettingSpec.Quantity)
    /// The mean of a value from 0 to 1.
    case mean(BettingSpec.Quantity)
    /// The share of compared pairs that differ.
    case mismatches
  }

  /// Whose attempts the metric is seen in.
  package enum Visibility: Sendable { case everywhere, live, copies }

  struct Row: Sendable {
    var unit: Unit
    var kind: Kind
    var visibility = Visibility.everywhere
    /// What is bad: less, not more.
    var isWorseBelow = false
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
    // Nobody asks for a copy again.
    case .retryRate: Row(unit: .share, kind: .share(.retry), visibility: .live)
    case .costPerRequest: Row(unit: .dollars, kind: .cost(.costPerRequest))
    case .costPerOutcome: Row(unit: .dollars, kind: .cost(.costPerOutcome))
    case .mismatchRate: Row(unit: .share, kind: .mismatches, visibility: .copies)
    case .incompleteRate: Row(unit: .share, kind: .share(.incomplete))
    case .rateLimitedRate: Row(unit: .share, kind: .share(.rateLimited))
    // Nobody waits for a copy.
    case .abandonedRate: Row(unit: .share, kind: .share(.abandoned), visibility: .live)
    case .tokensPerSecond: Row(unit: .tokensPerSecond, kind: .speed, isWorseBelow: true)
    case .cachedShare: Row(unit: .share, kind: .mean(.cachedShare), isWorseBelow: true)
    case .score: Row(unit: .score, kind: .mean(.score), isWorseBelow: true)
    }
  }

  package var unit: Unit { row.unit }
  package var visibility: Visibility { row.visibility }
  package var isWorseBelow: Bool { row.isWorseBelow }

  /// The limits that a line on it may name.
  package var limitKinds: [Limit.Kind] { isWorseBelow ? [.below, .ratioBelow] : [.above, .ratioAbove] }

  /// Whether it is told as a mean and not as a share of attempts.
  package var isMean: Bool {
    switch row.kind {
    case .cost, .mean, .mismatches: true
    case .share, .quantile, .speed: false
    }
  }

  /// Whether a model's requests are judged by themselves, too.
  package var isOfModels: Bool { hasRescues }

  /// Whether the baseline's rescues of failed canaries are a control for it.
  package var hasRescues: Bool { shareSignal.map { $0 != .retry && $0 != .abandoned } ?? false }

  /// A limit of this metric as the tests of times take it: milliseconds, and a ratio of times; nil for others.
  func timeLimits(_ limits: Decision.Limits) -> (quantile: Double, above: Double?, ratio: Double?)? {
    switch row.kind {
    case .quantile(_, let quantile): (quantile, limits.above, limits.ratioAbove)
    case .speed:
      (0.5, limits.below.map { 1000 / max($0, 1e-9) }, limits.ratioBelow.map { 1 / max($0, 1e-6) })
    default: nil
    }
  }

  /// Whether compared pairs decide it, and not attempts.
  package var isOfPairs: Bool { row.kind == .mismatches }

  /// The quantile that a metric of time names, else nil.
  package var quantile: Double? {
    if case .quantile(_, let quantile) = row.kind { quantile } else { nil }
  }

  var stopwatch: Signal.Stopwatch? {
    switch row.kind {
    case .quantile(let stopwatch, _): stopwatch
    case .speed: .perToken
    default: nil
    }
  }

  /// The signal of a share that attempts alone decide; nil for quantiles, costs and mismatches.
  var shareSignal: Signal? {
    if case .share(let signal) = row.kind { signal } else { nil }
  }
}
