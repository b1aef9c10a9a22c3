/// What has been spent today (UTC), against what may be: of shadows, of an arm, or of an arm for one tag's value.

package import RolloutJudge

package struct DailySpend: Sendable, Equatable, Codable {
  private var day: Int64 = 0
  private var spent = 0.0
  /// USD of `spent` that is an upper estimate; nil for none, as before there were any.
  private var estimated: Double?

  package init() {}

  private static let dayLength: Int64 = 86_400_000_000_000

  /// - Parameters:
  ///   - cost: USD.
  ///   - isEstimate: nobody says what it was, so that `cost` is what it can have been at most.
  /// - Returns: what has been spent today, if this cost is the one that used the budget up.
  package mutating func add(_ cost: Double, isEstimate: Bool = false, at: Instant, budget: Double?) -> Double? {
    let today = at.nanoseconds / Self.dayLength
    if today > day { (day, spent, estimated) = (today, 0, nil) }
    // An attempt that ended before midnight and is told of after it is yesterday's.
    guard today == day else { return nil }
    let before = spent
    spent += cost
    if isEstimate { estimated = (estimated ?? 0) + cost }
    guard let budget, before < budget, spent >= budget else { return nil }
    return spent
  }

  /// What was spent elsewhere on the same day counts too.
  mutating func add(_ other: DailySpend) {
    if other.day > day {
      self = other
    } else if other.day == day {
      spent += other.spent
      if let more = other.estimated { estimated = (estimated ?? 0) + more }
    }
  }

  package func isSpent(at now: Instant, budget: Double?) -> Bool {
    guard let budget, now.nanoseconds / Self.dayLength == day else { return false }
    return spent >= budget
  }

  /// USD today.
  package func spent(at now: Instant) -> Double { now.nanoseconds / Self.dayLength == day ? spent : 0 }

  /// USD of the last cost's day that is an upper estimate.
  package var estimate: Double { estimated ?? 0 }

  /// Midnight after the day of the last cost.
  package var resumesAt: Instant { Instant(nanoseconds: (day + 1) * Self.dayLength) }
}
