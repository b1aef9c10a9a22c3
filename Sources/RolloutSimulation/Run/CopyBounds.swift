/// What keeps copies within bounds: so many in flight, so much money a day.

import RolloutJudge

struct CopyBounds: Sendable {
  private let maxInFlight: Int
  private let dollarsPerDay: Double?
  var underway = 0
  private var day: Int64 = 0
  private var spent = 0.0

  private static let dayLength: Int64 = 86_400_000_000_000

  init(_ policy: ShadowPolicy) {
    maxInFlight = policy.maxInFlight
    dollarsPerDay = policy.dollarsPerDay
  }

  /// Why a copy is not sent now; nil: it is.
  func refusal(at now: Int64) -> ShadowDrop? {
    if let dollarsPerDay, spent >= dollarsPerDay, now / Self.dayLength == day { return .budget }
    return underway >= maxInFlight ? .inFlight : nil
  }

  mutating func ended(cost: Double?, at now: Int64) {
    underway -= 1
    guard let cost else { return }
    let today = now / Self.dayLength
    if today != day { (day, spent) = (today, 0) }
    spent += cost
  }
}
