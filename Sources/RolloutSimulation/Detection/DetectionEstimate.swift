/// How many of a candidate's requests it takes to notice that it got worse, by condition and stage.

package import RolloutJudge

/// The estimate for one condition alone, in one stage alone, with what the condition may spend of `1 - confidence`.
package struct DetectionEstimate: Sendable, Equatable, Codable {
  package var stage: String
  package var candidate: String
  package var metric: Metric
  /// The condition's limits, as decisions have them; nil in estimates that were made without.
  package var condition: Decision.Limits?
  package var regression: Regression
  /// Requests of the candidate, copies in a shadow stage, until the breach is established; nil where that takes more
  /// than `limit`, or for ever.
  package var requests: Double?
  /// What no test with the same confidence can be below on average.
  package var leastRequests: Double?
  /// At the rate that was asked for.
  package var seconds: Double?

  /// Beyond it nobody waits.
  package static let limit = 20_000

  /// How much worse than allowed: the metric at so many times its limit, or a candidate that answers nothing.
  package enum Regression: String, Sendable, Codable, CaseIterable {
    case half = "1.5x"
    case double = "2x"
    case fivefold = "5x"
    case dead

    /// The multiple of the limit; nil where all attempts are bad.
    package var factor: Double? {
      switch self {
      case .half: 1.5
      case .double: 2
      case .fivefold: 5
      case .dead: nil
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case stage, candidate, metric, condition, regression, requests, seconds
    case leastRequests = "least_requests"
  }

  package init(
    stage: String, candidate: String, metric: Metric, condition: Decision.Limits? = nil, regression: Regression,
    requests: Double?, leastRequests: Double? = nil, seconds: Double? = nil
  ) {
    self.stage = stage
    self.candidate = candidate
    self.metric = metric
    self.condition = condition
    self.regression = regression
    self.requests = requests
    self.leastRequests = leastRequests
    self.seconds = seconds
  }
}

/// For every rollback condition that attempts decide, every stage that shows the candidate, every regression; in the
/// playbook's order. None for a threshold test, whose windows depend on the traffic: that is for a simulation.
///
/// The baseline is taken to be at half of what is allowed, or as near to it as the condition's ratio lets it be. What begins before
/// the last word is in counts too: a failure takes its time, and so do the exchanges that began before it.
///
/// - Parameter rate: Requests a second that could go to either arm; more than 0.
package func detectionEstimates(_ playbook: Playbook, rate: Double) -> [DetectionEstimate] {
  guard playbook.test == .sequential else { return [] }
  var known: [DetectionCase: Double?] = [:]
  var estimates: [DetectionEstimate] = []
  for condition in playbook.rollbackWhen {
    for stage in playbook.stages.indices {
      for candidate in playbook.candidates.indices {
        for regression in DetectionEstimate.Regression.allCases {
          guard let one = DetectionCase(playbook, condition, stage, candidate, regression) else { continue }
          let requests = known[one] ?? one.requests(playbook)
          known[one] = .some(requests)
          let shares = playbook.stages[stage]
          let own = rate * (one.isShadow ? shares.shadow[candidate] : shares.weights[candidate])
          let delay = one.delay(rate: rate)
          estimates.append(
            DetectionEstimate(
              stage: shares.name, candidate: playbook.candidates[candidate].name, metric: condition.metric,
              condition: condition.stated, regression: regression,
              requests: requests.map { $0 + (own * delay).rounded(.down) },
              leastRequests: requests.flatMap { _ in one.leastRequests }, seconds: requests.map { $0 / own + delay }))
        }
      }
    }
  }
  return estimates
}
