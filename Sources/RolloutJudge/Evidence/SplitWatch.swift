/// Whether exchanges are given to the candidate as often as configured: a sequential test of the split itself.

/// E = Σ_k w_k Π (odds of the assignment that was seen under a share k times off / under the configured one), two-sided. A unit
/// counts once, for it stays where it is; beyond `maxUnits` of a stage nothing more is looked at. It holds a stage, and
/// never rolls back, so its level is its own: one false hold in a thousand stages.
struct SplitWatch: Sendable {
  static let maxUnits = 4096
  static let threshold = 1000.0
  private static let multiples = SIMD8<Double>(0.25, 0.5, 0.67, 0.83, 1.2, 1.5, 2, 4)

  private var values = SIMD8<Double>(repeating: 1 / 8)
  private var units: Set<UInt32> = []
  /// The odds of the baseline's assignments under the share that was seen last: it seldom changes.
  private var odds = (share: -1.0, values: SIMD8<Double>(repeating: 0))
  private(set) var isMismatch = false

  /// - Parameter unit: nil where every exchange is its own.
  mutating func assigned(toCandidate: Bool, share: Double, unit: UInt32?) {
    if let unit {
      guard units.count < Self.maxUnits, units.insert(unit).inserted else { return }
    }
    if share != odds.share { odds = (share, 1 / (share * Self.multiples + (1 - share))) }
    values *= toCandidate ? Self.multiples * odds.values : odds.values
    values.replace(with: 0, where: values .< 1e-200)
    values.replace(with: RestartWeights.ceiling, where: values .> RestartWeights.ceiling)
    if values.sum() >= Self.threshold { isMismatch = true }
  }
}
