/// Says which shadowed exchanges are compared: so many pairs a second, chosen before any of their answers is known.

/// One per loop, a pure value. Half of the rate is kept for exchanges that the baseline answers twice, since only they tell
/// how much of a difference is the baseline's own; what they leave over is for the others.
struct ComparisonBudget {
  /// Pairs a second.
  private let rate: Double
  private var paired: Double
  private var noisy: Double
  private var refilledAt: Int64?
  private(set) var heldBytes = 0
  private let byteLimit: Int

  /// - Parameter perSecond: of this loop; not above 0: nothing is compared.
  init(perSecond: Double, byteLimit: Int) {
    rate = perSecond
    paired = max(1, perSecond)
    noisy = max(1, perSecond / 2)
    self.byteLimit = byteLimit
  }

  /// - Parameters:
  ///   - pairs: answers that would be held against the baseline's.
  ///   - hasNoise: one of the copies goes to the baseline.
  ///   - now: of a monotonic clock, in nanoseconds.
  mutating func admit(pairs: Int, hasNoise: Bool, at now: Int64) -> Bool {
    guard rate > 0, pairs > 0 else { return false }
    refill(at: now)
    if hasNoise, noisy >= 1 {
      noisy -= Double(pairs)
      return true
    }
    // Where a whole one is left, several pairs may be taken and owed.
    guard paired >= 1 else { return false }
    paired -= Double(pairs)
    return true
  }

  private mutating func refill(at now: Int64) {
    defer { refilledAt = now }
    guard let refilledAt, now > refilledAt else { return }
    let share = Double(now - refilledAt) * 1e-9 * rate / 2
    let room = max(0, max(1, rate / 2) - noisy)
    noisy += min(share, room)
    paired = min(max(1, rate), paired + share + max(0, share - room))
  }

  // MARK: bytes

  /// - Returns: false where that is more than the loop may hold; nothing has then changed.
  mutating func hold(bytes: Int) -> Bool {
    guard heldBytes + bytes <= byteLimit else { return false }
    heldBytes += bytes
    return true
  }

  mutating func release(bytes: Int) { heldBytes -= bytes }
}
