/// The course of a rollout for the plots: attempts, errors and cost of each arm in ten-second steps, coarser with age.

import Dialects
import RolloutJudge

package struct Timeline: Sendable, Codable {
  package struct Bucket: Sendable, Equatable, Codable {
    /// Seconds since 1970.
    package var start: Int64
    package var seconds: Int64
    /// Attempts whose client did not leave.
    package var n: Int
    package var bad: Int
    /// USD, known costs only.
    package var cost: Double

    /// Short in the store: one small array.
    package init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      start = try container.decode(Int64.self)
      seconds = try container.decode(Int64.self)
      n = try container.decode(Int.self)
      bad = try container.decode(Int.self)
      cost = try container.decode(Double.self)
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      try container.encode(start)
      try container.encode(seconds)
      try container.encode(n)
      try container.encode(bad)
      try container.encode((cost * 1e9).rounded() / 1e9)
    }

    init(start: Int64, seconds: Int64, n: Int = 0, bad: Int = 0, cost: Double = 0) {
      self.start = start
      self.seconds = seconds
      self.n = n
      self.bad = bad
      self.cost = cost
    }
  }

  /// In order of time; steps without an attempt are left out.
  package private(set) var buckets: [Bucket] = []

  /// Step, and how long it is kept: 1 s for ten minutes (a rehearsal is over by then), 10 s for a day, 1 min for a
  /// week, then 1 h. A year of hours is kept; what is older is forgotten.
  private static let tiers: [(step: Int64, age: Int64)] = [
    (1, 600), (10, 86_400), (60, 7 * 86_400), (3600, 365 * 86_400),
  ]
  /// Roll-up is worth it once so many new steps have begun.
  private static let slack = 360
  private var begun = 0

  private enum CodingKeys: String, CodingKey { case buckets }

  package init() {}

  mutating func record(_ end: AttemptEnd) {
    let step = Self.tiers[0].step
    let second = end.at.nanoseconds / 1_000_000_000
    let start = second - second % step
    var place = buckets.count
    // Loops report in turns, so an attempt may belong a step or two back.
    while place > 0, buckets[place - 1].start > start { place -= 1 }
    if place > 0, start < buckets[place - 1].start + buckets[place - 1].seconds {
      count(end, at: place - 1)
    } else {
      buckets.insert(Bucket(start: start, seconds: step), at: place)
      count(end, at: place)
      begun += 1
      if begun >= Self.slack { rollUp(now: second) }
    }
  }

  private mutating func count(_ end: AttemptEnd, at place: Int) {
    if end.outcome.countsInDenominator { buckets[place].n += 1 }
    if end.outcome.countsAsError { buckets[place].bad += 1 }
    buckets[place].cost += end.cost ?? 0
  }

  mutating func rollUp(now: Int64) {
    begun = 0
    var rolled: [Bucket] = []
    rolled.reserveCapacity(buckets.count)
    for bucket in buckets {
      guard let tier = Self.tiers.first(where: { now - bucket.start <= $0.age }) else { continue }
      let step = max(tier.step, bucket.seconds)
      let start = bucket.start - bucket.start % step
      if let last = rolled.last, start < last.start + last.seconds {
        rolled[rolled.count - 1].n += bucket.n
        rolled[rolled.count - 1].bad += bucket.bad
        rolled[rolled.count - 1].cost += bucket.cost
      } else {
        rolled.append(Bucket(start: start, seconds: step, n: bucket.n, bad: bucket.bad, cost: bucket.cost))
      }
    }
    buckets = rolled
  }

  mutating func add(_ other: Timeline) {
    var merged: [Bucket] = []
    for bucket in (buckets + other.buckets).sorted(by: { ($0.start, -$0.seconds) < ($1.start, -$1.seconds) }) {
      if let last = merged.last, bucket.start < last.start + last.seconds {
        merged[merged.count - 1].n += bucket.n
        merged[merged.count - 1].bad += bucket.bad
        merged[merged.count - 1].cost += bucket.cost
      } else {
        merged.append(bucket)
      }
    }
    buckets = merged
  }
}
