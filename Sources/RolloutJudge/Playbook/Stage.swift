/// One step of the playbook: weights, shadow shares, how long it holds, what lets it advance.

package struct Stage: Sendable, Equatable {
  package var name: String
  /// Share of live exchanges by candidate index, the holdback already taken off.
  package var weights: [Double]
  /// Share of the baseline's exchanges that are copied, by candidate index.
  package var shadow: [Double]
  package var hold: Duration
  /// Of each candidate that has a weight or a shadow share, within this stage.
  package var minSamples: Int
  /// Share of the rollout's busiest minute that the stage has to see before it ends; nil: none.
  package var minRate: Double?
  package var advance: Advance
  /// How long `proven` may stay undecided before the rollout pauses.
  package var maxHold: Duration?
  /// Waits for `promote` although everything else would let it advance.
  package var needsApproval: Bool
  /// Share kept on the baseline as the control of a stage at 100%.
  package var holdback: Double

  /// Whether all traffic that can is the candidates' and nothing is kept for a comparison.
  package var hasNoControl: Bool { weights.reduce(0, +) > 1 - 1e-9 }

  package enum Advance: String, Sendable {
    /// The hold has passed, `minSamples` are in, nothing is breached.
    case held
    /// "Not worse than allowed" has been established at `confidence`.
    case proven
  }

  package init(
    name: String, weights: [Double], shadow: [Double], hold: Duration, minSamples: Int = 0, minRate: Double? = nil,
    advance: Advance = .held, maxHold: Duration? = nil, needsApproval: Bool = false, holdback: Double = 0
  ) {
    self.name = name
    self.weights = weights
    self.shadow = shadow
    self.hold = hold
    self.minSamples = minSamples
    self.minRate = minRate
    self.advance = advance
    self.maxHold = maxHold
    self.needsApproval = needsApproval
    self.holdback = holdback
  }
}
