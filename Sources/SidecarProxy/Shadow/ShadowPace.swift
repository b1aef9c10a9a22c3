/// How fast the answers of all of a loop's copies may be read together, so that a flood of them takes little of its time.

/// A pure value: bytes saved up at a rate, up to a limit, and owed beyond it.
struct ShadowPace {
  private var bytes = ShadowPace.saved
  private var refilledAt = Int64.min
  /// Far more than answers of ordinary length amount to, and still a small part of a loop's time.
  private static let bytesPerMillisecond: Int64 = 32 << 10
  private static let saved: Int64 = 256 << 10
  /// The most that one read can bring.
  private static let readBytes: Int64 = 64 << 10
  /// How long those who wait are let wait, in nanoseconds, before the next of them may read.
  let rest: Int64 = 2_000_000

  /// - Parameters:
  ///   - size: what has been read.
  ///   - now: of a monotonic clock, in nanoseconds.
  /// - Returns: whether more may be read at once.
  mutating func take(bytes size: Int, at now: Int64) -> Bool {
    refill(at: now)
    bytes -= Int64(size)
    return bytes > 0
  }

  /// How many of those who wait may read once more.
  mutating func readers(at now: Int64) -> Int {
    refill(at: now)
    return max(0, Int((bytes + Self.readBytes - 1) / Self.readBytes))
  }

  private mutating func refill(at now: Int64) {
    defer { refilledAt = now }
    guard refilledAt != .min, now > refilledAt else { return }
    // After long enough all is saved up again.
    let elapsed = min(now - refilledAt, 1_000_000_000)
    bytes = min(Self.saved, bytes + elapsed * Self.bytesPerMillisecond / 1_000_000)
  }
}
