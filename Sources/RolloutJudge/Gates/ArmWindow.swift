/// One arm's recent past: a window for every metric that a condition asks about.

import Dialects

struct ArmWindow: Sendable {
  private var shares: [(metric: Metric, signal: Signal, window: SlidingWindow)] = []
  private var latency: SlidingWindow?
  private var ttft: SlidingWindow?

  init(_ conditions: [Condition], _ window: Duration) {
    for metric in Set(conditions.map(\.metric)).sorted(by: { $0.rawValue < $1.rawValue }) {
      if let signal = metric.shareSignal {
        shares.append((metric, signal, SlidingWindow(window, keepsDurations: false)))
      } else if metric.stopwatch == .latency, latency == nil {
        latency = SlidingWindow(window, keepsDurations: true)
      } else if metric.stopwatch == .ttft, ttft == nil {
        ttft = SlidingWindow(window, keepsDurations: true)
      }
    }
  }

  mutating func record(_ end: AttemptEnd) {
    for index in shares.indices {
      let reading = shares[index].signal.reading(of: end, limit: .max)
      if reading != .excluded { shares[index].window.record(isBad: reading == .bad, at: end.at) }
    }
    if end.outcome == .ok { latency?.record(isBad: false, nanoseconds: end.latency, at: end.at) }
    if let time = end.ttft { ttft?.record(isBad: false, nanoseconds: time, at: end.at) }
  }

  mutating func advance(to now: Instant) {
    for index in shares.indices { shares[index].window.advance(to: now) }
    latency?.advance(to: now)
    ttft?.advance(to: now)
  }

  /// The metric's value in the window, in its own unit, and the counts it rests on.
  func value(of metric: Metric) -> (value: Double, count: SlidingWindow.Count)? {
    if let share = shares.first(where: { $0.metric == metric }) {
      return share.window.share.map { ($0, share.window.count) }
    }
    guard let quantile = metric.quantile, let window = metric.stopwatch == .latency ? latency : ttft else { return nil }
    return window.milliseconds(at: quantile).map { ($0, window.count) }
  }
}
