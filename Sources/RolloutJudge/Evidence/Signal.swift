/// What makes one attempt bad for a metric: the yes-or-no question that every test of that metric asks.

import Dialects
import TrafficSplit

/// A metric reduced to bad or good. Tests on shares and on quantiles alike run on signals: "p95 above L" is "more than 5%
/// of attempts take longer than L".
enum Signal: Sendable, Hashable {
  case error
  case incomplete
  case rateLimited
  case retry
  /// Slower than a limit fixed in the playbook, in nanoseconds.
  case slow(Stopwatch, limit: Int64)
  /// Slower than `ratio` times the baseline's quantile, taken from the past (`BaselineLimits`).
  case slowerThanBaseline(Stopwatch, quantile: Double, ratio: Double)

  enum Stopwatch: String, Sendable, Hashable { case latency, ttft }

  /// What an ended attempt says.
  enum Reading: Sendable, Equatable {
    case bad
    case good
    /// Left out of the denominator.
    case excluded
  }

  /// Stable across runs: names the signal in a checkpoint.
  var key: String {
    switch self {
    case .error: "error"
    case .incomplete: "incomplete"
    case .rateLimited: "rate_limited"
    case .retry: "retry"
    case .slow(let stopwatch, let limit): "\(stopwatch.rawValue)>\(limit)"
    case .slowerThanBaseline(let stopwatch, let quantile, let ratio): "\(stopwatch.rawValue)@\(quantile)x\(ratio)"
    }
  }

  /// Whether an attempt that is still running turns bad by its age alone.
  var isKnownByAge: Bool {
    switch self {
    case .slow(.latency, _), .slowerThanBaseline(.latency, _, _): true
    default: false
    }
  }

  /// - Parameter limit: Nanoseconds, for the slow signals.
  func reading(of end: AttemptEnd, limit: Int64) -> Reading {
    if end.outcome == .clientGone { return isKnownByAge && end.latency > limit ? .bad : .excluded }
    switch self {
    case .error: return end.outcome.countsAsError ? .bad : .good
    case .incomplete: return end.outcome == .incomplete ? .bad : .good
    case .rateLimited: return end.outcome == .rateLimited ? .bad : .good
    case .retry: return end.isRetry ? .bad : .good
    case .slow(.latency, _), .slowerThanBaseline(.latency, _, _):
      // Only `ok` has a latency, a timeout is slower than any limit, and whoever was past the limit had already shown it.
      if end.outcome == .timeout || end.latency > limit { return .bad }
      return end.outcome == .ok ? .good : .excluded
    case .slow(.ttft, _), .slowerThanBaseline(.ttft, _, _):
      if let ttft = end.ttft { return ttft > limit ? .bad : .good }
      if end.outcome == .timeout { return .bad }
      return end.outcome != .ok && end.latency > limit ? .bad : .excluded
    }
  }
}

/// A set of signals by their index in the plan.
typealias SignalSet = UInt32

extension SignalSet {
  func has(_ signal: Int) -> Bool { self & (1 << SignalSet(signal)) != 0 }
}

extension Metric {
  var stopwatch: Signal.Stopwatch? {
    switch self {
    case .latencyP50, .latencyP95, .latencyP99: .latency
    case .ttftP50, .ttftP95, .ttftP99: .ttft
    default: nil
    }
  }

  /// The signal of a share metric that attempts alone decide; nil for quantiles, costs and mismatches.
  var shareSignal: Signal? {
    switch self {
    case .errorRate: .error
    case .incompleteRate: .incomplete
    case .rateLimitedRate: .rateLimited
    case .retryRate: .retry
    default: nil
    }
  }
}
