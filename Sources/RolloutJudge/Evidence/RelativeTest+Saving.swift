/// A relative test as it is kept across a restart.

extension RelativeTest {
  struct Saved: Sendable, Equatable, Codable {
    var budget: StartBudget
    var position: Int
    var starts: [SavedStart]
    var units: UnitMemory.Saved
    var entersStage: Bool
    var sinceStart: Int
    var followsCandidate: Bool
  }

  struct SavedStart: Sendable, Equatable, Codable {
    var number: Int
    var weight: Double
    var position: Int
    var values: [Double]
    var since: Instant
    var reference: SignalTally
    /// Nil where they are not all counted.
    var bad: [EvidenceBasis.Share]?
  }

  var saved: Saved {
    Saved(
      budget: starts.budget, position: position,
      starts: starts.map {
        SavedStart(
          number: $0.number, weight: $0.weight, position: $0.position, values: (0..<8).map($0.values.element),
          since: $0.since,
          reference: $0.reference, bad: $0.isCounted ? $0.bad : nil)
      },
      units: units.saved, entersStage: entersStage, sinceStart: sinceStart, followsCandidate: followsCandidate)
  }

  /// A saved state that does not have the shape of this version's is left out: the test then begins anew, later and slower.
  mutating func restore(_ saved: Saved) {
    guard !saved.starts.isEmpty, saved.starts.allSatisfy({ $0.values.count == 8 }) else { return }
    (position, entersStage) = (saved.position, saved.entersStage)
    (sinceStart, followsCandidate) = (saved.sinceStart, saved.followsCandidate)
    let known = saved.starts.map {
      Start(
        number: $0.number, weight: $0.weight, position: $0.position, values: SIMD8($0.values), since: $0.since,
        reference: $0.reference,
        bad: $0.bad ?? [], isCounted: $0.bad != nil)
    }
    starts = Starts(known, saved.budget)
    units = UnitMemory(saved.units)
  }
}

extension SIMD8<Double> {
  fileprivate func element(_ index: Int) -> Double { self[index] }
}
