/// The promises of the statistics in small: fixed seeds, few runs, binomial bands. Tests/Statistics/run has them in full.

import RolloutJudge
import Testing
import TrafficSplit

@testable import RolloutSimulation

@Suite struct PromiseTests {
  private let ramp = [0.01, 0.05, 0.1, 0.25, 0.5].map { sampleStage($0, hold: 50) }

  /// About 2,500 requests a run.
  private func rolledBack(_ condition: Condition, _ scenario: Scenario, sticky: Bool = false, runs: Int = 40) -> Int {
    var scenario = scenario
    // With few users the smallest weight may be nobody's, and the stage then waits for ever.
    scenario.until = .seconds(600)
    let simulation = Simulation(playbook: samplePlaybook([condition], ramp, sticky: sticky), scenario: scenario)
    let all = simulation.runs(runs)
    #expect(all.count { $0.ending == .rolledBack || $0.ending == .completed } > runs * 3 / 4)
    return all.count { $0.ending == .rolledBack }
  }

  @Test("A candidate exactly at the limit is rolled back in at most 1 of 100 rollouts", arguments: [1, 1.5])
  func limit(ratio: Double) {
    let scenario = Scenario(
      traffic: TrafficShape(rate: 10), baseline: behavior(0.03), candidate: behavior(0.03 * ratio))
    #expect(Double(rolledBack(errors(ratio: ratio), scenario)) <= most(0.01, of: 40))
    let absolute = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.02))
    #expect(Double(rolledBack(errors(above: 0.02), absolute)) <= most(0.01, of: 40))
  }

  @Test("Nor do drifting errors, outages, quick errors and bad users fool it", arguments: Trouble.allCases)
  func trouble(_ trouble: Trouble) {
    var scenario = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0.02), candidate: behavior(0.02))
    switch trouble {
    case .drift:
      scenario.changes = [(0, 0.005), (60, 0.01), (120, 0.015), (180, 0.02), (240, 0.03)].flatMap { at, rate in
        [false, true].map {
          Scenario.Change(at: .seconds(at), isCandidate: $0, behavior: PartialBehavior(errorRate: rate))
        }
      }
    case .outages: scenario.outages = .init(every: .seconds(100), lasting: .seconds(10), errorRate: 0.5)
    case .quickErrors:
      scenario.baseline = behavior(0.02, median: 30_000, sigma: 0.3, errorLatency: 60_000)
      scenario.candidate = behavior(0.02, errorLatency: 100)
    case .users:
      scenario.units = .init(count: 400, heavy: 1.5)
      scenario.badUnits = .init(share: 0.03, errorRate: 0.5)
    }
    #expect(Double(rolledBack(errors(ratio: 1), scenario, sticky: trouble == .users)) <= most(0.01, of: 40))
  }

  enum Trouble: CaseIterable, Sendable { case drift, outages, quickErrors, users }

  /// Of one condition with all of the budget at one weight.
  private func requests(
    _ condition: Condition, weight: Double, baseline: ArmBehavior, candidate: ArmBehavior, runs: Int
  ) throws -> (spread: Spread, bound: Double?) {
    let simulation = Simulation(
      playbook: samplePlaybook([condition], [sampleStage(weight, hold: 30 * 86_400)]),
      scenario: Scenario(traffic: TrafficShape(rate: 10), baseline: baseline, candidate: candidate))
    let report = simulation.report(of: simulation.runs(runs))
    #expect(report.rolledBack == runs)
    return (try #require(report.candidateRequests), report.waldBoundRequests)
  }

  @Test("An absolute limit is defended almost as quickly as mathematics permits", arguments: [0.05, 0.1, 0.5, 1])
  func absolute(share: Double) throws {
    let found = try requests(
      errors(above: 0.02), weight: 0.4, baseline: behavior(0.01), candidate: behavior(share), runs: 40)
    let bound = share == 1 ? 3 : share == 0.5 ? 8 : 1.75 * (try #require(found.bound))
    #expect(found.spread.mean <= bound)
  }

  @Test("From 1% to 10% at a weight of 5% takes some dozens of requests", arguments: [(1.0, 60.0), (1.5, 85)])
  func relative(ratio: Double, median: Double) throws {
    let found = try requests(
      errors(ratio: ratio), weight: 0.05, baseline: behavior(0.01), candidate: behavior(0.1), runs: 25)
    #expect(found.spread.median <= median)
  }

  @Test("Answers that take twice as long are noticed within some dozens of requests")
  func slow() throws {
    let found = try requests(
      Condition(metric: .latencyP95, above: 2415), weight: 0.2, baseline: behavior(0.01),
      candidate: behavior(0.01, median: 1800), runs: 25)
    #expect(found.spread.median <= 45)
  }

  @Test("A regression that comes late is noticed soon")
  func late() throws {
    let change = Scenario.Change(at: .seconds(1000), isCandidate: true, behavior: PartialBehavior(errorRate: 0.1))
    let simulation = Simulation(
      playbook: samplePlaybook([errors(ratio: 1.5)], [sampleStage(0.05, hold: 30 * 86_400)]),
      scenario: Scenario(
        traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.01), changes: [change]))
    let report = simulation.report(of: simulation.runs(7))
    #expect(report.rolledBack == 7)
    #expect(try #require(report.requests).median <= 3500)
  }

  @Test("Copies prove an equal candidate within some thousand pairs, and do not prove one three times as bad")
  func proof() throws {
    let playbook = samplePlaybook([errors(ratio: 2)], [sampleShadow(hold: 1, advance: .proven)])
    var scenario = Scenario(
      traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.01), until: .seconds(7200))
    let equal = Simulation(playbook: playbook, scenario: scenario).runs(5)
    #expect(try #require(Spread(equal.map { Double($0.exchanges) })).median <= 6000)
    #expect(equal.count { $0.ending == .completed } >= 4)
    scenario.candidate = behavior(0.03)
    scenario.until = .seconds(600)
    let worse = Simulation(playbook: playbook, scenario: scenario).runs(12)
    #expect(Double(worse.count { $0.ending == .completed }) <= most(0.01, of: 12))
  }

  /// Every pair has a second answer of the baseline's.
  private func mismatches(own: Double, noise: Double, runs: Int, seconds: Int) -> [SimulatedRun] {
    var playbook = samplePlaybook(
      [Condition(metric: .mismatchRate, above: 0.05)], [sampleShadow(hold: 86_400)])
    playbook.shadow.noise = 1
    var scenario = Scenario(
      traffic: TrafficShape(rate: 10), baseline: behavior(0), candidate: behavior(0), until: .seconds(seconds))
    scenario.baseline.mismatchRate = noise
    scenario.candidate.mismatchRate = own
    return Simulation(playbook: playbook, scenario: scenario).runs(runs)
  }

  @Test("A model's own variation is not held against the candidate, twice as much is noticed within some hundred pairs")
  func mismatch() throws {
    let equal = mismatches(own: 0.3, noise: 0.3, runs: 20, seconds: 120)
    #expect(equal.count { $0.ending == .rolledBack } == 0)
    let atLimit = mismatches(own: 0.35, noise: 0.3, runs: 20, seconds: 120)
    #expect(Double(atLimit.count { $0.ending == .rolledBack }) <= most(0.01, of: 20))
    let worse = mismatches(own: 0.6, noise: 0.3, runs: 11, seconds: 600)
    #expect(try #require(Spread(worse.map { Double($0.candidateRequests) })).median <= 250)
    #expect(worse.allSatisfy { $0.ending == .rolledBack })
  }

  @Test("A candidate that is exactly as dear as allowed stays, one twice as dear goes")
  func cost() throws {
    func runs(_ mean: Double, _ count: Int, seconds: Int) -> [SimulatedRun] {
      var scenario = Scenario(
        traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.01), until: .seconds(seconds))
      scenario.baseline.cost = .init(mean: 0.002, sigma: 1)
      scenario.candidate.cost = .init(mean: mean, sigma: 1)
      let condition = Condition(metric: .costPerRequest, ratioAbove: 1.25)
      return Simulation(playbook: samplePlaybook([condition], [sampleStage(0.2, hold: 86_400)]), scenario: scenario)
        .runs(count)
    }
    let allowed = runs(0.0025, 12, seconds: 300)
    #expect(Double(allowed.count { $0.ending == .rolledBack }) <= most(0.01, of: 12))
    let dear = runs(0.004, 7, seconds: 2000)
    #expect(dear.allSatisfy { $0.ending == .rolledBack })
    #expect(try #require(Spread(dear.map { Double($0.candidateRequests) })).median <= 800)
  }
}
