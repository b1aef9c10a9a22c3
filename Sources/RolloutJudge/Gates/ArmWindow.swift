/// One arm's recent past: a window for every metric that a condition asks about.

import Dialects

struct ArmWindow: Sendable {
  private var shares: [(metric: Metric, signal: Signal, window: SlidingWindow)] = []
  /// Attempts that began, for shares: what is under way is good until it turns bad. Where only ended ones counted, quick failures
  /// would be seen before the answers that take longer, and an arm that hangs not at all.
  private var started: SlidingWindow?
  private var latency: SlidingWindow?
  private var ttft: SlidingWindow?
  private var perToken: SlidingWindow?
  private var cachedShares: SlidingWindow?
  private var scores: SlidingWindow?
  /// Known costs; "bad" are the successful outcomes.
  private var costs: SlidingWindow?
  /// A candidate's compared answers, and the baseline's second ones.
  private var mismatches: SlidingWindow?
  private var noise: SlidingWindow?

  init(_ conditions: [Condition], _ window: Duration) {
    for metric in Set(conditions.map(\.metric)).sorted(by: { $0.rawValue < $1.rawValue }) {
      if let signal = metric.shareSignal {
        shares.append((metric, signal, SlidingWindow(window, keepsDurations: false)))
        started = SlidingWindow(window, keepsDurations: false)
      } else if metric.stopwatch == .latency, latency == nil {
        latency = SlidingWindow(window, keepsDurations: true)
      } else if metric.stopwatch == .ttft, ttft == nil {
        ttft = SlidingWindow(window, keepsDurations: true)
      } else if metric.stopwatch == .perToken, perToken == nil {
        perToken = SlidingWindow(window, keepsDurations: true)
      } else if metric == .cachedShare {
        cachedShares = SlidingWindow(window, keepsDurations: false)
      } else if metric == .score {
        scores = SlidingWindow(window, keepsDurations: false)
      } else if metric.unit == .dollars, costs == nil {
        costs = SlidingWindow(window, keepsDurations: false)
      } else if metric.isOfPairs {
        mismatches = SlidingWindow(window, keepsDurations: false)
        noise = mismatches
      }
    }
  }

  mutating func began(at: Instant) { started?.record(isBad: false, at: at) }

  mutating func record(_ end: AttemptEnd) {
    for index in shares.indices {
      let reading = shares[index].signal.reading(of: end, limit: .max)
      // Who left has seen no end.
      let isLeftOut = end.outcome == .clientGone && shares[index].signal != .abandoned
      if reading != .excluded, !isLeftOut { shares[index].window.record(isBad: reading == .bad, at: end.at) }
    }
    if end.outcome == .ok { latency?.record(isBad: false, nanoseconds: end.latency, at: end.at) }
    if let time = end.ttft { ttft?.record(isBad: false, nanoseconds: time, at: end.at) }
    // In thousandths, for a token takes less than the window's finest bin.
    if let time = end.perToken { perToken?.record(isBad: false, nanoseconds: time * 1000, at: end.at) }
    if let share = end.cachedShare { cachedShares?.record(isBad: false, amount: share, at: end.at) }
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

  /// An attempt that has been recorded was good until its client asked again.
  mutating func retried(at: Instant) {
    for index in shares.indices where shares[index].signal == .retry { shares[index].window.correct(bad: 1, at: at) }
  }

  mutating func scored(_ score: Double, at: Instant) { scores?.record(isBad: false, amount: score, at: at) }

  mutating func advance(to now: Instant) {
    for index in shares.indices { shares[index].window.advance(to: now) }
    started?.advance(to: now)
    latency?.advance(to: now)
    ttft?.advance(to: now)
    costs?.advance(to: now)
    mismatches?.advance(to: now)
    noise?.advance(to: now)
    perToken?.advance(to: now)
    cachedShares?.advance(to: now)
    scores?.advance(to: now)
  }

  /// The metric's value in the window, in its own unit, and the counts it rests on.
  func value(of metric: Metric) -> (value: Double, count: SlidingWindow.Count)? {
    if let share = shares.first(where: { $0.metric == metric }) {
      var count = share.window.count
      count.n = max(count.n, started?.count.n ?? 0)
      return count.n > 0 ? (Double(count.bad) / Double(count.n), count) : nil
    }
    if metric.unit == .dollars {
      guard let count = costs?.count else { return nil }
      let units = metric == .costPerOutcome ? count.bad : count.n
      return units > 0 ? (count.sum / Double(units), SlidingWindow.Count(n: count.n)) : nil
    }
    if metric.isOfPairs { return mismatches?.share.flatMap { share in mismatches.map { (share, $0.count) } } }
    if metric == .cachedShare { return cachedShares.flatMap(Self.mean) }
    if metric == .score { return scores.flatMap(Self.mean) }
    if metric.stopwatch == .perToken {
      guard let window = perToken, let time = window.milliseconds(at: 0.5), time > 0 else { return nil }
      return (1_000_000 / time, window.count)
    }
    guard let quantile = metric.quantile, let window = metric.stopwatch == .latency ? latency : ttft else { return nil }
    return window.milliseconds(at: quantile).map { ($0, window.count) }
  }

  private static func mean(_ window: SlidingWindow) -> (value: Double, count: SlidingWindow.Count)? {
    window.count.n > 0 ? (window.count.sum / Double(window.count.n), SlidingWindow.Count(n: window.count.n)) : nil
  }

  /// How often the baseline's own second answers are mismatches; nil where none was compared.
  var ownVariation: (value: Double, count: SlidingWindow.Count)? {
    noise.flatMap { window in window.share.map { ($0, window.count) } }
  }
}
