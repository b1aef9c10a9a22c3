/// Kinds of requests, incidents, hours, retries and a failing store: each does what the scenario says, and only that.

import RolloutJudge
import Testing
import TrafficSplit

@testable import RolloutSimulation

@Suite struct TroubleTests {
  private let second: Int64 = 1_000_000_000
  private let stage = [sampleStage(0.2, hold: 86_400)]

  private func run(_ scenario: Scenario, _ conditions: [Condition], _ change: (inout Playbook) -> Void = { _ in })
    -> SimulatedRun
  {
    var playbook = samplePlaybook(conditions, stage)
    change(&playbook)
    return Simulation(playbook: playbook, scenario: scenario).run(1, keepsDecisions: true)
  }

  @Test("Kinds arrive by their shares, and one alone costs no draw")
  func mix() {
    var generator = SeededGenerator(seed: 3)
    let mix = KindMix([RequestKind(share: 0.7), RequestKind(share: 0.29), RequestKind(share: 0.01)])
    var counts = [0, 0, 0]
    for _ in 0..<100_000 { counts[mix.draw(&generator)] += 1 }
    for (count, share) in zip(counts, [0.7, 0.29, 0.01]) {
      #expect(abs(Double(count) - 100_000 * share) < 3 * (100_000 * share * (1 - share)).squareRoot())
    }
    var (one, other) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
    #expect(KindMix([RequestKind(share: 1)]).draw(&one) == 0)
    #expect(one.next() == other.next())
  }

  @Test("A model that dies is found by its own requests, however few they are among the others")
  func model() throws {
    var scenario = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0.002), candidate: behavior(0.002))
    scenario.mix = [
      RequestKind(share: 0.98, model: "large"), RequestKind(share: 0.02, model: "small"),
    ]
    scenario.changes = [
      .init(at: .seconds(600), model: "small", isCandidate: true, behavior: PartialBehavior(errorRate: 1))
    ]
    let found = run(scenario, [errors(above: 0.05)])
    #expect(found.ending == .rolledBack)
    #expect(found.decisions.last?.evidence?.model == "small")
    let simulation = Simulation(
      playbook: {
        var playbook = samplePlaybook([errors(above: 0.05)], stage)
        playbook.rollbackScope = .model
        return playbook
      }(),
      scenario: {
        var longer = scenario; longer.until = .seconds(6000); return longer
      }())
    let taken = simulation.run(1)
    #expect(taken.ending == .undecided && taken.taken.map(\.model) == ["small"])
    let report = simulation.report(of: [taken])
    #expect(report.rolledBack == 0 && report.modelsRolledBack["small"]?.runs == 1)
    scenario.changes = []
    scenario.until = .seconds(3000)
    #expect(run(scenario, [errors(above: 0.05)]).ending == .undecided)
  }

  @Test("Requests that a rule or a map keeps away never reach the candidate")
  func rules() {
    var scenario = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0), candidate: behavior(1))
    scenario.mix = [RequestKind(share: 1, model: "m", headers: ["x-team": "internal"], body: ["user": "a"])]
    scenario.until = .seconds(600)
    let away = TrafficRule(
      match: [.init(attribute: .header("x-team"), glob: Glob("internal"))], weights: [0])
    #expect(run(scenario, [errors(above: 0.05)]) { $0.traffic.rules = [away] }.ending == .undecided)
    let unmapped = ModelMap(lines: [.init(from: Glob("other"), to: "other")])
    #expect(run(scenario, [errors(above: 0.05)]) { $0.candidates[0].models = unmapped }.ending == .undecided)
    #expect(run(scenario, [errors(above: 0.05)]).ending == .rolledBack)
    let body = TrafficRule(match: [.init(attribute: .body("user"), glob: Glob("a"))], weights: [0])
    #expect(run(scenario, [errors(above: 0.05)]) { $0.traffic.rules = [body] }.ending == .undecided)
  }

  @Test("An incident is one arm's, lasts as long as it should, and leaves what it found")
  func incidents() {
    var scenario = Scenario(baseline: behavior(0.01), candidate: behavior(0.02))
    scenario.incidents = [
      Incident(
        Recurrence(every: .seconds(100), lasting: .seconds(20)), candidate: PartialBehavior(errorRate: 0.6))
    ]
    var generator = SeededGenerator(seed: 5)
    var weather = Weather(scenario, samplePlaybook([errors(above: 0.02)], stage), &generator)
    var (on, now): (Int64, Int64) = (0, 0)
    while now < 10_000 * second {
      let next = min(weather.nextChange, 10_000 * second)
      #expect([0.02, 0.6].contains(weather.candidate[0].errorRate) && weather.baseline[0].errorRate == 0.01)
      if weather.candidate[0].errorRate == 0.6 { on += next - now }
      now = next
      weather.advance(to: now)
    }
    #expect(abs(on - 2000 * second) <= 20 * second)
    #expect(weather.candidateSince == 0)
  }

  @Test("Hours repeat daily, and the last reaches over midnight")
  func hours() {
    var scenario = Scenario()
    scenario.hours = [HourStep(at: .seconds(9 * 3600), latency: 2), HourStep(at: .seconds(18 * 3600), latency: 1)]
    var generator = SeededGenerator(seed: 1)
    var weather = Weather(scenario, samplePlaybook([errors(above: 0.02)], stage), &generator)
    var seen: [(Int64, Double)] = []
    while seen.count < 5 {
      seen.append((weather.nextChange / (3600 * second), weather.pace))
      weather.advance(to: weather.nextChange)
    }
    #expect(seen.map(\.0) == [9, 18, 33, 42, 57])
    #expect(seen.map { ($0.1 * 1000).rounded() } == [0, 693, 0, 693, 0])
  }

  @Test("A slow unit is slow on both arms, and units differ as much as they should")
  func paces() {
    var scenario = Scenario()
    scenario.units = .init(count: 4000, latency: 0.4)
    var generator = SeededGenerator(seed: 1)
    let units = UnitPopulation(scenario, isSticky: true, &generator)
    var paces: [Int: Double] = [:]
    for _ in 0..<40_000 {
      let member = units.draw(&generator)
      if let known = paces[member.index] { #expect(known == member.pace) }
      paces[member.index] = member.pace
    }
    let variance = paces.values.reduce(0) { $0 + $1 * $1 } / Double(paces.count)
    #expect(abs(variance.squareRoot() - 0.4) < 0.03)
  }

  @Test("What fails is sent again, so often at most")
  func retries() {
    var scenario = Scenario(traffic: TrafficShape(rate: 5), baseline: behavior(1), candidate: behavior(1))
    scenario.until = .seconds(400)
    let once = run(scenario, [errors(ratio: 1)]).exchanges
    scenario.retries = Retries(share: 1, atMost: 3)
    let often = run(scenario, [errors(ratio: 1)]).exchanges
    #expect(abs(Double(often) / Double(once) - 4) < 0.5)
    scenario.retries = Retries(share: 0.5, atMost: 1)
    let half = run(scenario, [errors(ratio: 1)]).exchanges
    #expect(abs(Double(half) / Double(once) - 1.5) < 0.25)
  }

  @Test("While the store fails the candidate gets nothing and no stage is left; rollbacks happen all the same")
  func store() {
    var scenario = Scenario(traffic: TrafficShape(rate: 10), baseline: behavior(0), candidate: behavior(0))
    let playbook = samplePlaybook(
      [errors(above: 0.02)], [sampleStage(0.1, hold: 300, name: "one"), sampleStage(0.5, hold: 300, name: "two")])
    scenario.store = Recurrence(every: .seconds(86_400), lasting: .seconds(86_400))
    scenario.until = .seconds(3000)
    let never = Simulation(playbook: playbook, scenario: scenario).run(1, keepsDecisions: true)
    #expect(never.ending == .undecided && never.decisions.isEmpty)
    scenario.store = Recurrence(every: .seconds(200), lasting: .seconds(20))
    let sometimes = Simulation(playbook: playbook, scenario: scenario).run(1, keepsDecisions: true)
    #expect(sometimes.ending == .completed)
  }
}
