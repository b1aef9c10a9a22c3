/// "The bad share is above r0 times the baseline's", weighed by whose each bad attempt was, in the order of assignment.

import RealModule

/// E = Σ_k w_k Π (b_k/a or (1-b_k)/(1-a)) over bad attempts, summed over starts with `RestartWeights`; a = ρr0/(ρr0+1-ρ) is
/// the most that the candidate's probability of owning a bad attempt can be while it is no worse than r0, b_k the same for
/// a ratio r0·m_k. It needs no baseline rate, so drifting rates, outages of both arms and changing weights do not fool it.
///
/// Of a unit, only the first bad attempt since a start counts for that start.
struct RelativeTest: Sendable {
  /// Whom a bad attempt (in shadow: a pair of which one was bad) speaks against.
  enum Direction: Sendable, Equatable {
    case candidate
    case baseline
    case neither
  }

  struct Start: Sendable {
    var number: Int
    /// The first bad attempt it judges.
    var position: Int
    var values: SIMD8<Double>
    var since: Instant
    /// Counts of what had been weighed before it.
    var reference: SignalTally
    /// The bad attempts it has weighed, by the share that the candidate had.
    var bad: [EvidenceBasis.Share] = []
    /// Whether `bad` is all of them: not where there were more shares than are kept apart, nor after an older checkpoint.
    var isCounted = true

    static let mostShares = 32

    mutating func count(_ direction: Direction, share: Double) {
      let place = bad.firstIndex { $0.share == share } ?? bad.count
      if place == bad.count {
        guard bad.count < Self.mostShares else {
          isCounted = false
          return
        }
        bad.append(EvidenceBasis.Share(share: share))
      }
      if direction == .candidate { bad[place].candidate += 1 } else { bad[place].baseline += 1 }
    }
  }

  let r0: Double
  private let multiples: SIMD8<Double>
  /// Bad attempts between two starts; 0: never again.
  private let spacing: Int
  private let remembersUnits: Bool
  private(set) var starts: [Start]
  private(set) var started = 1
  private(set) var position = 0
  private(set) var units = UnitMemory()

  /// Ratios to hold against r0, as multiples of it.
  private static let worse = SIMD8<Double>(1.35, 1.75, 2.3, 3.2, 4.6, 7, 13, 30)
  private static let spacingOfStarts = 12

  private static func multiples(_ alternatives: AbsoluteTest.Alternatives) -> SIMD8<Double> {
    alternatives == .worse ? worse : 1 / worse
  }

  init(r0: Double, against alternatives: AbsoluteTest.Alternatives, remembersUnits: Bool, since: Instant) {
    self.r0 = max(r0, 1e-6)
    self.remembersUnits = remembersUnits
    multiples = Self.multiples(alternatives)
    spacing = alternatives == .worse ? Self.spacingOfStarts : 0
    starts = [Start(number: 1, position: 0, values: Self.one, since: since, reference: SignalTally())]
  }

  private static let one = SIMD8<Double>(repeating: 1 / 8)

  /// The factors of one bad attempt; cheap, so never kept.
  private func factors(_ direction: Direction, share: Double) -> SIMD8<Double> {
    let null = share * r0 + (1 - share)
    let odds = null / (share * r0 * multiples + (1 - share))
    return direction == .candidate ? multiples * odds : odds
  }

  /// A bad attempt whose turn in the order of assignment has come.
  ///
  /// - Parameters:
  ///   - share: The probability that this exchange was given to the candidate rather than to the baseline; 1/2 for a pair.
  ///   - reference: Counts of what was weighed before it.
  mutating func weigh(_ direction: Direction, share: Double, unit: UInt32, at: Instant, reference: SignalTally) {
    guard direction != .neither else { return }
    position += 1
    if spacing > 0 && position % spacing == 0 { restart(at: at, reference: reference) }
    let factors = factors(direction, share: share)
    let heard = heardThrough(unit)
    for index in starts.indices where starts[index].position > heard {
      starts[index].values = bounded(starts[index].values * factors)
      starts[index].count(direction, share: share)
    }
    if remembersUnits { units.note(unit, at: position) }
  }

  /// Starts at or before this position do not count the unit again.
  private func heardThrough(_ unit: UInt32) -> Int {
    guard remembersUnits else { return -1 }
    return units.lastPosition(unit) ?? units.forgottenThrough
  }

  private func bounded(_ values: SIMD8<Double>) -> SIMD8<Double> { RestartWeights.bounded(values) }

  private mutating func restart(at: Instant, reference: SignalTally) {
    if starts.count >= RestartWeights.maxStarts {
      starts.remove(at: RestartWeights.leastUseful(starts.map { weighted($0, $0.values) }))
    }
    started += 1
    starts.append(
      Start(number: started, position: position, values: Self.one, since: at, reference: reference))
  }

  private func weighted(_ start: Start, _ values: SIMD8<Double>) -> Double {
    (spacing > 0 ? RestartWeights.weight(start.number) : 1) * values.sum()
  }

  /// The e-value of what has been weighed.
  var value: Double {
    min(RestartWeights.ceiling, starts.reduce(0) { $0 + weighted($1, $1.values) })
  }

  /// What the value cannot exceed if `more` bad attempts of the candidate are weighed next and nothing else.
  func bound(after more: Int) -> Double {
    var (growth, power, left) = (SIMD8<Double>(repeating: 1), multiples, more)
    while left > 0 {
      if left & 1 == 1 { growth = bounded(growth * power) }
      power = bounded(power * power)
      left >>= 1
    }
    return starts.reduce(0) { $0 + weighted($1, bounded($1.values * growth)) }
  }

  /// What one start says of so many bad attempts, unweighted: the formula alone, for whoever recomputes a decision.
  static func eValue(
    r0: Double, _ bad: [EvidenceBasis.Share], against alternatives: AbsoluteTest.Alternatives = .worse
  ) -> Double {
    let r0 = max(r0, 1e-6)
    let multiples = multiples(alternatives)
    var logs = SIMD8<Double>(repeating: 0)
    for counts in bad {
      for index in 0..<8 {
        let odds = (counts.share * r0 + 1 - counts.share) / (counts.share * r0 * multiples[index] + 1 - counts.share)
        logs[index] += Double(counts.candidate + counts.baseline) * Double.log(odds)
        logs[index] += Double(counts.candidate) * Double.log(multiples[index])
      }
    }
    return (0..<8).reduce(0) { $0 + Double.exp(min(460, logs[$1])) / 8 }
  }

  /// The start that contributes most now.
  var leading: Start { leading(of: starts) }

  func leading(of starts: [Start]) -> Start {
    starts.max { weighted($0, $0.values) < weighted($1, $1.values) } ?? starts[0]
  }
}

extension RelativeTest {
  /// Goes on from what has been weighed through attempts whose turn has not come, as far as they are known, without
  /// changing the test: what is not known is taken in the candidate's favour, so every value met on the way is at most the one
  /// that the full outcome will give.
  struct Preview: Sendable {
    private var test: RelativeTest
    private var seen: Set<UInt32> = []
    private var weighed: [(direction: Direction, share: Double, heard: Int)] = []
    private(set) var best: Double

    init(_ test: RelativeTest) {
      self.test = test
      self.test.units = UnitMemory()
      best = test.value
    }

    /// - Parameter memory: The units of the test that the preview was made from.
    mutating func weigh(_ direction: Direction, share: Double, unit: UInt32, memory: UnitMemory) {
      guard direction != .neither else { return }
      if test.remembersUnits && !seen.insert(unit).inserted { return }
      let factors = test.factors(direction, share: share)
      let heard = test.remembersUnits ? memory.lastPosition(unit) ?? memory.forgottenThrough : -1
      weighed.append((direction, share, heard))
      var total = 0.0
      for index in test.starts.indices {
        if test.starts[index].position > heard {
          test.starts[index].values = test.bounded(test.starts[index].values * factors)
        }
        total += test.weighted(test.starts[index], test.starts[index].values)
      }
      if total > best { best = min(total, RestartWeights.ceiling) }
    }

    /// With all that was weighed on the way counted.
    var starts: [Start] {
      test.starts.map { start in
        var start = start
        for entry in weighed where start.position > entry.heard { start.count(entry.direction, share: entry.share) }
        return start
      }
    }
  }
}

extension RelativeTest {
  struct Saved: Sendable, Equatable, Codable {
    var started: Int
    var position: Int
    var starts: [SavedStart]
    var units: UnitMemory.Saved
  }

  struct SavedStart: Sendable, Equatable, Codable {
    var number: Int
    var position: Int
    var values: [Double]
    var since: Instant
    var reference: SignalTally
    /// Nil where they are not all counted.
    var bad: [EvidenceBasis.Share]?
  }

  var saved: Saved {
    Saved(
      started: started, position: position,
      starts: starts.map {
        SavedStart(
          number: $0.number, position: $0.position, values: (0..<8).map($0.values.element), since: $0.since,
          reference: $0.reference, bad: $0.isCounted ? $0.bad : nil)
      },
      units: units.saved)
  }

  /// A saved state that does not have the shape of this version's is left out: the test then begins anew, later and slower.
  mutating func restore(_ saved: Saved) {
    guard !saved.starts.isEmpty, saved.starts.allSatisfy({ $0.values.count == 8 }) else { return }
    (started, position) = (saved.started, saved.position)
    starts = saved.starts.map {
      Start(
        number: $0.number, position: $0.position, values: SIMD8($0.values), since: $0.since, reference: $0.reference,
        bad: $0.bad ?? [], isCounted: $0.bad != nil)
    }
    units = UnitMemory(saved.units)
  }
}

extension SIMD8<Double> {
  fileprivate func element(_ index: Int) -> Double { self[index] }
}
