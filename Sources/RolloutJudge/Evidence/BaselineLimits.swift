/// What "slower than the baseline" means in nanoseconds, taken from the baseline's own past and frozen for a stage.

import Dialects

/// A limit is `ratio` times the baseline's quantile T of the previous stage; before there is one, of the first 500 baseline
/// exchanges of the stage. Only exchanges that a candidate could have been given, or that are copied to one, are learned from: of
/// others nobody knows how long they would take there. Never from the attempts that it judges.
///
/// The candidate is slow beyond `ratio` times T, the baseline beyond T, both at the same time. Any T is fair to a candidate that is
/// no more than `ratio` times as slow; one near the baseline's quantile says most.
struct BaselineLimits: Sendable {
  static let minSamples = 500

  private var latency = DurationHistogram()
  private var ttft = DurationHistogram()
  private var perToken = DurationHistogram()
  /// By signal; nil where the signal needs none or has none yet.
  private(set) var limits: [Int64?]
  /// Signals that take their limit from here.
  private let derived: [Int]
  private let signals: [Signal]

  init(_ signals: [Signal]) {
    self.signals = signals
    limits = signals.map { if case .slow(_, let limit, _) = $0 { limit } else { nil } }
    derived = signals.indices.filter { if case .slowerThanBaseline = signals[$0] { true } else { false } }
  }

  /// Whether any limit comes from the baseline's attempts.
  var isLearning: Bool { !derived.isEmpty }

  /// Signals that can judge an attempt that starts now.
  var ready: SignalSet {
    var set: SignalSet = 0
    for index in signals.indices where limits[index] != nil || !derived.contains(index) { set |= 1 << SignalSet(index) }
    return set
  }

  /// Nanoseconds beyond which an attempt of this arm is slow.
  func limit(_ signal: Int, isBaseline: Bool) -> Int64 {
    guard let limit = limits[signal] else { return .max }
    let ratio = signals[signal].ratio
    return isBaseline && ratio != 1 ? Int64(min(Double(limit) / max(ratio, 1e-6), 1e18)) : limit
  }

  /// Nanoseconds within which an attempt of this arm that ended `ok` is good in every signal; -1: its latency alone does not say.
  func alwaysGood(isBaseline: Bool) -> Int64 {
    var least = Int64.max
    for (index, signal) in signals.enumerated() {
      guard let stopwatch = signal.stopwatch else { continue }
      guard stopwatch == .latency else { return -1 }
      least = min(least, limit(index, isBaseline: isBaseline))
    }
    return least
  }

  /// A live attempt on the baseline ended, of an exchange that a candidate could have had.
  ///
  /// - Returns: Signals whose limit became known.
  mutating func record(_ end: AttemptEnd) -> SignalSet {
    guard isLearning, end.outcome.isOk else { return 0 }
    latency.record(nanoseconds: end.latency)
    if let time = end.ttft { ttft.record(nanoseconds: time) }
    if let time = end.perToken { perToken.record(nanoseconds: time) }
    var known: SignalSet = 0
    for index in derived where limits[index] == nil {
      limits[index] = fresh(index)
      if limits[index] != nil { known |= 1 << SignalSet(index) }
    }
    return known
  }

  /// - Returns: Signals whose limit changed.
  mutating func stageEntered() -> SignalSet {
    var changed: SignalSet = 0
    for index in derived {
      if let limit = fresh(index), limit != limits[index] {
        limits[index] = limit
        changed |= 1 << SignalSet(index)
      }
    }
    latency = DurationHistogram()
    ttft = DurationHistogram()
    perToken = DurationHistogram()
    return changed
  }

  private func fresh(_ index: Int) -> Int64? {
    guard case .slowerThanBaseline(let stopwatch, let quantile, let ratio) = signals[index] else { return nil }
    let histogram =
      switch stopwatch {
      case .latency: latency
      case .ttft: ttft
      case .perToken: perToken
      }
    guard histogram.count >= Self.minSamples, let value = histogram.value(at: quantile) else { return nil }
    return Int64(min(Double(value) * ratio, 1e18))
  }
}

extension BaselineLimits {
  struct Saved: Sendable, Equatable, Codable {
    var latency: [UInt64]
    var ttft: [UInt64]
    /// Nil in older ones.
    var perToken: [UInt64]?
    /// Nanoseconds by signal.
    var limits: [String: Int64]
  }

  var saved: Saved {
    var known: [String: Int64] = [:]
    for index in derived { known[signals[index].key] = limits[index] }
    return Saved(latency: latency.saved, ttft: ttft.saved, perToken: perToken.saved, limits: known)
  }

  mutating func restore(_ saved: Saved) {
    latency = DurationHistogram(saved.latency)
    ttft = DurationHistogram(saved.ttft)
    if let known = saved.perToken { perToken = DurationHistogram(known) }
    for index in derived { limits[index] = saved.limits[signals[index].key] ?? limits[index] }
  }
}
