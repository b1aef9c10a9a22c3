/// How fast the answers of all of a loop's copies may be read together, so that a flood of them takes little of its time.

/// A pure value: bytes and time saved up at a rate, up to a limit, and owed beyond it. Bytes are what most answers cost; time
/// is what an answer costs that is made to be dear.
struct ShadowPace {
  /// Far more than answers of ordinary length amount to, and still a small part of a loop's time.
  private var bytes = Allowance(perMillisecond: 32 << 10, saved: 256 << 10)
  /// In nanoseconds: a quarter of the loop's.
  private var time = Allowance(perMillisecond: 250_000, saved: 4_000_000)
  /// What the latest read took, in nanoseconds.
  private var latestRead: Int64 = 0
  private var refilledAt = Int64.min
  /// The most that one read can bring.
  private static let readBytes: Int64 = 64 << 10
  /// In nanoseconds. A read that seems to have taken longer was interrupted.
  private static let longestRead: Int64 = 4_000_000
  private static let shortestRead: Int64 = 20_000
  /// How long those who wait are let wait, in nanoseconds, before the next of them may read.
  let rest: Int64 = 2_000_000

  /// - Parameters:
  ///   - size: what has been read.
  ///   - began: when reading it began, of a monotonic clock, in nanoseconds.
  ///   - now: of the same clock.
  /// - Returns: whether more may be read at once.
  mutating func take(bytes size: Int, since began: Int64, at now: Int64) -> Bool {
    refill(at: now)
    latestRead = min(max(now - began, 0), Self.longestRead)
    bytes.left -= Int64(size)
    time.left -= latestRead
    return bytes.left > 0 && time.left > 0
  }

  /// How many of those who wait may read once more.
  mutating func readers(at now: Int64) -> Int {
    refill(at: now)
    let read = max(latestRead, Self.shortestRead)
    return Int(max(0, min((bytes.left + Self.readBytes - 1) / Self.readBytes, (time.left + read - 1) / read)))
  }

  private mutating func refill(at now: Int64) {
    defer { refilledAt = max(refilledAt, now) }
    guard refilledAt != .min, now > refilledAt else { return }
    // After long enough all is saved up again.
    let elapsed = min(now - refilledAt, 1_000_000_000)
    bytes.refill(over: elapsed)
    time.refill(over: elapsed)
  }

  private struct Allowance {
    let perMillisecond: Int64
    let saved: Int64
    var left: Int64

    init(perMillisecond: Int64, saved: Int64) {
      (self.perMillisecond, self.saved, left) = (perMillisecond, saved, saved)
    }

    mutating func refill(over nanoseconds: Int64) {
      left = min(saved, left + nanoseconds * perMillisecond / 1_000_000)
    }
  }
}
