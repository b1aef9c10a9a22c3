/// What the traffic has to follow now: the one value that the split table is built from.

package import TrafficSplit

package struct Directive: Sendable, Equatable {
  package var state: RolloutState
  package var stageIndex: Int
  package var stage: String
  /// Share of live exchanges by candidate index; 0 where rolled back, aborted, not started, or the journal is unavailable.
  package var weights: [Double]
  /// Share of the baseline's exchanges that are copied, by candidate index; 0 where rolled back, aborted or not started.
  package var shadow: [Double]
  /// By candidate index: rolled back.
  package var isClosed: [Bool]
  /// By candidate index: open, and in an earlier stage than the others.
  package var isBehind: [Bool]
  /// By candidate index: models that were taken back from it, live and copied.
  package var withheld: [WithheldModels]
  /// Share of copies that are also repeated on the baseline.
  package var noise: Double

  package init(
    state: RolloutState, stageIndex: Int, stage: String, weights: [Double], shadow: [Double], isClosed: [Bool],
    isBehind: [Bool]? = nil, withheld: [WithheldModels] = [], noise: Double = 0
  ) {
    self.withheld = withheld
    self.noise = noise
    self.state = state
    self.stageIndex = stageIndex
    self.stage = stage
    self.weights = weights
    self.shadow = shadow
    self.isClosed = isClosed
    self.isBehind = isBehind ?? isClosed.map { _ in false }
  }
}
