/// What is true when: changes at their instants, outages for their share of the time.

import Dialects
import RolloutJudge
import Testing

@testable import RolloutSimulation

@Suite struct WeatherTests {
  private let playbook = samplePlaybook([errors(above: 0.02)], [sampleStage(0.1, hold: 60)])
  private let second: Int64 = 1_000_000_000

  @Test("A change takes effect at its instant and leaves alone what it does not name")
  func changes() {
    let scenario = Scenario(
      baseline: behavior(0.01), candidate: behavior(0.02),
      changes: [
        .init(at: .seconds(10), isCandidate: true, behavior: PartialBehavior(errorRate: 0.3)),
        .init(at: .seconds(20), isCandidate: false, behavior: PartialBehavior(errorRate: 0.4)),
      ])
    var generator = SeededGenerator(seed: 1)
    var weather = Weather(scenario, playbook, &generator)
    #expect(weather.nextChange == 10 * second)
    weather.advance(to: 10 * second - 1)
    #expect((weather.baseline[0].errorRate, weather.candidate[0].errorRate) == (0.01, 0.02))
    weather.advance(to: 10 * second)
    #expect((weather.baseline[0].errorRate, weather.candidate[0].errorRate) == (0.01, 0.3))
    #expect(weather.candidateSince == 10 * second)
    weather.advance(to: 30 * second)
    #expect((weather.baseline[0].errorRate, weather.candidate[0].errorRate) == (0.4, 0.3))
    #expect(weather.candidateSince == 10 * second)
    #expect(weather.nextChange == .max)
  }

  @Test("Outages are on for their share of the time, and every run has its own phase")
  func outages() {
    let scenario = Scenario(outages: .init(every: .seconds(100), lasting: .seconds(20), errorRate: 0.5))
    var phases: Set<Int64> = []
    for run in 1...20 {
      var generator = SeededGenerator(seed: 1, run: run)
      var weather = Weather(scenario, playbook, &generator)
      var on: Int64 = 0
      var now: Int64 = 0
      while now < 10_000 * second {
        let next = min(weather.nextChange, 10_000 * second)
        if weather.outage == 0.5 { on += next - now }
        now = next
        weather.advance(to: now)
      }
      #expect(abs(on - 2000 * second) <= 20 * second)
      phases.insert(on)
      phases.insert(weather.nextChange)
    }
    #expect(phases.count > 20)
  }

  @Test(
    "An attempt fails at the worse of its arm's rate and what else is wrong, an error from first_byte on is a time-out")
  func draws() {
    var generator = SeededGenerator(seed: 1)
    let model = ArmModel(behavior(0.1, errorLatency: 120), playbook)
    let plain = (0..<4000).map { _ in model.draw(floor: 0, &generator) }
    #expect(abs(Double(plain.count { $0.outcome == .failed }) - 400) < 95)
    #expect(plain.allSatisfy { $0.outcome == .ok || ($0.outcome == .failed && $0.latency == 120_000_000) })
    #expect(plain.allSatisfy { $0.cost == nil })
    #expect((0..<100).allSatisfy { _ in model.draw(floor: 1, &generator).outcome == .failed })
    let hung = ArmModel(behavior(1, errorLatency: 90_000), playbook).draw(floor: 0, &generator)
    #expect(hung.outcome == .timeout && hung.latency == 60 * second)
  }

  @Test("Costs have the mean that was asked for, where the playbook asks about costs")
  func costs() {
    var asking = playbook
    asking.pauseWhen = [Condition(metric: .costPerRequest, ratioAbove: 1.25)]
    var arm = behavior(0)
    arm.cost = .init(mean: 0.002, sigma: 0.5)
    var generator = SeededGenerator(seed: 1)
    let model = ArmModel(arm, asking)
    let mean = (0..<20_000).reduce(0.0) { sum, _ in sum + (model.draw(floor: 0, &generator).cost ?? 0) } / 20_000
    #expect(abs(mean - 0.002) < 0.00004)
    #expect(ArmModel(arm, playbook).draw(floor: 0, &generator).cost == nil)
  }
}
