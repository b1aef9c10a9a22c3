/// What the application says became of an exchange: whether the answer was of use to it.

package import TrafficSplit

package struct ApplicationOutcome: Sendable {
  package var exchange: UInt64
  /// Whose answer it speaks of.
  package var arm: ArmIndex
  /// `live`: the answer that the application got; `shadow`: a copy's.
  package var population: Population
  /// Nil where an evaluator speaks, who gives a score alone.
  package var isSuccess: Bool?
  /// An evaluator's, from 0 to 1; nil where it gave none, or none of that kind.
  package var score: Double?
  /// What the exchange counted as until now: it ended `ok` with a normal finish.
  package var wasNormal: Bool
  package var isCostKnown: Bool
  /// When the application said so.
  package var at: Instant

  package init(
    exchange: UInt64, arm: ArmIndex, population: Population, isSuccess: Bool?, score: Double? = nil, wasNormal: Bool,
    isCostKnown: Bool, at: Instant
  ) {
    self.exchange = exchange
    self.arm = arm
    self.population = population
    self.isSuccess = isSuccess
    self.score = score.flatMap { (0...1).contains($0) ? $0 : nil }
    self.wasNormal = wasNormal
    self.isCostKnown = isCostKnown
    self.at = at
  }

  /// How many successes more there are now.
  var correction: Int { isSuccess.map { ($0 ? 1 : 0) - (wasNormal ? 1 : 0) } ?? 0 }
}
