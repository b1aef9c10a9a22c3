/// The split of one kind of request: the stage's own, or a rule's.

struct Lane: Sendable {
  let layout: IntervalLayout
  /// The candidates that may answer live requests here.
  let live: CandidateSet
  /// Points of `IntervalLayout.whole` that are copied, by candidate index.
  let copies: [UInt64]
  private let shares: [Double]
  /// The shares by the bits of the candidates allowed; beyond this many candidates the arrays are made when asked for.
  private let prepared: [[Double]]
  private static let preparedCandidates = 4

  /// - Parameters:
  ///   - stages: What the layout grew by, the current weights last.
  ///   - live: Candidates outside keep their places but do not use them: the baseline answers there.
  ///   - copies: Shares of what the baseline answers, by candidate index.
  init(stages: [[Double]], live: CandidateSet, copies: [Double]) {
    let layout = IntervalLayout(stages: stages)
    let shares = (stages.last ?? []).indices.map(layout.share)
    self.layout = layout
    self.copies = copies.map(IntervalLayout.points)
    self.live = CandidateSet(shares.indices.filter { live.contains($0) && shares[$0] > 0 })
    self.shares = shares
    guard shares.count <= Self.preparedCandidates else {
      prepared = []
      return
    }
    prepared = (0..<(1 << shares.count)).map { bits in
      Self.masked(shares, by: CandidateSet(shares.indices.filter { bits >> $0 & 1 == 1 }))
    }
  }

  /// The candidate that has the unit's place, if it is one of `allowed`; nil: the baseline.
  @inline(__always)
  func candidate(ofUnit unit: UInt64, salt: UInt64, among allowed: CandidateSet) -> Int? {
    guard !allowed.isEmpty else { return nil }
    let owner = layout.owner(at: IntervalLayout.point(of: UnitHasher.mix(unit, seed: salt)))
    return owner.flatMap { allowed.contains($0) ? $0 : nil }
  }

  /// Whether the candidate gets a copy of an exchange that the baseline answers.
  @inline(__always)
  func isCopied(to candidate: Int, draw: UInt64) -> Bool {
    let seed = Self.shadowSeed &+ UInt64(candidate)
    return IntervalLayout.point(of: UnitHasher.mix(draw, seed: seed)) < copies[candidate]
  }

  /// Any constant; keeps a copy's draw apart from the unit that the same draw may have become.
  private static let shadowSeed: UInt64 = 0x5348_4144_4F57_0000

  /// The shares of the candidates in `allowed`, 0 for the others; empty where that leaves none.
  func shares(of allowed: CandidateSet) -> [Double] {
    prepared.isEmpty ? Self.masked(shares, by: allowed) : prepared[Int(allowed.bits)]
  }

  private static func masked(_ shares: [Double], by allowed: CandidateSet) -> [Double] {
    let masked = shares.indices.map { allowed.contains($0) ? shares[$0] : 0 }
    return masked.contains { $0 > 0 } ? masked : []
  }
}
