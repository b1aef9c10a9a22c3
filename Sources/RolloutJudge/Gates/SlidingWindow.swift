/// Counts of the last few minutes in fixed memory, for gates over windows.

import RealModule

/// Thirty buckets; the window is right to one of them. Optionally also how long attempts took, in bins of 5%.
struct SlidingWindow: Sendable {
  static let buckets = 30
  /// From one millisecond to beyond one hour.
  private static let bins = 320
  private static let logStep = 0.048_790_164_169_432_05

  private let width: Int64
  /// By bucket; the newest one's is `current`, which costs less to count in.
  private var counts = [Count](repeating: Count(), count: buckets)
  private var current = Count()
  private var total = Count()
  private var newest: Int64?
  /// The newest bucket's place, and the first instant behind it.
  private var place = 0
  private var end = Int64.min
  /// By bucket and bin; empty where durations are not kept.
  private var durations: [UInt32]
  private var durationTotals: [UInt32]

  struct Count: Sendable, Equatable {
    var n = 0
    var bad = 0
    /// Of what was added up, where anything was.
    var sum = 0.0
  }

  init(_ window: Duration, keepsDurations: Bool) {
    width = max(1, window.nanoseconds / Int64(Self.buckets))
    durations = keepsDurations ? Array(repeating: 0, count: Self.buckets * Self.bins) : []
    durationTotals = keepsDurations ? Array(repeating: 0, count: Self.bins) : []
  }

  /// Everything now in the window.
  var count: Count { total }
  var share: Double? { total.n > 0 ? Double(total.bad) / Double(total.n) : nil }

  mutating func advance(to now: Instant) {
    if now.nanoseconds < end { return }
    let bucket = now.nanoseconds / width
    if let last = newest, bucket > last {
      counts[place] = current
      current = Count()
      for index in max(last + 1, bucket - Int64(Self.buckets) + 1)...bucket { clear(Int(index % Int64(Self.buckets))) }
    }
    enter(max(bucket, newest ?? bucket))
  }

  private mutating func enter(_ bucket: Int64) {
    newest = bucket
    place = Int(bucket % Int64(Self.buckets))
    let (next, overflow) = (bucket + 1).multipliedReportingOverflow(by: width)
    end = overflow ? .max : next
  }

  private mutating func clear(_ bucket: Int) {
    total.n -= counts[bucket].n
    total.bad -= counts[bucket].bad
    total.sum = total.n > 0 ? total.sum - counts[bucket].sum : 0
    counts[bucket] = Count()
    guard !durations.isEmpty else { return }
    for bin in 0..<Self.bins {
      durationTotals[bin] -= durations[bucket * Self.bins + bin]
      durations[bucket * Self.bins + bin] = 0
    }
  }

  /// An attempt that ended at an instant before the newest is counted in the newest bucket.
  mutating func record(isBad: Bool, nanoseconds: Int64? = nil, amount: Double = 0, at: Instant) {
    if at.nanoseconds >= end { advance(to: at) }
    current.n += 1
    total.n += 1
    current.sum += amount
    total.sum += amount
    if isBad {
      current.bad += 1
      total.bad += 1
    }
    if let nanoseconds, !durations.isEmpty {
      let bin = min(Self.bins - 1, max(0, Int(Double.log(max(1, Double(nanoseconds) / 1e6)) / Self.logStep)))
      durations[place * Self.bins + bin] += 1
      durationTotals[bin] += 1
    }
  }

  /// Some of what was recorded was bad after all, or was not; counted in the newest bucket.
  mutating func correct(bad change: Int, at: Instant) {
    advance(to: at)
    current.bad += change
    total.bad += change
  }

  struct Saved: Sendable, Equatable, Codable {
    var newest: Int64?
    var n: [Int]
    var bad: [Int]
  }

  /// Counts only.
  var saved: Saved {
    var counts = counts
    if newest != nil { counts[place] = current }
    return Saved(newest: newest, n: counts.map(\.n), bad: counts.map(\.bad))
  }

  /// What lies ahead of `now` was seen by another clock, and is forgotten.
  mutating func restore(_ saved: Saved, at now: Instant) {
    guard saved.n.count == Self.buckets, saved.bad.count == Self.buckets, saved.newest ?? 0 <= now.nanoseconds / width
    else { return }
    if let last = saved.newest { enter(last) } else { (newest, place, end) = (nil, 0, .min) }
    counts = zip(saved.n, saved.bad).map { Count(n: $0, bad: $1) }
    current = newest == nil ? Count() : counts[place]
    total = Count(n: saved.n.reduce(0, +), bad: saved.bad.reduce(0, +))
  }

  /// - Returns: Milliseconds, to the middle of a bin; nil where the window holds none.
  func milliseconds(at quantile: Double) -> Double? {
    let all = durationTotals.reduce(0) { $0 + Int($1) }
    guard all > 0 else { return nil }
    var before = 0
    for bin in 0..<Self.bins {
      before += Int(durationTotals[bin])
      if Double(before) >= quantile * Double(all) { return Double.exp((Double(bin) + 0.5) * Self.logStep) }
    }
    return nil
  }
}
