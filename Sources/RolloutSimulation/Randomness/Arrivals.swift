/// When requests arrive: a Poisson process whose rate follows the scenario.

import RolloutJudge

/// Each wait is an exponential draw, spent against the rate over time; exact at every step of the rate.
struct Arrivals: Sendable {
  /// Nanoseconds since the start; `.max` where nothing will ever arrive.
  private(set) var next: Int64 = 0
  private var rate = 0.0
  /// Where the rate changes next.
  private var edge: Int64 = .max
  private let steps: [(at: Int64, perNanosecond: Double)]
  /// Nil where the shape does not repeat.
  private let period: Int64?

  init(_ shape: TrafficShape, _ generator: inout SeededGenerator) {
    steps = shape.steps.map { ($0.at.nanoseconds, $0.rate / 1e9) }
    period = shape.isDaily ? TrafficShape.day.nanoseconds : nil
    enter(at: 0)
    advance(&generator)
  }

  mutating func advance(_ generator: inout SeededGenerator) {
    guard next != .max else { return }
    var wait = generator.wait()
    var now = next
    while true {
      let reach = rate > 0 ? wait / rate : .infinity
      if reach < Double(edge - now) || (edge == .max && reach < 4e18) {
        next = now + Int64(reach)
        return
      }
      guard edge != .max else {
        next = .max
        return
      }
      wait -= rate * Double(edge - now)
      now = edge
      enter(at: now)
    }
  }

  private mutating func enter(at now: Int64) {
    guard steps.contains(where: { $0.perNanosecond > 0 }) else {
      (rate, edge) = (0, .max)
      return
    }
    let phase = period.map { now % $0 } ?? now
    let current = steps.lastIndex { $0.at <= phase }
    rate = steps[current ?? (period == nil ? 0 : steps.count - 1)].perNanosecond
    let following = steps.first { $0.at > phase }
    if let following {
      edge = now - phase + following.at
    } else {
      edge = period.map { now - phase + $0 + steps[0].at } ?? .max
    }
  }
}
