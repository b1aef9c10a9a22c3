/// The figures and keys that people and machines are given.

import Foundation
import RolloutJudge
import Testing

@testable import RolloutSimulation

@Suite struct SimulationReportTests {
  private let simulation = Simulation(
    playbook: samplePlaybook(
      [errors(above: 0.02), Condition(metric: .ttftP95, above: 900)],
      [sampleStage(0.1, hold: 60, name: "one"), sampleStage(0.5, hold: 60, name: "two")]),
    scenario: Scenario(seed: 7, candidate: behavior(0.1)))

  private func run(
    _ number: Int, _ ending: SimulatedRun.Ending, _ seconds: [Int64], requests: Int = 0, affected: Int = 0
  ) -> SimulatedRun {
    SimulatedRun(
      number: number, ending: ending, metric: ending == .rolledBack ? .errorRate : nil, stageIndex: seconds.count - 1,
      stageDurations: seconds.map { $0 * 1_000_000_000 }, exchanges: 100, candidateRequests: requests,
      requests: requests * 10, timeToRollback: ending == .rolledBack ? seconds.last! * 1_000_000_000 : 0,
      usersAffected: affected, decisions: [])
  }

  private var report: SimulationReport {
    simulation.report(of: [
      run(4, .paused, [60, 80]), run(1, .rolledBack, [10], requests: 20, affected: 1),
      run(2, .rolledBack, [60, 30], requests: 40), run(3, .completed, [60, 60]), run(5, .undecided, [90]),
    ])
  }

  @Test("Runs are counted by how they ended, rollbacks by why and where")
  func counts() {
    #expect(report.runs == 5)
    let endings: [Int] = [report.rolledBack, report.completed, report.paused, report.undecided]
    #expect(endings == [2, 1, 1, 1])
    #expect(report.byMetric == ["error_rate": 2])
    #expect(report.byStage == ["one": 1, "two": 1])
    #expect(report.falseRollbackBound == 0.01)
    #expect(report.exchanges == 500)
  }

  @Test("Spreads are over the rolled-back runs, stage times over those that reached the stage")
  func spreads() {
    #expect(report.candidateRequests == Spread([20, 40]))
    #expect(report.candidateRequests?.median == 30)
    #expect(report.requests?.mean == 300)
    #expect(report.secondsToRollback == Spread([10, 30]))
    #expect(report.usersAffected?.p95 == 1)
    #expect(report.stages.map(\.runs) == [5, 3])
    #expect(report.stages[0].meanSeconds == 56)
    #expect(report.stages[1].medianSeconds == 60)
  }

  @Test("A spread is the middle, the mean, and what one in twenty exceeds")
  func spread() {
    #expect(Spread([]) == nil)
    let hundred = Spread((1...100).map(Double.init).reversed())
    let figures: [Double?] = [hundred?.median, hundred?.mean, hundred?.p95]
    #expect(figures == [50.5, 50.5, 95])
    #expect(Spread([3])?.p95 == 3)
  }

  @Test("What is not imagined is said")
  func remarks() {
    #expect(report.remarks == ["not imagined, so never breached: ttft_p95"])
  }

  @Test("Every key is there, null where nothing is known, and reads back")
  func json() throws {
    let quiet = simulation.report(of: [run(1, .completed, [60, 60])])
    let data = try JSONEncoder().encode(quiet)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "rollout", "playbook_sha256", "seed", "runs", "rolled_back", "completed", "paused", "undecided",
        "false_rollback_bound", "candidate_requests", "requests", "users_affected", "seconds_to_rollback",
        "wald_bound_requests", "by_metric", "by_stage", "models_rolled_back", "stages", "exchanges", "remarks",
      ])
    #expect(object["candidate_requests"] is NSNull)
    #expect(try JSONDecoder().decode(SimulationReport.self, from: data) == quiet)
  }

  @Test("A threshold test promises nothing")
  func threshold() {
    var playbook = simulation.playbook
    playbook.test = .threshold(window: .seconds(60), minSamples: 30)
    let report = Simulation(playbook: playbook, scenario: simulation.scenario).report(of: [
      run(1, .completed, [60, 60])
    ])
    #expect(report.falseRollbackBound == nil)
    #expect(report.waldBoundRequests == nil)
  }
}
