/// Counts two kinds of event over the last while, in slots of a tenth of it.

/// A value: instants come with the events, in nanoseconds of a monotonic clock.
package struct SlidingCounts: Sendable, Equatable {
  private static let slots = 10
  private let slot: Int64
  private var counts: [(all: Int, some: Int)] = Array(repeating: (0, 0), count: slots)
  /// The slot that is filled now, counted from the clock's beginning.
  private var current: Int64 = -1
  /// Of all, and of the kind that is watched.
  package private(set) var all = 0
  package private(set) var some = 0

  package init(window: Duration) { slot = max(1, window.nanoseconds / Int64(Self.slots)) }

  package static func == (a: SlidingCounts, b: SlidingCounts) -> Bool {
    a.all == b.all && a.some == b.some && a.current == b.current && a.slot == b.slot
  }

  package mutating func add(all: Int = 0, some: Int = 0, at now: Int64) {
    move(to: now)
    let place = Int(current % Int64(Self.slots))
    counts[place].all += all
    counts[place].some += some
    self.all += all
    self.some += some
  }

  /// What is older than the window is forgotten.
  package mutating func move(to now: Int64) {
    let next = max(0, now / slot)
    guard next > current else { return }
    if next - current >= Int64(Self.slots) {
      counts = counts.map { _ in (0, 0) }
      (all, some) = (0, 0)
    } else {
      for step in (current + 1)...next {
        let place = Int(step % Int64(Self.slots))
        all -= counts[place].all
        some -= counts[place].some
        counts[place] = (0, 0)
      }
    }
    current = next
  }

  package func isEmpty(at now: Int64) -> Bool {
    var copy = self
    copy.move(to: now)
    return copy.all == 0 && copy.some == 0
  }

  /// Nanoseconds until the oldest slot that counts is forgotten.
  package func untilNextForgotten(at now: Int64) -> Int64 {
    guard current >= 0 else { return 0 }
    for back in stride(from: Int64(Self.slots - 1), through: 0, by: -1) {
      let step = current - back
      guard step >= 0, counts[Int(step % Int64(Self.slots))].all > 0 else { continue }
      return max(0, (step + Int64(Self.slots)) * slot - now)
    }
    return 0
  }
}

extension Duration {
  /// Saturating; a playbook's durations are far from it.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000
  }
}
