/// How soon a regression is noticed, in words; the numbers come from the statistics, or from a simulation.

package import RolloutJudge

/// How much of a candidate's traffic one condition needs in one stage.
package struct DetectionEstimate: Sendable, Equatable, Codable {
  package var stage: String
  package var candidate: String
  package var metric: Metric
  /// How many times the limit the regression is, such as 2.
  package var regression: Double
  /// Requests answered by the candidate until the breach is established, on average; nil where it never is.
  package var requests: Double?

  package init(stage: String, candidate: String, metric: Metric, regression: Double, requests: Double?) {
    self.stage = stage
    self.candidate = candidate
    self.metric = metric
    self.regression = regression
    self.requests = requests
  }
}

/// One line each, in the order given. An estimate for a stage or candidate that the playbook does not have is left out.
///
/// - Parameter rate: requests a second that could go to either arm; more than 0.
package func detectionLines(_ estimates: [DetectionEstimate], _ playbook: Playbook, rate: Double) -> [String] {
  precondition(rate > 0, "a rate is more than 0")
  return estimates.compactMap { estimate in
    guard let stage = playbook.stages.first(where: { $0.name == estimate.stage }),
      let index = playbook.candidates.firstIndex(where: { $0.name == estimate.candidate })
    else { return nil }
    let what =
      "\(estimate.stage): \(estimate.metric.rawValue) at \(decimalText(estimate.regression, digits: 2)) times its limit"
    let share = max(stage.weights[index], stage.shadow[index])
    guard let requests = estimate.requests, share > 0 else { return "\(what) is not noticed" }
    let seconds = min(requests / (rate * share), 366 * 86400)
    let time = durationText(.seconds(Int64(max(1, seconds.rounded()))))
    return "\(what) is noticed after about \(Int(requests.rounded(.up))) requests of \(estimate.candidate), \(time)"
  }
}
