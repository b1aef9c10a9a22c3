/// Whether the baseline itself is in trouble: while it is, a stage says nothing about a candidate.

import Dialects
import TrafficSplit

/// Looks at the last five minutes of the baseline's live attempts against every rollback condition's absolute limit. It only
/// ever holds a stage, so it needs no promise; three standard deviations keep it from crying at nothing. Where the last ten
/// seconds have brought enough attempts to see that they are within the limit, the outage is over, whatever came before.
struct BaselineWatch: Sendable {
  private var watched: [Watched]

  private struct Watched: Sendable {
    var key: String
    var signal: Signal
    var limit: Int64
    var p0: Double
    var window: SlidingWindow
    var recent = SlidingWindow(.seconds(10), keepsDurations: false)

    private var isOver: Bool { recent.count.n >= 20 && Double(recent.count.bad) <= p0 * Double(recent.count.n) }

    var isBeyond: Bool {
      guard !isOver else { return false }
      let (n, bad) = (Double(window.count.n), Double(window.count.bad))
      return bad > p0 * n + 3 * (p0 * n).squareRoot() + 2
    }
  }

  init(_ plan: EvidencePlan) {
    watched = plan.conditions.filter { $0.isRollback && $0.condition.above != nil }.flatMap { planned in
      planned.parts.compactMap { named in
        guard named.name == "absolute", case .absolute(let index) = named.part else { return nil }
        let spec = plan.absolutes[index]
        // People who leave say nothing about the baseline's health.
        let signal = plan.signals[spec.signal] == .errorOrAbandoned ? .error : plan.signals[spec.signal]
        let limit: Int64 = if case .slow(_, let limit, _) = signal { limit } else { .max }
        return Watched(
          key: plan.key(spec), signal: signal, limit: limit, p0: spec.p0,
          window: SlidingWindow(.seconds(300), keepsDurations: false))
      }
    }
  }

  var isDegraded: Bool { watched.contains { $0.isBeyond } }

  mutating func record(_ end: AttemptEnd) {
    guard end.arm.isBaseline, end.population == .live else { return }
    for index in watched.indices {
      let reading = watched[index].signal.reading(of: end, limit: watched[index].limit)
      let isLeftOut = end.outcome.isClientGone && watched[index].signal == .error
      guard reading != .excluded, !isLeftOut else { continue }
      watched[index].window.record(isBad: reading == .bad, at: end.at)
      watched[index].recent.record(isBad: reading == .bad, at: end.at)
    }
  }

  mutating func advance(to now: Instant) {
    for index in watched.indices {
      watched[index].window.advance(to: now)
      watched[index].recent.advance(to: now)
    }
  }

  var saved: [String: SlidingWindow.Saved] {
    Dictionary(watched.map { ($0.key, $0.window.saved) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func restore(_ saved: [String: SlidingWindow.Saved], at now: Instant) {
    for index in watched.indices {
      if let window = saved[watched[index].key] { watched[index].window.restore(window, at: now) }
    }
  }
}
