/// That one candidate does not breach one condition: what an advance by proof rests on, enough to compute it again.

package struct Proof: Sendable, Equatable, Codable {
  package var candidate: String
  package var metric: Metric
  package var condition: Decision.Limits
  /// Which of the condition's tests shows it, with the roles swapped: a name as in `Evidence.parts`. A condition is breached
  /// only beyond all of its limits, so one proof is enough.
  package var test: String
  /// `live` or `shadow`.
  package var population: String
  package var eValue: Double
  /// What `eValue` had to reach: one over what `confidence` leaves, for each way to a proof.
  package var threshold: Double
  package var basis: EvidenceBasis

  enum CodingKeys: String, CodingKey {
    case candidate, metric, condition, test, population, threshold, basis
    case eValue = "e_value"
  }

  package init(
    candidate: String, metric: Metric, condition: Decision.Limits, test: String, population: String, eValue: Double,
    threshold: Double, basis: EvidenceBasis
  ) {
    self.candidate = candidate
    self.metric = metric
    self.condition = condition
    self.test = test
    self.population = population
    self.eValue = eValue
    self.threshold = threshold
    self.basis = basis
  }
}
