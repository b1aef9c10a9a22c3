/// Rehearses a playbook: the very code that decides in production, on a virtual clock, against an imagined candidate.

package import RolloutJudge

/// A value per playbook and scenario; every run is a function of it and of its number, so runs may be spread over
/// cores.
package struct Simulation: Sendable {
  package let playbook: Playbook
  package let scenario: Scenario
  /// Whether someone promotes every stage that waits for approval, at once.
  package let approves: Bool
  /// When a run is given up.
  package let until: Duration
  /// By kind.
  let requests: [ImaginedRequest]

  package init(playbook: Playbook, scenario: Scenario, approves: Bool = true) {
    self.playbook = playbook
    self.scenario = scenario
    self.approves = approves
    let holds = playbook.stages.reduce(Duration.zero) { $0 + max($1.hold, $1.maxHold ?? .zero) }
    until = scenario.until ?? holds + TrafficShape.day
    let mix = scenario.mix.isEmpty ? [RequestKind(share: 1)] : scenario.mix
    requests = mix.map { ImaginedRequest(playbook, $0) }
  }

  /// Requests that arrive in a run that nothing ends before its time, on average.
  package var mostExchanges: Double { scenario.traffic.requests(until: until) }

  /// - Parameters:
  ///   - number: 1, 2, 3…; the same number is the same run.
  ///   - keepsDecisions: Whether the run tells what was decided.
  package func run(_ number: Int, keepsDecisions: Bool = false) -> SimulatedRun {
    run(number, keepsDecisions: keepsDecisions, pace: .skipping)
  }

  func run(_ number: Int, keepsDecisions: Bool, pace: Rehearsal.Pace) -> SimulatedRun {
    var rehearsal = Rehearsal(self, number: number, keepsDecisions: keepsDecisions, pace: pace)
    return rehearsal.run()
  }
}
