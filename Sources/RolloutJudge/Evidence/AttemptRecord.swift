/// An attempt between its start and the moment nothing waits for it: what each signal knows about it so far.

import TrafficSplit

struct AttemptRecord: Sendable {
  var attempt: UInt64
  var exchange: UInt64
  var arm: ArmIndex
  var population: Population
  var unit: UInt32
  /// Each candidate's share at the moment of assignment; empty where none could have been given it.
  var shares: [Double]
  var start: Int64
  /// Its place among the attempts of its arm and population.
  var ordinal = 0
  /// The place of its model among those looked at apart, and its ordinal there; -1: none.
  var stratum = -1
  var stratumOrdinal = 0
  var isOver = false
  var marks: Marks
  /// A copy's: what is known of the live attempt that it copies.
  var original = Marks(counted: 0)
  /// A copy's: whether the live attempt was found.
  var isPaired = false
  /// Index of the newest copy of this live attempt, and of the next older copy of the same; -1: none.
  var newestCopy = -1
  var nextCopy = -1
  var cost = AttemptCost()
  /// A copy's: what the live attempt that it copies cost.
  var originalCost = AttemptCost()
  /// What was known of the baseline's costs when it began, by generation.
  var costsKnown = -1
  /// What it may be expected to cost (`CostKinds`); -1: nobody asks.
  var costKind = -1

  /// What each signal says, as sets.
  struct Marks: Sendable, Equatable {
    /// Signals that judge it; the others had no limit yet when it started.
    var counted: SignalSet
    var bad: SignalSet = 0
    var good: SignalSet = 0
    var excluded: SignalSet = 0
    /// Signals whose verdict a client that left took along; half a pair that says so is not decided.
    var hidden: SignalSet = 0

    var undecided: SignalSet { counted & ~(bad | good | excluded) }

    /// Whether it was good in everything that it was judged by.
    var isGood: Bool { good == counted && bad | excluded | hidden == 0 }

    mutating func settle(bad: SignalSet, good: SignalSet, excluded: SignalSet, hidden: SignalSet) {
      self.bad |= bad
      self.good |= good
      self.excluded |= excluded
      self.hidden |= hidden
    }
  }

  /// Becomes another attempt, the baseline's, without moving what it does not need: most attempts begin so.
  mutating func begin(
    _ start: AttemptStart, unit: UInt32, counted: SignalSet, stratum: Int, costsKnown: Int, costKind: Int
  ) {
    (attempt, exchange, arm, population) = (start.attempt, start.exchange, start.arm, start.population)
    self.unit = unit
    // The same array as before, nearly always: to compare it is cheaper than to count who has it.
    if shares != start.shares { shares = start.shares }
    self.start = start.at.nanoseconds
    (ordinal, self.stratum, stratumOrdinal, isOver) = (0, stratum, 0, false)
    (marks, original, isPaired) = (Marks(counted: counted), Marks(counted: 0), false)
    (newestCopy, nextCopy) = (-1, -1)
    (cost, originalCost) = (AttemptCost(), AttemptCost())
    (self.costsKnown, self.costKind) = (costsKnown, costKind)
  }

  /// Whether it is a live one of a candidate's where nothing was left for the baseline.
  var isAlone: Bool { !arm.isBaseline && population == .live && 1 - shares.reduce(0, +) <= 1e-9 }

  /// Whether a candidate could have been given it, or has been given a copy.
  var isEligible: Bool { newestCopy >= 0 || shares.contains { $0 > 0 } }

  /// Whom it speaks against for one candidate and signal; where an attempt or half a pair is not decided, the answer that
  /// favours `lenience`.
  func direction(
    against candidate: ArmIndex, _ population: Population, _ signal: SignalSet, favouring lenience: Lenience
  ) -> RelativeTest.Direction {
    guard marks.counted & signal != 0, marks.excluded & signal == 0 else { return .neither }
    if population == .live {
      let isBad = marks.bad & signal != 0
      let isOpen = marks.undecided & signal != 0
      if arm == candidate { return isBad || (isOpen && lenience == .baseline) ? .candidate : .neither }
      return isBad || (isOpen && lenience == .candidate) ? .baseline : .neither
    }
    guard isPaired, original.counted & signal != 0 else { return .neither }
    let isHidden = (original.hidden | original.undecided) & signal != 0
    guard isHidden || original.excluded & signal == 0 else { return .neither }
    switch lenience {
    case .candidate:
      if marks.bad & signal != 0 { return !isHidden && original.good & signal != 0 ? .candidate : .neither }
      return isHidden || original.bad & signal != 0 ? .baseline : .neither
    case .baseline:
      if !isHidden && original.bad & signal != 0 { return marks.good & signal != 0 ? .baseline : .neither }
      return (marks.bad | marks.undecided) & signal != 0 ? .candidate : .neither
    }
  }

  enum Lenience: Sendable { case candidate, baseline }

  /// The probability that the candidate was given it, of those given to it or to the baseline; nil where it could not
  /// have been either's. A pair is one half: both answered.
  func share(of candidate: ArmIndex, _ population: Population) -> Double? {
    if population == .shadow { return isPaired ? 0.5 : nil }
    guard candidate.candidate < shares.count else { return nil }
    let own = shares[candidate.candidate]
    if shares.count == 1 { return own > 0 && own < 1 - 1e-9 ? own : nil }
    let baseline = 1 - shares.reduce(0, +)
    guard own > 0, baseline > 1e-9 else { return nil }
    return own / (own + baseline)
  }
}
