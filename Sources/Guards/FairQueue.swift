/// The queue before one arm: so many requests at a time, so many waiting, each group's turn as often as every other's.

/// A value: instants come with the events, in nanoseconds of a monotonic clock.
package struct FairQueue: Sendable {
  package struct Waiter: Sendable, Hashable {
    package var number: UInt64
  }

  package enum Arrival: Equatable, Sendable {
    case go
    /// - Parameter displaced: one of the longest line that has to go for it.
    case wait(Waiter, displaced: Waiter?)
    /// Nobody's line is longer than its own.
    case refuse
  }

  private struct Line {
    var waiters: [Waiter] = []
    var start = 0

    var count: Int { waiters.count - start }

    mutating func takeFirst() -> Waiter {
      defer { start += 1 }
      return waiters[start]
    }
  }

  private let waiting: Int
  private let atMost: Int64
  /// As many as may be under way now.
  package var limit: Int
  package private(set) var inFlight = 0
  private var lines: [UInt64: Line] = [:]
  /// The groups that have someone waiting, in the order of their turns.
  private var turns: [UInt64] = []
  private var groups: [Waiter: (group: UInt64, deadline: Int64)] = [:]
  /// By deadline, which is the order of arrival.
  private var arrivals: [Waiter] = []
  private var arrivalsStart = 0
  private var nextNumber: UInt64 = 1

  package init(limit: Int, waiting: Int, atMost: Duration) {
    self.limit = limit
    self.waiting = waiting
    self.atMost = atMost.nanoseconds
  }

  package var waitingCount: Int { groups.count }

  // MARK: events

  package mutating func arrived(_ group: UInt64, at now: Int64) -> Arrival {
    if inFlight < limit, groups.isEmpty {
      inFlight += 1
      return .go
    }
    var displaced: Waiter?
    if groups.count >= waiting {
      guard let last = displace(for: group) else { return .refuse }
      displaced = last
    }
    let waiter = Waiter(number: nextNumber)
    nextNumber += 1
    if lines[group, default: Line()].count == 0 { turns.append(group) }
    lines[group, default: Line()].waiters.append(waiter)
    groups[waiter] = (group, now + atMost)
    arrivals.append(waiter)
    return .wait(waiter, displaced: displaced)
  }

  /// One that was under way is over.
  /// - Returns: those that go now.
  package mutating func left() -> [Waiter] {
    assert(inFlight > 0, "who leaves was there")
    inFlight = max(0, inFlight - 1)
    return next()
  }

  /// As many as there is room for.
  package mutating func next() -> [Waiter] {
    var going: [Waiter] = []
    while inFlight < limit, let group = turns.first {
      guard var line = lines[group], line.count > 0 else {
        assertionFailure("a group that has a turn has someone waiting")
        turns.removeFirst()
        continue
      }
      let waiter = line.takeFirst()
      turns.removeFirst()
      if line.count > 0 {
        turns.append(group)
        if line.start > 64, line.start * 2 > line.waiters.count {
          line.waiters.removeFirst(line.start)
          line.start = 0
        }
        lines[group] = line
      } else {
        lines[group] = nil
      }
      groups[waiter] = nil
      inFlight += 1
      going.append(waiter)
    }
    return going
  }

  /// Its client has left. Does nothing where it does not wait.
  package mutating func gaveUp(_ waiter: Waiter) { remove(waiter) }

  /// Those who have waited for as long as they may.
  package mutating func overdue(at now: Int64) -> [Waiter] {
    var late: [Waiter] = []
    while let first = firstArrival, let place = groups[first], place.deadline <= now {
      remove(first)
      late.append(first)
    }
    return late
  }

  /// When `overdue` has to be asked next.
  package var nextDeadline: Int64? {
    mutating get { firstArrival.flatMap { groups[$0]?.deadline } }
  }

  // MARK: inside

  private var firstArrival: Waiter? {
    mutating get {
      while arrivalsStart < arrivals.count, groups[arrivals[arrivalsStart]] == nil { arrivalsStart += 1 }
      if arrivalsStart > 256, arrivalsStart * 2 > arrivals.count {
        arrivals.removeFirst(arrivalsStart)
        arrivalsStart = 0
      }
      return arrivalsStart < arrivals.count ? arrivals[arrivalsStart] : nil
    }
  }

  /// The newest of the longest line, where that is longer than this group's would become.
  private mutating func displace(for group: UInt64) -> Waiter? {
    guard let longest = lines.max(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) }),
      longest.value.count > (lines[group]?.count ?? 0) + 1, let last = longest.value.waiters.last
    else { return nil }
    remove(last)
    return last
  }

  private mutating func remove(_ waiter: Waiter) {
    guard let (group, _) = groups.removeValue(forKey: waiter), var line = lines[group],
      let place = line.waiters[line.start...].firstIndex(of: waiter)
    else { return }
    line.waiters.remove(at: place)
    if line.count > 0 {
      lines[group] = line
    } else {
      lines[group] = nil
      turns.removeAll { $0 == group }
    }
  }
}
