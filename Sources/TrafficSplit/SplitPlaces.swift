/// The split among requests that differ by their unit and their draw alone: what a rehearsal asks by the million.

/// Says of every unit and draw what `SplitTable.assign` says, for one kind of request.
package struct SplitPlaces: Sendable {
  /// By candidate, as in an assignment.
  package let shares: [Double]
  /// Whether the baseline's answers are copied at all.
  package var isCopying: Bool { !copies.isEmpty }

  private let salt: UInt64
  /// The intervals of the layout, with the baseline's own as `.baseline`; empty where no request of the kind can be a candidate's.
  private let intervals: [(end: UInt64, arm: ArmIndex)]
  private let copies: [(candidate: Int, below: UInt64)]

  package init(_ table: SplitTable, of request: some RequestAttributes) {
    salt = table.salt
    guard !table.isQuiet, let model = request.model else {
      (shares, intervals, copies) = ([], [], [])
      return
    }
    let resolution = table.directory.resolve(model)
    var served = resolution.candidates.intersection(table.open)
    table.turnAway(request, model, request.traits, from: &served) { _, _ in }
    let lane = table.lane(for: request)
    let allowed = lane.live.intersection(served)
    intervals =
      table.stageLane.live.isEmpty || allowed.isEmpty
      ? []
      : lane.layout.intervals.map { interval in
        let owner = interval.owner.flatMap { allowed.contains($0) ? $0 : nil }
        return (interval.end, owner.map { .candidate($0) } ?? .baseline)
      }
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
    guard !intervals.isEmpty else { return .baseline }
    let point = IntervalLayout.point(of: UnitHasher.mix(unit, seed: salt))
    var place = 0
    while intervals[place].end <= point { place += 1 }
    return intervals[place].arm
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
