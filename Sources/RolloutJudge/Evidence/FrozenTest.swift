/// "The bad share is above r0 times what the baseline's was when it was last seen": a ratio where nothing is held back.

/// At 100% no attempt has a control beside it. The absolute test then takes r0 times the most that the baseline's share can have been
/// (`LastControl`) for its limit, fixed with the first such attempt. It cannot know what has changed on both arms since; of that it learns
/// from rescues alone, whose failures close the neighbourhood of an attempt as in a line with two limits.
struct FrozenTest: Sendable {
  /// Of a condition's budget: the test's, as much again is spent on the bound, and the others keep the rest.
  static let part = 0.05
  static let rest = 1 - 2 * part

  let r0: Double
  /// The probability with which the baseline's share may be larger than taken.
  let doubt: Double
  private let isByUnit: Bool
  /// Nil until an attempt has had no control.
  private(set) var control: LastControl?
  private(set) var test: AbsoluteTest?
  private var gate = NeighbourhoodGate(allowed: 1)

  init(r0: Double, doubt: Double, isByUnit: Bool) {
    self.r0 = r0
    self.doubt = doubt
    self.isByUnit = isByUnit
  }

  /// A share that is not above r0 times the baseline's is not above it; beyond nearly all nothing is shown.
  static func limit(r0: Double, doubt: Double, _ control: LastControl) -> Double {
    min(1 - 1e-6, r0 * control.bound(doubt: doubt))
  }

  /// An attempt without a control began.
  mutating func began(_ ordinal: Int, index: Int, unit: UInt32, at: Instant, tally: SignalTally, last: LastControl) {
    if test == nil {
      guard last.n > 0 else { return }
      freeze(last, since: at)
    }
    let (changes, counts) = gate.began(index, ordinal: ordinal, isCandidate: true, cuts: test?.beginsStart ?? false)
    recount(changes)
    test?.began(ordinal, unit: unit, counts: counts, at: at, tally: tally)
  }

  mutating func turnedBad(_ ordinal: Int, index: Int, unit: UInt32) {
    test?.turnedBad(ordinal, unit: unit, counts: gate.candidateTurnedBad(index))
  }

  mutating func wasExcluded(_ ordinal: Int, index: Int, unit: UInt32) {
    test?.wasExcluded(ordinal, unit: unit, counts: gate.candidateExcluded(index))
  }

  /// The baseline answered, or failed, in a canary's place.
  mutating func rescued(_ index: Int, isBad: Bool) { recount(gate.rescued(index, isBad: isBad)) }

  /// - Parameter threshold: Of all of the condition's budget.
  mutating func finding(towards threshold: Double) -> AbsoluteTest.Finding? {
    test?.finding(towards: threshold / Self.part)
  }

  /// What the value is made of.
  var basis: EvidenceBasis.Frozen {
    EvidenceBasis.Frozen(
      doubt: doubt, n: control?.n ?? 0, bad: control?.bad ?? 0, starts: test?.counted ?? [],
      isLargest: isByUnit ? true : nil)
  }

  private mutating func freeze(_ last: LastControl, since: Instant) {
    control = last
    gate = NeighbourhoodGate(allowed: last.bound(doubt: doubt))
    test = AbsoluteTest(
      p0: Self.limit(r0: r0, doubt: doubt, last), against: .worse, since: since, isByUnit: isByUnit)
  }

  private mutating func recount(_ changes: [NeighbourhoodGate.Change]) {
    for change in changes { test?.recount(from: change.ordinal, n: change.n, bad: change.bad) }
  }
}

extension FrozenTest {
  struct Saved: Sendable, Equatable, Codable {
    var control: LastControl
    var test: AbsoluteTest.Saved
    var gate: NeighbourhoodGate.Saved
  }

  /// - Parameter index: Of the next record.
  func saved(next index: Int) -> Saved? {
    guard let control, let test else { return nil }
    return Saved(control: control, test: test.saved, gate: gate.saved(next: index))
  }

  mutating func restore(_ saved: Saved, at: Instant) {
    freeze(saved.control, since: at)
    test?.restore(saved.test)
    gate.restore(saved.gate)
  }
}
