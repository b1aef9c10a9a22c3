/// How often a relative test may look ahead of the order of assignment.

/// Looking ahead through many attempts is put off, so that a busy proxy with thousands under way spends little on it.
struct Lookout: Sendable {
  private var wait: Int64 = 0
  private var last = Instant(nanoseconds: .min)

  /// What a look through few attempts may cost without a wait.
  private static let free: Int64 = 5_000

  func isDue(at now: Instant) -> Bool {
    let (passed, overflow) = now.nanoseconds.subtractingReportingOverflow(last.nanoseconds)
    return overflow || passed >= wait
  }

  /// A hundred times as long as it may have taken, at most half a second; nothing where few are under way.
  mutating func looked(at now: Instant, attempts: Int, weighed: Int) {
    let work = Int64(attempts * 15 + weighed * 250)
    wait = work < Self.free ? 0 : min(500_000_000, work * 100)
    last = now
  }
}
