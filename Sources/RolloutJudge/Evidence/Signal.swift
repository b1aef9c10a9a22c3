/// What makes one attempt bad for a metric: the yes-or-no question that every test of that metric asks.

import Dialects
import TrafficSplit

/// A metric reduced to bad or good. Tests on shares and on quantiles alike run on signals: "p95 above L" is "more than 5%
/// of attempts take longer than L".
enum Signal: Sendable, Hashable {
  case error
  /// An error, or a client that left before the first token: what a silent arm does to people who do not wait.
  case errorOrAbandoned
  /// The client left before the first token.
  case abandoned
  case incomplete
  case rateLimited
  case retry
  /// Slower than a limit fixed in the playbook, in nanoseconds; the baseline: than one `ratio`-th of it.
  case slow(Stopwatch, limit: Int64, ratio: Double)
  /// Slower than `ratio` times the baseline's quantile T, taken from the past (`BaselineLimits`); the baseline: than T.
  case slowerThanBaseline(Stopwatch, quantile: Double, ratio: Double)

  enum Stopwatch: String, Sendable, Hashable {
    case latency, ttft
    /// The time for each token of a stream after its first: the reverse of its speed.
    case perToken = "per_token"
  }

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
    case .errorOrAbandoned: "error+abandoned"
    case .abandoned: "abandoned"
    case .incomplete: "incomplete"
    case .rateLimited: "rate_limited"
    case .retry: "retry"
    case .slow(let stopwatch, let limit, let ratio): "\(stopwatch.rawValue)>\(limit)/\(ratio)"
    case .slowerThanBaseline(let stopwatch, let quantile, let ratio): "\(stopwatch.rawValue)@\(quantile)x\(ratio)"
    }
  }

  /// The stopwatch of a signal of time.
  var stopwatch: Stopwatch? {
    switch self {
    case .slow(let stopwatch, _, _), .slowerThanBaseline(let stopwatch, _, _): stopwatch
    default: nil
    }
  }

  /// By how much slower the candidate may be than the baseline before it is bad.
  var ratio: Double {
    switch self {
    case .slow(_, _, let ratio), .slowerThanBaseline(_, _, let ratio): ratio
    default: 1
    }
  }

  /// Whether an attempt that is still running turns bad by its age alone.
  var isKnownByAge: Bool { stopwatch == .latency }

  /// - Parameter limit: Nanoseconds of the attempt's arm, for the slow signals.
  func reading(of end: AttemptEnd, limit: Int64) -> Reading {
    let hasLeft = end.outcome.isClientGone
    switch self {
    // Whoever left cannot have seen an error later: left out, only those who stay would count, and errors come quickly.
    case .error: return end.outcome.countsAsError ? .bad : .good
    case .errorOrAbandoned:
      return end.outcome.countsAsError || (hasLeft && end.ttft == nil) ? .bad : .good
    case .abandoned: return hasLeft && end.ttft == nil ? .bad : .good
    case .incomplete: return end.outcome == .incomplete ? .bad : .good
    case .rateLimited: return end.outcome == .rateLimited ? .bad : .good
    // Until its client asks again (`AwaitedRetries`).
    case .retry: return .good
    case .slow(.latency, _, _), .slowerThanBaseline(.latency, _, _):
      // Only `ok` has a latency, a timeout is slower than any limit, and whoever was past the limit had already shown it.
      if end.outcome == .timeout || end.latency > limit { return .bad }
      return end.outcome.isOk ? .good : .excluded
    case .slow(.ttft, _, _), .slowerThanBaseline(.ttft, _, _):
      if let ttft = end.ttft { return ttft > limit ? .bad : .good }
      if end.outcome == .timeout { return .bad }
      return !end.outcome.isOk && end.latency > limit ? .bad : .excluded
    case .slow(.perToken, _, _), .slowerThanBaseline(.perToken, _, _):
      return end.perToken.map { $0 > limit ? .bad : .good } ?? .excluded
    }
  }

  /// Whether a client that left took the verdict along: half a pair that says so is not decided.
  func isHidden(from end: AttemptEnd, _ reading: Reading) -> Bool {
    guard end.outcome.isClientGone else { return false }
    if stopwatch != nil { return reading == .excluded }
    return self != .retry
  }
}

/// A set of signals by their index in the plan.
typealias SignalSet = UInt32

extension SignalSet {
  func has(_ signal: Int) -> Bool { self & (1 << SignalSet(signal)) != 0 }
}
