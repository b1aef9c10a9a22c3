/// "The mean is above what is allowed", weighed by betting: costs and mismatches, which are sums and differences, no plain shares.

import RealModule

/// E = Σ_k 1/8 Π_i (1 + λ_k g_i), summed over starts with `RestartWeights`. An observation's payoff g_i is at least -1, and while
/// the candidate is within its limit its mean, given everything before it, is at most 0. A stake λ_k in (0, 1) then multiplies
/// to something that is never negative and whose mean stays at most 1, whatever g is otherwise distributed as (Waudby-Smith
/// and Ramdas 2024), so Ville's inequality applies. Small stakes find small excesses, large ones disasters.
///
/// Where a payoff depends on a number κ that is only known to lie in an interval, and on it linearly, both ends are followed:
/// log(1 + λ g(κ)) is concave in κ, so is its sum, and a concave function is smallest at an end. For each stake the smaller of
/// the two products is therefore at most the product for the true κ.
struct BettingTest: Sendable {
  /// At both ends of what is not known; equal where everything is.
  struct Payoff: Sendable, Equatable {
    var low: Double
    var high: Double

    init(_ value: Double) { (low, high) = (value, value) }

    init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
  }

  struct Start: Sendable {
    var number: Int
    /// The first observation it judges.
    var position: Int
    var low: SIMD8<Double>
    var high: SIMD8<Double>
    var since: Instant
    /// Sums of what had been weighed before it.
    var reference: BetTally
    /// How often each kind of observation was weighed, where there are only so many.
    var kinds: SIMD4<Int>
  }

  static let stakes = SIMD8<Double>(0.01, 0.025, 0.06, 0.12, 0.25, 0.45, 0.7, 0.95)
  /// Observations between two starts.
  private static let spacing = 500
  private static let maxStarts = 8
  private static let protectedStarts = 3
  /// Units are remembered by what they paid first, not by what was bad: there are more of them.
  private static let unitCapacity = 16_384
  private static let one = SIMD8<Double>(repeating: 1 / 8)

  private let remembersUnits: Bool
  private(set) var starts: [Start]
  private(set) var started = 1
  private(set) var position = 0
  private(set) var tally = BetTally()
  private var units = UnitMemory(capacity: unitCapacity)

  /// - Parameter remembersUnits: Of a unit only the first observation since a start counts for that start: where it is
  ///   assigned once and for all, the others were not drawn again.
  init(remembersUnits: Bool, since: Instant) {
    self.remembersUnits = remembersUnits
    starts = [
      Start(
        number: 1, position: 0, low: Self.one, high: Self.one, since: since, reference: BetTally(), kinds: .zero)
    ]
  }

  /// - Parameters:
  ///   - kind: 0 to 3, for observations of which there are no others.
  ///   - adding: What is counted beside it, for people.
  mutating func weigh(_ payoff: Payoff, unit: UInt32, kind: Int = 0, at: Instant, adding counts: BetTally) {
    position += 1
    if position % Self.spacing == 0 { restart(at: at) }
    tally.add(counts)
    let heard = remembersUnits ? units.lastPosition(unit) ?? units.forgottenThrough : -1
    let low = 1 + Self.stakes * max(-1, payoff.low)
    let high = payoff.high == payoff.low ? low : 1 + Self.stakes * max(-1, payoff.high)
    for index in starts.indices where starts[index].position > heard {
      starts[index].low = RestartWeights.bounded(starts[index].low * low)
      starts[index].high = RestartWeights.bounded(starts[index].high * high)
      starts[index].kinds[kind] += 1
    }
    if remembersUnits { units.note(unit, at: position) }
  }

  private mutating func restart(at: Instant) {
    if starts.count >= Self.maxStarts {
      let dropped = RestartWeights.leastUseful(of: starts.count, protecting: Self.protectedStarts) {
        Self.weighted(starts[$0])
      }
      starts.remove(at: dropped)
    }
    started += 1
    starts.append(
      Start(
        number: started, position: position, low: Self.one, high: Self.one, since: at, reference: tally, kinds: .zero))
  }

  private static func weighted(_ start: Start) -> Double {
    RestartWeights.weight(start.number) * pointwiseMin(start.low, start.high).sum()
  }

  var value: Double { min(RestartWeights.ceiling, starts.reduce(0) { $0 + Self.weighted($1) }) }

  /// The start that contributes most now.
  var leading: Start { starts.max { Self.weighted($0) < Self.weighted($1) } ?? starts[0] }

  /// What one start says of so many observations of each kind, unweighted: the formula alone.
  static func eValue(payoffs: [Double], counts: [Int]) -> Double {
    var value = one
    for (payoff, count) in zip(payoffs, counts) {
      let factor = 1 + stakes * max(-1, payoff)
      for stake in 0..<8 { value[stake] *= Double.pow(factor[stake], count) }
    }
    return value.sum()
  }
}

/// Plain sums beside a betting test, for messages and the journal.
struct BetTally: Sendable, Equatable, Codable {
  var candidate = 0
  var candidateSum = 0.0
  /// Of these, successful outcomes.
  var candidateGood = 0
  var baseline = 0
  var baselineSum = 0.0
  var baselineGood = 0

  mutating func add(_ other: BetTally) {
    candidate += other.candidate
    candidateSum += other.candidateSum
    candidateGood += other.candidateGood
    baseline += other.baseline
    baselineSum += other.baselineSum
    baselineGood += other.baselineGood
  }

  static func - (a: BetTally, b: BetTally) -> BetTally {
    BetTally(
      candidate: a.candidate - b.candidate, candidateSum: a.candidateSum - b.candidateSum,
      candidateGood: a.candidateGood - b.candidateGood, baseline: a.baseline - b.baseline,
      baselineSum: a.baselineSum - b.baselineSum, baselineGood: a.baselineGood - b.baselineGood)
  }
}

extension BettingTest {
  struct Saved: Sendable, Equatable, Codable {
    var started: Int
    var position: Int
    var tally: BetTally
    var starts: [SavedStart]
  }

  struct SavedStart: Sendable, Equatable, Codable {
    var number: Int
    var position: Int
    var low: [Double]
    var high: [Double]
    var since: Instant
    var reference: BetTally
    var kinds: [Int]
  }

  /// Without the units: after a restart no start counts a unit that it may have counted before.
  var saved: Saved {
    Saved(
      started: started, position: position, tally: tally,
      starts: starts.map { start in
        SavedStart(
          number: start.number, position: start.position, low: (0..<8).map { start.low[$0] },
          high: (0..<8).map { start.high[$0] }, since: start.since, reference: start.reference,
          kinds: (0..<4).map { start.kinds[$0] })
      })
  }

  /// A saved state that does not have the shape of this version's is left out: the test then begins anew, later and slower.
  mutating func restore(_ saved: Saved, at: Instant) {
    let hasShape = saved.starts.allSatisfy { $0.low.count == 8 && $0.high.count == 8 && $0.kinds.count == 4 }
    guard !saved.starts.isEmpty, hasShape else { return }
    (started, position, tally) = (saved.started, saved.position, saved.tally)
    starts = saved.starts.map {
      Start(
        number: $0.number, position: $0.position, low: SIMD8($0.low), high: SIMD8($0.high), since: $0.since,
        reference: $0.reference, kinds: SIMD4($0.kinds))
    }
    guard remembersUnits else { return }
    units.forgetAll(through: position)
    position += 1
    restart(at: at)
  }
}
