/// Whole rollouts in virtual time: the same seed gives the same trace, nothing is missed, everything ends as it should.

import RolloutJudge
import Testing
import TrafficSplit

@testable import RolloutSimulation

@Suite struct RehearsalTests {
  private func text(_ run: SimulatedRun) -> [String] {
    run.decisions.map { "\($0.at.rfc3339.dropFirst(11)) \($0.decision.rawValue) \($0.stage)" } + [run.ending.rawValue]
  }

  private let ramp = [sampleStage(0.05, hold: 300), sampleStage(0.25, hold: 300), sampleStage(0.5, hold: 300)]

  @Test("A good candidate is taken through the stages as their holds pass")
  func completes() {
    let scenario = Scenario(traffic: TrafficShape(rate: 2), baseline: behavior(0), candidate: behavior(0))
    let run = Simulation(playbook: samplePlaybook([errors(above: 0.05)], ramp), scenario: scenario)
      .run(1, keepsDecisions: true)
    #expect(
      text(run) == [
        "00:00:00.000Z start weight-5", "00:05:00.000Z advance weight-25", "00:10:00.000Z advance weight-50",
        "00:15:00.000Z complete weight-50", "completed",
      ])
    #expect(run.stageDurations == [300, 300, 300].map { $0 * 1_000_000_000 })
    #expect(run.metric == nil)
    #expect(abs(Double(run.exchanges) - 1800) < 5 * 1800.0.squareRoot())
  }

  @Test("A seed and a run's number give the same run, decision by decision, and another number another run")
  func deterministic() {
    let scenario = Scenario(
      traffic: TrafficShape(rate: 5), baseline: behavior(0.01), candidate: behavior(0.3),
      outages: .init(every: .seconds(120), lasting: .seconds(5), errorRate: 0.5))
    let simulation = Simulation(playbook: samplePlaybook([errors(above: 0.05)], ramp), scenario: scenario)
    let first = simulation.run(3, keepsDecisions: true)
    #expect(first == simulation.run(3, keepsDecisions: true))
    #expect(first.decisions.last?.decision == .rollback)
    #expect(first != simulation.run(4, keepsDecisions: true))
    var other = scenario
    other.seed = 2
    #expect(first != Simulation(playbook: simulation.playbook, scenario: other).run(3, keepsDecisions: true))
  }

  @Test("Skipping moments at which nothing can be decided changes nothing", arguments: Imagined.allCases)
  func skips(_ imagined: Imagined) {
    let simulation = imagined.simulation
    for number in 1...3 {
      var quick = simulation.run(number, keepsDecisions: true, pace: .skipping)
      var slow = simulation.run(number, keepsDecisions: true, pace: .everyTick)
      // A note that a stage is held may come a moment later; the numbers of what follows are then the same.
      quick.decisions.removeAll { $0.decision == .hold }
      slow.decisions.removeAll { $0.decision == .hold }
      for index in quick.decisions.indices { quick.decisions[index].seq = 0 }
      for index in slow.decisions.indices { slow.decisions[index].seq = 0 }
      #expect(quick == slow, "run \(number)")
    }
  }

  @Test("Without traffic nothing advances, and time is up")
  func silent() {
    let scenario = Scenario(traffic: TrafficShape(rate: 0), until: .seconds(3600))
    let run = Simulation(playbook: samplePlaybook([errors(above: 0.05)], ramp), scenario: scenario).run(1)
    #expect(run.ending == .undecided)
    #expect(run.stageDurations == [3600 * 1_000_000_000])
    #expect(run.exchanges == 0)
  }

  @Test("A stage that waits for approval is promoted at once, or keeps waiting where nobody does")
  func approval() {
    var stages = ramp
    stages[1].needsApproval = true
    let scenario = Scenario(
      traffic: TrafficShape(rate: 2), baseline: behavior(0), candidate: behavior(0), until: .seconds(1200))
    let playbook = samplePlaybook([errors(above: 0.05)], stages)
    let promoted = Simulation(playbook: playbook, scenario: scenario).run(1, keepsDecisions: true)
    #expect(promoted.ending == .completed)
    #expect(promoted.decisions.contains { $0.decision == .advance && $0.actor == "simulation" })
    let waiting = Simulation(playbook: playbook, scenario: scenario, approves: false).run(1)
    #expect(waiting.ending == .undecided)
    #expect(waiting.stageIndex == 1)
  }

  @Test("Requests and time to a rollback count from when the candidate got worse")
  func counting() {
    let late = Scenario.Change(at: .seconds(600), isCandidate: true, behavior: PartialBehavior(errorRate: 1))
    let scenario = Scenario(
      traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.001), changes: [late])
    let playbook = samplePlaybook([errors(above: 0.02)], [sampleStage(0.2, hold: 86_400)])
    let run = Simulation(playbook: playbook, scenario: scenario).run(1, keepsDecisions: true)
    #expect(run.ending == .rolledBack)
    #expect((2...60).contains(run.candidateRequests))
    #expect(run.timeToRollback < 30_000_000_000)
    #expect(run.decisions.last.map { $0.at.nanoseconds - Rehearsal.epoch } == 600_000_000_000 + run.timeToRollback)
    #expect(run.requests >= run.candidateRequests && run.requests < 400)
    #expect(run.exchanges > 5500)
  }

  @Test("Users are affected only by failures that the safety net does not replace")
  func affected() {
    let scenario = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0), candidate: behavior(0.5))
    var playbook = samplePlaybook([errors(above: 0.02)], [sampleStage(0.2, hold: 86_400)])
    #expect(Simulation(playbook: playbook, scenario: scenario).run(1).usersAffected == 0)
    playbook.traffic.fallback = [.connect, .timeout]
    let bare = Simulation(playbook: playbook, scenario: scenario).run(1)
    #expect((1...bare.candidateRequests).contains(bare.usersAffected))
  }

  @Test("Copies beyond the bound in flight are dropped, and a spent budget stops them until the next day")
  func bounds() {
    var bounds = CopyBounds(ShadowPolicy(maxInFlight: 2, dollarsPerDay: 1))
    #expect(bounds.refusal(at: 0) == nil)
    bounds.underway = 2
    #expect(bounds.refusal(at: 0) == .inFlight)
    bounds.ended(cost: 0.6, at: 1)
    #expect(bounds.refusal(at: 2) == nil)
    bounds.underway = 1
    bounds.ended(cost: 0.6, at: 3)
    #expect(bounds.refusal(at: 4) == .budget)
    #expect(bounds.refusal(at: 86_400_000_000_000) == nil)
  }

  @Test("Of several candidates one that is rolled back leaves the others running")
  func several() {
    var stage = sampleStage(0.2, hold: 900)
    stage.weights = [0.2, 0.2]
    stage.shadow = [0, 0]
    let scenario = Scenario(
      traffic: TrafficShape(rate: 10), baseline: behavior(0.01), candidate: behavior(0.6), until: .seconds(3600))
    let run = Simulation(
      playbook: samplePlaybook([errors(above: 0.02)], [stage], candidates: 2), scenario: scenario
    ).run(1, keepsDecisions: true)
    #expect(run.decisions.filter { $0.decision == .rollback }.compactMap(\.candidate).sorted() == ["trial", "trial-2"])
    #expect(run.ending == .rolledBack)
  }
}

/// What the two paces are compared on: every kind of evidence, of stage and of trouble.
enum Imagined: CaseIterable, Sendable {
  case plain, relative, slow, slowRelative, users, shadow, proof, outages, gate, several, drift, mismatch, cost

  var simulation: Simulation {
    let traffic = TrafficShape(rate: 8)
    var scenario = Scenario(
      traffic: traffic, baseline: behavior(0.02), candidate: behavior(0.03), until: .seconds(1200))
    let ramp = [sampleStage(0.05, hold: 120), sampleStage(0.3, hold: 240), sampleStage(0.5, hold: 240)]
    var playbook = samplePlaybook([errors(above: 0.02, ratio: 1)], ramp)
    switch self {
    case .plain: playbook.rollbackWhen = [errors(above: 0.01)]
    case .relative: scenario.candidate = behavior(0.06)
    case .slow:
      playbook.rollbackWhen = [Condition(metric: .latencyP95, above: 2000)]
    case .slowRelative:
      playbook.rollbackWhen = [Condition(metric: .latencyP95, ratioAbove: 1.1), errors(ratio: 2)]
      playbook.stages = [sampleStage(0.2, hold: 600), sampleStage(0.5, hold: 600)]
      scenario.candidate = behavior(0.02, median: 1300)
    case .users:
      playbook.traffic.sticky = [.header("x-user")]
      scenario.units = .init(count: 60, heavy: 1)
      scenario.badUnits = .init(share: 0.1, errorRate: 0.5)
    case .shadow: playbook.stages.insert(sampleShadow(hold: 300), at: 0)
    case .proof:
      playbook.rollbackWhen = [errors(ratio: 3)]
      playbook.stages.insert(sampleShadow(hold: 60, advance: .proven), at: 0)
    case .outages: scenario.outages = .init(every: .seconds(200), lasting: .seconds(20), errorRate: 0.5)
    case .gate: playbook.test = .threshold(window: .seconds(60), minSamples: 30)
    case .several:
      playbook.candidates.append(sampleArm("second"))
      playbook.stages = [
        Stage(name: "both", weights: [0.3, 0.3], shadow: [0, 0], hold: .seconds(600), minSamples: 1500)
      ]
    case .mismatch:
      playbook.shadow.noise = 0.5
      playbook.rollbackWhen = [Condition(metric: .mismatchRate, above: 0.05)]
      playbook.stages.insert(sampleShadow(hold: 300), at: 0)
      scenario.baseline.mismatchRate = 0.3
      scenario.candidate.mismatchRate = 0.5
    case .cost:
      playbook.rollbackWhen = [Condition(metric: .costPerOutcome, ratioAbove: 1.1)]
      scenario.baseline.cost = .init(mean: 0.002, sigma: 0.5)
      scenario.candidate.cost = .init(mean: 0.005, sigma: 0.5)
    case .drift:
      scenario.changes = [
        .init(at: .seconds(100), isCandidate: true, behavior: PartialBehavior(errorRate: 0.001)),
        .init(at: .seconds(500), isCandidate: true, behavior: PartialBehavior(errorRate: 0.2)),
      ]
    }
    return Simulation(playbook: playbook, scenario: scenario)
  }
}
