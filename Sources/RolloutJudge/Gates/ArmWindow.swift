/// One arm's recent past: a window for every metric that a condition asks about.

import Dialects

struct ArmWindow: Sendable {
  private var shares: [(metric: Metric, signal: Signal, window: SlidingWindow)] = []
  private var latency: SlidingWindow?
  private var ttft: SlidingWindow?
  /// Known costs; "bad" are the successful outcomes.
  private var costs: SlidingWindow?
  /// A candidate's compared answers, and the baseline's second ones.
  private var mismatches: SlidingWindow?
  private var noise: SlidingWindow?

  init(_ conditions: [Condition], _ window: Duration) {
    for metric in Set(conditions.map(\.metric)).sorted(by: { $0.rawValue < $1.rawValue }) {
      if let signal = metric.shareSignal {
        shares.append((metric, signal, SlidingWindow(window, keepsDurations: false)))
      } else if metric.stopwatch == .latency, latency == nil {
        latency = SlidingWindow(window, keepsDurations: true)
      } else if metric.stopwatch == .ttft, ttft == nil {
        ttft = SlidingWindow(window, keepsDurations: true)
      } else if metric.unit == .dollars, costs == nil {
        costs = SlidingWindow(window, keepsDurations: false)
      } else if metric.isOfPairs {
        mismatches = SlidingWindow(window, keepsDurations: false)
        noise = mismatches
      }
    }
  }

  mutating func record(_ end: AttemptEnd) {
    for index in shares.indices {
      let reading = shares[index].signal.reading(of: end, limit: .max)
      // A gate counts attempts that ended; who left has seen no end.
      let isLeftOut = end.outcome == .clientGone && shares[index].signal != .abandoned
      if reading != .excluded, !isLeftOut { shares[index].window.record(isBad: reading == .bad, at: end.at) }
    }
    if end.outcome == .ok { latency?.record(isBad: false, nanoseconds: end.latency, at: end.at) }
    if let time = end.ttft { ttft?.record(isBad: false, nanoseconds: time, at: end.at) }
    if let cost = end.cost {
      costs?.record(isBad: end.outcome == .ok && end.isNormalFinish, amount: cost, at: end.at)
    }
  }

  /// - Parameter hasNoise: Only pairs with a second answer of the baseline's count.
  mutating func record(_ pair: PairComparison, hasNoise: Bool) {
    guard !hasNoise || pair.noiseMismatch != nil else { return }
    mismatches?.record(isBad: pair.isMismatch, at: pair.at)
    if let isMismatch = pair.noiseMismatch { noise?.record(isBad: isMismatch, at: pair.at) }
  }

  /// - Parameter change: Successful outcomes more than were recorded.
  mutating func correct(successes change: Int, at: Instant) { costs?.correct(bad: change, at: at) }

  mutating func advance(to now: Instant) {
    for index in shares.indices { shares[index].window.advance(to: now) }
    latency?.advance(to: now)
    ttft?.advance(to: now)
    costs?.advance(to: now)
    mismatches?.advance(to: now)
    noise?.advance(to: now)
  }

  /// The metric's value in the window, in its own unit, and the counts it rests on.
  func value(of metric: Metric) -> (value: Double, count: SlidingWindow.Count)? {
    if let share = shares.first(where: { $0.metric == metric }) {
      return share.window.share.map { ($0, share.window.count) }
    }
    if metric.unit == .dollars {
      guard let count = costs?.count else { return nil }
      let units = metric == .costPerOutcome ? count.bad : count.n
      return units > 0 ? (count.sum / Double(units), SlidingWindow.Count(n: count.n)) : nil
    }
    if metric.isOfPairs { return mismatches?.share.flatMap { share in mismatches.map { (share, $0.count) } } }
    guard let quantile = metric.quantile, let window = metric.stopwatch == .latency ? latency : ttft else { return nil }
    return window.milliseconds(at: quantile).map { ($0, window.count) }
  }

  /// How often the baseline's own second answers are mismatches; nil where none was compared.
  var ownVariation: (value: Double, count: SlidingWindow.Count)? {
    noise.flatMap { window in window.share.map { ($0, window.count) } }
  }
}
