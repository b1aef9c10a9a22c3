/// What `check` says about speed is what a simulation finds.

import RolloutJudge
import Testing

@testable import RolloutSimulation

@Suite struct DetectionEstimateTests {
  private func estimates(_ playbook: Playbook, rate: Double = 1) -> [String: DetectionEstimate] {
    Dictionary(
      uniqueKeysWithValues: detectionEstimates(playbook, rate: rate).map {
        ("\($0.metric.rawValue) \($0.stage) \($0.regression.rawValue)", $0)
      })
  }

  @Test("A simulation of the same regression takes about as many requests")
  func simulated() throws {
    let playbook = samplePlaybook(
      [errors(above: 0.04, ratio: 1.5)], [sampleStage(0.2, hold: 30 * 86_400, name: "canary")])
    let estimate = try #require(estimates(playbook)["error_rate canary 5x"]?.requests)
    // The baseline at half of what is allowed, the candidate at five times that.
    let scenario = Scenario(traffic: TrafficShape(rate: 2), baseline: behavior(0.02), candidate: behavior(0.2))
    let runs = Simulation(playbook: playbook, scenario: scenario).runs(30)
    let median = try #require(Spread(runs.map { Double($0.candidateRequests) })).median
    #expect(estimate > 0.6 * median && estimate < 1.6 * median, "estimated \(estimate), simulated \(median)")
  }

  @Test(
    "The worse a candidate is the sooner it is noticed, never sooner than any test can, in the time that the rate gives"
  )
  func order() throws {
    let playbook = samplePlaybook(
      [errors(above: 0.02, ratio: 1.5), Condition(metric: .latencyP95, above: 8000, ratioAbove: 1.25)],
      [sampleShadow(hold: 60), sampleStage(0.05, hold: 60), sampleStage(0.5, hold: 60)])
    let all = detectionEstimates(playbook, rate: 4)
    #expect(all.count == 2 * 3 * 4)
    for group in stride(from: 0, to: all.count, by: 4) {
      let requests = try (group..<group + 4).map { try #require(all[$0].requests, "\(all[$0])") }
      #expect(requests == requests.sorted(by: >))
      #expect(requests[3] < 60)
    }
    for estimate in all {
      let share = estimate.stage == "shadow" ? 1 : estimate.stage == "weight-5" ? 0.05 : 0.5
      let (seconds, requests) = (try #require(estimate.seconds), try #require(estimate.requests))
      // What begins before the last word is in is a whole number of requests.
      let extra = seconds - requests / (4 * share)
      #expect(extra > -1e-9 && extra < 1 / (4 * share) + 1e-9)
      #expect(requests >= (try #require(estimate.leastRequests)) * 0.85, "\(estimate)")
    }
  }

  @Test("A dead candidate is caught within a few requests of an absolute limit, whatever the weight")
  func dead() {
    let found = estimates(
      samplePlaybook([errors(above: 0.02)], [sampleStage(0.01, hold: 60), sampleStage(0.5, hold: 60)]))
    #expect(found["error_rate weight-1 dead"]?.requests == 2)
    #expect(found["error_rate weight-50 dead"]?.requests == 2)
    // Two requests at one in a hundred, and the time in which the second fails.
    #expect(abs((found["error_rate weight-1 dead"]?.seconds ?? 0) - 200.12) < 1e-9)
  }

  @Test("At a higher rate more begins before the last word is in, as a simulation finds", arguments: [2.0, 200])
  func underway(rate: Double) throws {
    let playbook = samplePlaybook(
      [errors(above: 0.04, ratio: 1.5)], [sampleStage(0.2, hold: 30 * 86_400, name: "canary")])
    let estimate = try #require(estimates(playbook, rate: rate)["error_rate canary dead"]?.requests)
    let change = Scenario.Change(at: .seconds(20), isCandidate: true, behavior: PartialBehavior(errorRate: 1))
    let scenario = Scenario(
      traffic: TrafficShape(rate: rate), baseline: behavior(0.02), candidate: behavior(0.02), changes: [change])
    let runs = Simulation(playbook: playbook, scenario: scenario).runs(9)
    let median = try #require(Spread(runs.map { Double($0.candidateRequests) })).median
    #expect(estimate > 0.4 * median && estimate < 4 * median + 3, "estimated \(estimate), simulated \(median)")
  }

  @Test("Answers that are under way have come when less than half of one is left")
  func wait() {
    let answers = AnswersUnderway(.init(median: .seconds(1), sigma: 0))
    // Ten that began evenly over the last second: half a one is left 0.05 s before the last has come.
    #expect(abs(answers.wait(rate: 10) - 0.95) < 1e-3)
    #expect(answers.wait(rate: 0.4) == 0)
  }

  @Test("Without a control a relative condition notices nothing; a holdback is one, and so are rescues")
  func control() {
    var full = sampleStage(1, hold: 60, name: "full")
    var alone = samplePlaybook([errors(ratio: 1.5)], [full])
    #expect(estimates(alone)["error_rate full dead"]?.requests != nil)
    alone.traffic.fallback = []
    #expect(estimates(alone)["error_rate full dead"]?.requests == nil)
    full.weights = [0.95]
    full.holdback = 0.05
    #expect(estimates(samplePlaybook([errors(ratio: 1.5)], [full]))["error_rate full dead"]?.requests != nil)
  }

  @Test("A budget that is shared out makes it slower")
  func shared() throws {
    let stages = [sampleStage(0.1, hold: 60, name: "canary")]
    let alone = estimates(samplePlaybook([errors(above: 0.02)], stages))
    let among = estimates(
      samplePlaybook([errors(above: 0.02), Condition(metric: .incompleteRate, above: 0.02)], stages))
    let (first, second) = (alone["error_rate canary 2x"]?.requests, among["error_rate canary 2x"]?.requests)
    #expect(try #require(first) < (try #require(second)))
    #expect(among["incomplete_rate canary 2x"]?.requests == second)
  }

  @Test("Nothing is estimated for a threshold test, for costs, and for stages that show nothing")
  func none() {
    var playbook = samplePlaybook(
      [Condition(metric: .costPerRequest, ratioAbove: 1.2), errors(above: 0.02)],
      [Stage(name: "baseline", weights: [0], shadow: [0], hold: .seconds(60)), sampleStage(0.1, hold: 60)])
    #expect(detectionEstimates(playbook, rate: 1).map(\.stage) == Array(repeating: "weight-10", count: 4))
    playbook.test = .threshold(window: .seconds(60), minSamples: 30)
    #expect(detectionEstimates(playbook, rate: 1).isEmpty)
  }

  @Test("A gate with few samples cries wolf, one with many and several looks does not; a sequential test is not asked")
  func wolf() throws {
    var playbook = samplePlaybook([errors(above: 0.02)], [sampleShadow(hold: 60), sampleStage(0.1, hold: 1800)])
    #expect(CryingWolf(playbook, rate: 5) == nil)
    playbook.test = .threshold(window: .seconds(60), minSamples: 1)
    let hasty = try #require(CryingWolf(playbook, rate: 5))
    #expect(hasty.rolledBack > 15 && hasty.errorRate == 0.01 && hasty.seconds == 1800)
    playbook.test = .threshold(
      ThresholdRule(window: .seconds(600), minSamples: 250, interval: .seconds(60), failures: 5))
    #expect(try #require(CryingWolf(playbook, rate: 5)).rolledBack < 5)
  }
}
