/// How long a client waits before it leaves without an answer.

import Dialects
import RealModule
import RolloutJudge

struct Patience: Sendable {
  private let logMedian: Double
  private let sigma: Double

  init(_ patience: ArmBehavior.LogNormal) {
    logMedian = Double.log(Double(max(1, patience.median.nanoseconds)))
    sigma = patience.sigma
  }

  /// An answer that would have taken longer ends as the client's leaving.
  func cut(_ ending: inout ArmModel.Ending, _ generator: inout SeededGenerator) {
    let wait = Double.exp(logMedian + sigma * NormalZiggurat.shared.draw(&generator))
    guard Double(ending.latency) > wait else { return }
    ending = ArmModel.Ending(latency: Int64(wait), outcome: .clientGone)
  }
}
