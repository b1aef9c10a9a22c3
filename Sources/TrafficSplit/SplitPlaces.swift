/// The split among requests that differ by their unit and their draw alone: what a rehearsal asks by the million.

/// Says of every unit and draw what `SplitTable.assign` says, for one kind of request.
package final class SplitPlaces: Sendable {
  /// By candidate, as in an assignment.
  package let shares: [Double]
  /// Whether the baseline's answers are copied at all.
  package var isCopying: Bool { !copies.isEmpty }

  private let salt: UInt64
  private let lane: Lane
  /// The candidates that a request of the kind can be given; empty where none can.
  private let allowed: CandidateSet
  /// Those that can get a copy, in order.
  private let copies: [Int]

  package init(_ table: SplitTable, of request: some RequestAttributes) {
    salt = table.salt
    guard !table.isQuiet, let model = request.model else {
      (shares, lane, allowed, copies) = ([], table.stageLane, CandidateSet(), [])
      return
    }
    let resolution = table.directory.resolve(model)
    var served = resolution.candidates.intersection(table.open)
    table.turnAway(request, model, request.traits, from: &served) { _, _ in }
    let lane = table.lane(for: request)
    let allowed = table.stageLane.live.isEmpty ? CandidateSet() : lane.live.intersection(served)
    self.lane = lane
    self.allowed = allowed
    shares = table.stageLane.live.isEmpty || served.isEmpty ? [] : lane.shares(of: allowed)
    copies = lane.copies.indices.filter { candidate in
      lane.copies[candidate] > 0 && served.contains(candidate)
        && table.directory.candidateModel(candidate, for: model, resolution) != nil
    }
  }

  @inline(__always)
  package func arm(ofUnit unit: UInt64) -> ArmIndex {
    lane.candidate(ofUnit: unit, salt: salt, among: allowed).map { .candidate($0) } ?? .baseline
  }

  /// Which candidates get a copy of an exchange that the baseline answers, in order.
  @inline(__always)
  package func forEachCopy(draw: UInt64, _ body: (ArmIndex) -> Void) {
    for candidate in copies where lane.isCopied(to: candidate, draw: draw) { body(.candidate(candidate)) }
  }
}
