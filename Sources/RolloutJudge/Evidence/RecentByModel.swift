/// The latest attempts of each candidate by model: whose a crossing of all requests together is.

import RealModule
import TrafficSplit

/// Bounded; not kept across a restart, after which a crossing that began before it is the candidate's.
struct RecentByModel: Sendable {
  static let limit = 512

  struct Counts: Sendable, Equatable {
    var n = 0
    var bad = 0
  }

  private struct Entry: Sendable {
    /// When the attempt began, in nanoseconds.
    var start: Int64
    var stratum: Int
    var population: Population
    /// The signals that it has turned bad in; of one that begins, none.
    var bad: SignalSet
  }

  private typealias Ring = LatestRing<Entry>

  /// What began before is not known; nil: all is.
  private static func horizon(of ring: Ring) -> Int64? { ring.isFull ? ring.oldest?.start : nil }

  /// By candidate; empty where nothing asks.
  private var began: [Ring]
  private var turnedBad: [Ring]

  init(candidates: Int, isAsked: Bool) {
    began = Array(repeating: Ring(limit: Self.limit), count: isAsked ? candidates : 0)
    turnedBad = began
  }

  mutating func began(_ record: borrowing AttemptRecord) { push(record, 0, \.began) }

  mutating func turnedBad(_ record: borrowing AttemptRecord, _ bad: SignalSet) { push(record, bad, \.turnedBad) }

  private mutating func push(
    _ record: borrowing AttemptRecord, _ bad: SignalSet, _ rings: WritableKeyPath<Self, [Ring]>
  ) {
    guard record.stratum >= 0, record.arm.candidate < self[keyPath: rings].count else { return }
    self[keyPath: rings][record.arm.candidate].append(
      Entry(start: record.start, stratum: record.stratum, population: record.population, bad: bad))
  }

  /// By stratum.
  func counts(_ signal: Int, of candidate: Int, _ population: Population, since: Instant) -> [Int: Counts] {
    guard candidate < began.count else { return [:] }
    let (began, bad) = (began[candidate], turnedBad[candidate])
    let since = max(since.nanoseconds, Self.horizon(of: began) ?? .min, Self.horizon(of: bad) ?? .min)
    var counts: [Int: Counts] = [:]
    for entry in began.elements where entry.start >= since && entry.population == population {
      counts[entry.stratum, default: Counts()].n += 1
    }
    for entry in bad.elements where entry.start >= since && entry.population == population && entry.bad.has(signal) {
      counts[entry.stratum, default: Counts()].bad += 1
    }
    return counts
  }
}

/// Whose the bad attempts are: some models', or everybody's.
enum Attribution {
  /// How much likelier it has to be that they are some models' than that all have one rate.
  private static let odds = 3.0

  /// The models that bad attempts are put down to, the worst first: as few as explain them. Two rates, theirs and the rest's, have to be three times
  /// as likely as one for all, times the ways in which as many could have been chosen. Where nothing but one model has been seen, it
  /// is that one's.
  ///
  /// - Parameter isWithin: Whether so many bad attempts of the rest's would be within the limits.
  static func culprits(
    _ counts: [Int: RecentByModel.Counts], isWithin: (_ rest: Int) -> Bool
  ) -> [Int] {
    let seen = counts.filter { $0.value.n > 0 }
    func rate(_ counts: RecentByModel.Counts) -> Double { Double(counts.bad) / Double(max(1, counts.n)) }
    let order = seen.sorted { (rate($1.value), $1.value.bad, $0.key) < (rate($0.value), $0.value.bad, $1.key) }
    guard order.count > 1 else { return order.map(\.key) }
    let (n, bad) = (order.reduce(0) { $0 + $1.value.n }, order.reduce(0) { $0 + $1.value.bad })
    var (chosen, ways) = (RecentByModel.Counts(), 0.0)
    for (count, entry) in order.enumerated().dropLast() {
      guard entry.value.bad > 0 else { break }
      chosen.n += entry.value.n
      chosen.bad += entry.value.bad
      ways += Double.log(Double(order.count - count) / Double(count + 1))
      guard isWithin(bad - chosen.bad) else { continue }
      let gain =
        likelihood(chosen.bad, chosen.n) + likelihood(bad - chosen.bad, n - chosen.n) - likelihood(bad, n)
      return gain >= ways + Double.log(odds) ? order.prefix(count + 1).map(\.key) : []
    }
    return []
  }

  /// The logarithm of the largest likelihood of so many bad ones.
  private static func likelihood(_ bad: Int, _ n: Int) -> Double {
    let (bad, n) = (Double(min(bad, n)), Double(n))
    func part(_ k: Double) -> Double { k > 0 ? k * Double.log(k / n) : 0 }
    return part(bad) + part(n - bad)
  }
}
