/// "The bad share is above r0 times the baseline's", weighed by whose each bad attempt was, in the order of assignment.

import RealModule

/// E = Σ_k w_k Π (b_k/a or (1-b_k)/(1-a)) over bad attempts, summed over starts with their weights; a = ρr0/(ρr0+1-ρ) is
/// the most that the candidate's probability of owning a bad attempt can be while it is no worse than r0, b_k the same for
/// a ratio r0·m_k. It needs no baseline rate, so drifting rates, outages of both arms and changing weights do not fool it.
///
/// Of a unit, only the first bad attempt since a start counts for that start. A later start then counts units that an earlier one
/// has counted, in a filtration of its own, so the largest of the weighted values takes the place of their sum.
struct RelativeTest: Sendable {
  /// Whom a bad attempt (in shadow: a pair of which one was bad) speaks against.
  enum Direction: Sendable, Equatable {
    case candidate
    case baseline
    case neither
  }

  struct Start: TestStart {
    var number: Int
    var weight: Double
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
  /// Bad attempts between two starts at least; 0: never again.
  private let spacing: Int
  let remembersUnits: Bool
  var starts: Starts<Start>
  var position = 0
  var entersStage = false
  /// Bad attempts since the newest start, and whether the last one was the candidate's: the next start begins after one of
  /// these, for what dies, dies at once.
  var sinceStart = 0
  var followsCandidate = false
  var units = UnitMemory()

  /// Ratios to hold against r0, as multiples of it.
  private static let worse = SIMD8<Double>(1.35, 1.75, 2.3, 3.2, 4.6, 7, 13, 30)
  private static let spacingOfStarts = 6

  private static func multiples(_ alternatives: AbsoluteTest.Alternatives) -> SIMD8<Double> {
    alternatives == .worse ? worse : 1 / worse
  }

  /// - Parameter entries: Stages that the candidate enters after its first.
  init(
    r0: Double, against alternatives: AbsoluteTest.Alternatives, remembersUnits: Bool, since: Instant, entries: Int = 0
  ) {
    self.r0 = max(r0, 1e-6)
    self.remembersUnits = remembersUnits
    multiples = Self.multiples(alternatives)
    spacing = alternatives == .worse ? Self.spacingOfStarts : 0
    starts = Starts(entries: entries)
    let isProof = spacing == 0
    starts.begin(isEntry: false, value: Self.weighted) { number, weight in
      Start(
        number: number, weight: isProof ? 1 : weight, position: 0, values: Self.one, since: since,
        reference: SignalTally())
    }
  }

  /// A stage is entered: a start of its own begins with the next bad attempt.
  mutating func stageEntered() { entersStage = spacing > 0 && position > 0 }

  private static let one = SIMD8<Double>(repeating: 1 / 8)

  /// The factors of one bad attempt; cheap, so never kept.
  func factors(_ direction: Direction, share: Double) -> SIMD8<Double> {
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
    if entersStage { restart(isEntry: true, at: at, reference: reference) }
    if spacing > 0, followsCandidate, sinceStart >= spacing { restart(isEntry: false, at: at, reference: reference) }
    entersStage = false
    sinceStart += 1
    followsCandidate = direction == .candidate
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

  func bounded(_ values: SIMD8<Double>) -> SIMD8<Double> { RestartWeights.bounded(values) }

  private mutating func restart(isEntry: Bool, at: Instant, reference: SignalTally) {
    sinceStart = 0
    starts.begin(isEntry: isEntry, value: Self.weighted) { [position] number, weight in
      Start(number: number, weight: weight, position: position, values: Self.one, since: at, reference: reference)
    }
  }

  static func weighted(_ start: Start) -> Double { start.weight * start.values.sum() }

  /// The sum of the starts' weighted values, or the largest.
  func combined(_ total: Double, _ value: Double) -> Double {
    remembersUnits ? max(total, value) : total + value
  }

  /// The e-value of what has been weighed.
  var value: Double {
    min(RestartWeights.ceiling, starts.reduce(0) { combined($0, Self.weighted($1)) })
  }

  var whole: Double { starts.whole(Self.weighted) }

  /// What the value cannot exceed if `more` bad attempts of the candidate are weighed next and nothing else.
  func bound(after more: Int) -> Double {
    var (growth, power, left) = (SIMD8<Double>(repeating: 1), multiples, more)
    while left > 0 {
      if left & 1 == 1 { growth = bounded(growth * power) }
      power = bounded(power * power)
      left >>= 1
    }
    return starts.reduce(0) { combined($0, $1.weight * bounded($1.values * growth).sum()) }
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

}
