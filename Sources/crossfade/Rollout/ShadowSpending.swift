/// What shadows have cost today, against the playbook's budget for a day (UTC).

import RolloutJudge

struct ShadowSpending {
  /// nil: no budget.
  let dollarsPerDay: Double?
  private var day: Int64 = 0
  private var spent = 0.0

  init(dollarsPerDay: Double?) { self.dollarsPerDay = dollarsPerDay }

  private static let dayLength: Int64 = 86_400_000_000_000

  /// - Returns: what has been spent today, if this cost is the one that used the budget up.
  mutating func add(_ cost: Double, at: Instant) -> Double? {
    let today = at.nanoseconds / Self.dayLength
    if today != day { (day, spent) = (today, 0) }
    let before = spent
    spent += cost
    guard let budget = dollarsPerDay, before < budget, spent >= budget else { return nil }
    return spent
  }

  func isSpent(at now: Instant) -> Bool {
    guard let budget = dollarsPerDay, now.nanoseconds / Self.dayLength == day else { return false }
    return spent >= budget
  }

  var resumesAt: Instant { Instant(nanoseconds: (day + 1) * Self.dayLength) }
}
