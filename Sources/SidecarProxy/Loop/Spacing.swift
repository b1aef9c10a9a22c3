/// Work that need not be done every time: at most once in an interval.

struct Spacing {
  /// Nanoseconds.
  let interval: Int64
  private var takenAt = Int64.min

  init(_ interval: Int64) { self.interval = interval }

  func isDue(at now: Int64) -> Bool { takenAt == .min || now - takenAt >= interval }

  /// - Returns: whether it was due; then the interval begins anew.
  mutating func take(at now: Int64) -> Bool {
    guard isDue(at: now) else { return false }
    takenAt = now
    return true
  }
}
