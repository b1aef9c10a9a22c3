/// "The bad share is above p0", weighed after every attempt: a mixture of likelihood ratios over worse shares, on counts only.

import RealModule

/// E = Σ_j w_j (q_j/p0)^bad ((1-q_j)/(1-p0))^good, summed over starts with their weights (`RestartWeights`).
///
/// Every started attempt counts as good until it turns bad, so at every moment the value is at most that of the finished
/// sequence in the order of starting, to which Ville's inequality applies.
///
/// With `isByUnit` a unit's attempts count for a start until the first of them is bad: one bad user is many bad requests, but one
/// piece of evidence. Starts then live in filtrations of their own, for each forgets what earlier ones know of the units; the
/// largest of the weighted values takes the place of their sum, which is a union bound over Ville's inequalities.
struct AbsoluteTest: Sendable {
  struct Start: TestStart, Equatable, Codable {
    var number: Int
    var weight: Double
    /// The first attempt it judges.
    var ordinal: Int
    /// Attempts, without those that every start has counted (`passed`) while the test runs.
    var n = 0
    var bad = 0
    var since: Instant
    var reference: SignalTally
  }

  let p0: Double
  private let grid: ShareGrid
  /// Attempts between two starts; 0: never again.
  private let spacing: Int
  private let since: Instant
  let isByUnit: Bool
  private(set) var begun = 0
  /// Attempts that every start has counted, and none has in its own `n`: most attempts are, and this is all they cost.
  private var passed = 0
  private(set) var starts: Starts<Start>
  private var units = UnitMemory()
  private var entersStage = false
  private var isStale = false
  private var known = Finding.none

  /// A value and the start that contributes most to it.
  struct Finding: Sendable {
    var value: Double
    /// Of the leading start.
    var n = 0
    var bad = 0
    var since: Instant?
    var reference = SignalTally()

    static let none = Finding(value: 0)
  }

  /// - Parameter entries: Stages that the candidate enters after its first.
  init(p0: Double, against alternatives: Alternatives, since: Instant, entries: Int = 0, isByUnit: Bool = false) {
    self.since = since
    self.isByUnit = isByUnit
    starts = Starts(entries: entries)
    // A limit of 0% or 100% has no odds; a millionth away from it decides the same.
    self.p0 = min(max(p0, 1e-6), 1 - 1e-6)
    grid = ShareGrid(p0: self.p0, alternatives)
    spacing = alternatives == .worse ? Int(min(1000, max(8, 1 / self.p0))) : 0
  }

  enum Alternatives: Sendable { case worse, better }

  /// What one start says of so many attempts, unweighted: the formula alone, for whoever recomputes a decision.
  static func eValue(p0: Double, n: Int, bad: Int, against alternatives: Alternatives = .worse) -> Double {
    AbsoluteTest(p0: p0, against: alternatives, since: Instant(nanoseconds: 0)).grid.value(n: n, bad: bad)
  }

  /// Whether the next attempt is the first of a new start.
  var beginsStart: Bool { starts.isEmpty || entersStage || (spacing > 0 && begun % spacing == 0) }

  /// A stage is entered: a start of its own begins with the next attempt.
  mutating func stageEntered() { entersStage = !starts.isEmpty && spacing > 0 }

  /// An attempt began, and is good for now.
  ///
  /// - Parameters:
  ///   - ordinal: Its place among the arm's attempts, rising.
  ///   - counts: False where it began at a time that is left out.
  mutating func began(_ ordinal: Int, unit: UInt32 = 0, counts: Bool = true, at: Instant, tally: SignalTally) {
    if starts.isEmpty {
      // The baseline may have been counted for a while before the candidate's first attempt.
      restart(ordinal, isEntry: false, at: since, tally: SignalTally())
    } else {
      if entersStage { restart(ordinal, isEntry: true, at: at, tally: tally) }
      if spacing > 0 && begun % spacing == 0 { restart(ordinal, isEntry: false, at: at, tally: tally) }
    }
    entersStage = false
    begun += 1
    guard counts else { return }
    let heard = heardThrough(unit)
    passed += 1
    // The oldest come first: where the unit has not been bad there are none.
    for index in starts.indices {
      guard starts[index].ordinal <= heard else { return }
      starts[index].n -= 1
    }
  }

  mutating func turnedBad(_ ordinal: Int, unit: UInt32 = 0, counts: Bool = true) {
    guard counts else { return }
    let heard = heardThrough(unit)
    for index in starts.indices where hears(index, ordinal, heard) { starts[index].bad += 1 }
    if isByUnit { units.note(unit, at: max(ordinal, heard)) }
    isStale = true
  }

  /// The attempt leaves the denominator; it had not turned bad.
  mutating func wasExcluded(_ ordinal: Int, unit: UInt32 = 0, counts: Bool = true) {
    guard counts else { return }
    // Where the unit has been bad since, it may not have been counted at all: a good one too many is the candidate's gain.
    let heard = heardThrough(unit)
    for index in starts.indices where hears(index, ordinal, heard) { starts[index].n -= 1 }
    isStale = true
  }

  /// Attempts that began together are taken into account from now on, or no longer.
  mutating func recount(from ordinal: Int, n: Int, bad: Int) {
    for index in starts.indices where starts[index].ordinal <= ordinal {
      starts[index].n += n
      starts[index].bad += bad
    }
    isStale = true
  }

  /// Whether a start has counted this attempt, of a unit that those through `heard` do not count.
  private func hears(_ index: Int, _ ordinal: Int, _ heard: Int) -> Bool {
    starts[index].ordinal <= ordinal && starts[index].ordinal > heard
  }

  /// Starts at or before this ordinal do not count the unit again.
  private func heardThrough(_ unit: UInt32) -> Int {
    guard isByUnit else { return -1 }
    return units.lastPosition(unit) ?? units.forgottenThrough
  }

  /// The e-value now, computed again only where it can have risen: attempts that began only lower it, and the starts that
  /// began with them add less than 1 together.
  mutating func finding(towards threshold: Double) -> Finding? {
    guard isStale || known.value + 1 >= threshold else { return nil }
    isStale = false
    known = starts.isEmpty ? .none : currentFinding()
    return known
  }

  /// The e-value now.
  func currentFinding() -> Finding {
    var total = 0.0
    var (best, bestValue) = (0, -1.0)
    for (index, start) in starts.enumerated() {
      let value = weighted(start)
      total = isByUnit ? max(total, value) : total + value
      if value > bestValue { (best, bestValue) = (index, value) }
    }
    guard !starts.isEmpty else { return .none }
    let start = starts[best]
    return Finding(
      value: min(total, RestartWeights.ceiling), n: start.n + passed, bad: start.bad, since: start.since,
      reference: start.reference)
  }

  var whole: Double { starts.whole(weighted) }

  /// What the value is made of.
  var counted: [EvidenceBasis.Start] {
    starts.map {
      EvidenceBasis.Start(start: $0.number, weight: spacing > 0 ? $0.weight : nil, n: $0.n + passed, bad: $0.bad)
    }
  }

  private func weighted(_ start: Start) -> Double {
    start.weight * grid.value(n: start.n + passed, bad: start.bad)
  }

  private mutating func restart(_ ordinal: Int, isEntry: Bool, at: Instant, tally: SignalTally) {
    // A proof has one start, which has everything.
    let isProof = spacing == 0
    starts.begin(isEntry: isEntry, value: { [grid, passed] in $0.weight * grid.value(n: $0.n + passed, bad: $0.bad) }) {
      [passed] number, weight in
      Start(number: number, weight: isProof ? 1 : weight, ordinal: ordinal, n: -passed, since: at, reference: tally)
    }
  }
}

extension AbsoluteTest {
  struct Saved: Sendable, Equatable, Codable {
    var begun: Int
    var budget: StartBudget
    var starts: [Start]
    var entersStage: Bool
    /// Nil where units do not matter.
    var units: UnitMemory.Saved?
  }

  var saved: Saved {
    Saved(
      begun: begun, budget: starts.budget,
      starts: starts.map { start in
        var start = start
        start.n += passed
        return start
      }, entersStage: entersStage,
      units: isByUnit ? units.saved : nil)
  }

  mutating func restore(_ saved: Saved) {
    (begun, entersStage) = (saved.begun, saved.entersStage)
    starts = Starts(saved.starts, saved.budget)
    passed = 0
    if let known = saved.units { units = UnitMemory(known) }
    isStale = true
  }
}
