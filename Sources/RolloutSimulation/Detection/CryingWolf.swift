/// How often a gate over a window takes back a candidate that is as good as the baseline.

package import RolloutJudge

package struct CryingWolf: Sendable, Equatable, Codable {
  package var runs: Int
  package var rolledBack: Int
  /// Of both arms, at half of what the playbook allows.
  package var errorRate: Double
  /// How much of a rollout each run has seen.
  package var seconds: Double

  enum CodingKeys: String, CodingKey {
    case runs, seconds
    case rolledBack = "rolled_back"
    case errorRate = "error_rate"
  }

  private static let runs = 20
  /// Of a run, so that an answer takes seconds.
  private static let exchanges = 100_000.0
  private static let longest = Duration.seconds(3 * 3600)

  /// Nil for a sequential test, whose `confidence` answers.
  ///
  /// - Parameter rate: Requests a second that either arm could answer; more than 0.
  package init?(_ playbook: Playbook, rate: Double) {
    guard case .threshold = playbook.test, playbook.stages.contains(where: { $0.weights.contains { $0 > 0 } }) else {
      return nil
    }
    let allowed = playbook.rollbackWhen.first { $0.metric == .errorRate }?.above ?? 0.02
    let behavior = ArmBehavior(errorRate: allowed / 2)
    // What comes before the first live stage cries at nobody.
    var live = playbook
    live.stages = Array(playbook.stages.drop { $0.weights.allSatisfy { $0 == 0 } })
    let held = live.stages.reduce(Duration.zero) { $0 + $1.hold }
    let until = min(held, Self.longest, .seconds(Self.exchanges / rate))
    let scenario = Scenario(
      runs: Self.runs, traffic: TrafficShape(rate: rate), baseline: behavior, candidate: behavior, until: until)
    let simulation = Simulation(playbook: live, scenario: scenario)
    let rolledBack = (1...Self.runs).count { simulation.run($0).ending == .rolledBack }
    (runs, self.rolledBack, errorRate, seconds) = (Self.runs, rolledBack, allowed / 2, until.milliseconds / 1000)
  }
}
