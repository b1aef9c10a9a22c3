/// How often a relative test may look ahead of the order of assignment.

/// Looking ahead through many attempts is put off, so that a busy proxy with thousands under way spends little on it.
struct Lookout: Sendable {
  private var wait: Int64 = 0
  private var last = Instant(nanoseconds: .min)

  func isDue(at now: Instant) -> Bool {
    let (passed, overflow) = now.nanoseconds.subtractingReportingOverflow(last.nanoseconds)
    return overflow || passed >= wait
  }

  /// A hundred times as long as it may have taken, at most half a second; nothing where few are under way.
  mutating func looked(at now: Instant, attempts: Int, weighed: Int) {
    let work = Int64(attempts * 15 + weighed * 400)
    wait = work < 200_000 ? 0 : min(500_000_000, work * 100)
    last = now
  }
}
