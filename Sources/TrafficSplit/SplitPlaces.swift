/// The split among requests that differ by their unit and their draw alone: what a rehearsal asks by the million.

/// Says of every unit and draw what `SplitTable.assign` says, for one kind of request.
package struct SplitPlaces: Sendable {
  /// By candidate, as in an assignment.
  package let shares: [Double]
  /// Whether the baseline's answers are copied at all.
  package var isCopying: Bool { !copies.isEmpty }

  private let salt: UInt64
  /// Nil where no request of the kind can be a candidate's.
  private let layout: IntervalLayout?
  private let allowed: CandidateSet
  private let copies: [(candidate: Int, below: UInt64)]

  package init(_ table: SplitTable, of request: some RequestAttributes) {
    salt = table.salt
    guard !table.isQuiet, let model = request.model else {
      (shares, layout, allowed, copies) = ([], nil, CandidateSet(), [])
      return
    }
    let resolution = table.directory.resolve(model)
    var served = resolution.candidates.intersection(table.open)
    table.turnAway(request, model, request.traits, from: &served) { _, _ in }
    let lane = table.lane(for: request)
    allowed = lane.live.intersection(served)
    layout = table.stageLane.live.isEmpty || allowed.isEmpty ? nil : lane.layout
    shares = table.stageLane.live.isEmpty || served.isEmpty ? [] : lane.shares(of: allowed)
    copies = lane.copies.indices.compactMap { candidate in
      guard lane.copies[candidate] > 0, served.contains(candidate),
        table.directory.candidateModel(candidate, for: model, resolution) != nil
      else { return nil }
      return (candidate, lane.copies[candidate])
    }
  }

  @inline(__always)
  package func arm(ofUnit unit: UInt64) -> ArmIndex {
    guard let layout else { return .baseline }
    let point = IntervalLayout.point(of: UnitHasher.mix(unit, seed: salt))
    guard let candidate = layout.owner(at: point), allowed.contains(candidate) else { return .baseline }
    return .candidate(candidate)
  }

  /// Which candidates get a copy of an exchange that the baseline answers, in order.
  @inline(__always)
  package func forEachCopy(draw: UInt64, _ body: (ArmIndex) -> Void) {
    for copy in copies {
      let point = IntervalLayout.point(of: UnitHasher.mix(draw, seed: SplitTable.shadowSeed &+ UInt64(copy.candidate)))
      if point < copy.below { body(.candidate(copy.candidate)) }
    }
  }
}
