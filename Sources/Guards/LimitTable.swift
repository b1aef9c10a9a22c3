/// What each team, tag or caller has had of its requests and its money, and who is told to wait.

/// A value: instants come with the events; monotonic in nanoseconds, and the day (UTC) by its number.
package struct LimitTable: Sendable {
  /// One limit for one value of what it is counted by.
  package struct Key: Sendable, Hashable {
    /// In the playbook's order.
    package var limit: Int
    package var value: UInt64

    package init(limit: Int, value: UInt64 = 0) {
      self.limit = limit
      self.value = value
    }
  }

  package struct Refusal: Equatable, Sendable {
    package enum Kind: String, Sendable { case perMinute = "per_minute", perDay = "per_day" }

    package var limit: Int
    package var kind: Kind
    /// Whole seconds, at least one.
    package var retryAfter: Int
  }

  private struct Usage {
    var minute = SlidingCounts(window: .seconds(60))
    var day = Int.min
    var dollars = 0.0
    var seen: Int64 = 0
  }

  private let limits: [GuardPolicy.Limit]
  private var usage: [Key: Usage] = [:]
  /// Values that are told apart, over all limits; the ones heard least recently are forgotten, unless they have spent something.
  package static let capacity = 8192

  package init(_ limits: [GuardPolicy.Limit]) { self.limits = limits }

  package var count: Int { usage.count }

  /// USD of this day.
  package func dollars(_ key: Key, day: Int) -> Double { usage[key].map { $0.day == day ? $0.dollars : 0 } ?? 0 }

  /// Counts the request where no limit keeps it back, and else nothing.
  ///
  /// - Parameters:
  ///   - keys: those of all limits that concern the request.
  ///   - time: the instant of the wall clock, in seconds since 1970.
  package mutating func requestCame(_ keys: [Key], at now: Int64, time: Int64) -> Refusal? {
    for key in keys {
      if let refusal = refusal(key, at: now, time: time) { return refusal }
    }
    for key in keys {
      if usage[key] == nil { makeRoom() }
      usage[key, default: Usage()].minute.add(all: 1, at: now)
      usage[key]?.seen = now
    }
    return nil
  }

  private mutating func refusal(_ key: Key, at now: Int64, time: Int64) -> Refusal? {
    guard limits.indices.contains(key.limit), var used = usage[key] else { return nil }
    let limit = limits[key.limit]
    if let most = limit.dollarsPerDay, used.day == Self.day(of: time), used.dollars >= most {
      return Refusal(limit: key.limit, kind: .perDay, retryAfter: Int(86_400 - time % 86_400))
    }
    guard let most = limit.perMinute else { return nil }
    used.minute.move(to: now)
    guard used.minute.all >= most else { return nil }
    let seconds = (used.minute.untilNextForgotten(at: now) + 999_999_999) / 1_000_000_000
    return Refusal(limit: key.limit, kind: .perMinute, retryAfter: max(1, Int(seconds)))
  }

  /// What an answer has cost.
  package mutating func spent(_ dollars: Double, by keys: [Key], time: Int64) {
    let day = Self.day(of: time)
    for key in keys where limits.indices.contains(key.limit) && limits[key.limit].dollarsPerDay != nil {
      if usage[key] == nil { makeRoom() }
      var used = usage[key] ?? Usage()
      if used.day != day { (used.day, used.dollars) = (day, 0) }
      used.dollars += dollars
      usage[key] = used
    }
  }

  private static func day(of time: Int64) -> Int { Int(time / 86_400) }

  private mutating func makeRoom() {
    guard usage.count >= Self.capacity else { return }
    let byAge = usage.sorted {
      ($0.value.dollars > 0 ? 1 : 0, $0.value.seen) < ($1.value.dollars > 0 ? 1 : 0, $1.value.seen)
    }
    for (key, _) in byAge.prefix(Self.capacity / 8) { usage[key] = nil }
  }
}
