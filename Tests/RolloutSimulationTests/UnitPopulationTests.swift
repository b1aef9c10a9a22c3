/// Units come as often as they are active, and the bad ones are as many as were asked for.

import Testing

@testable import RolloutSimulation

@Suite struct UnitPopulationTests {
  private func draws(_ scenario: Scenario, isSticky: Bool = true, _ count: Int = 40_000) -> [UnitPopulation.Member] {
    var generator = SeededGenerator(seed: 2)
    let units = UnitPopulation(scenario, isSticky: isSticky, &generator)
    return (0..<count).map { _ in units.draw(&generator) }
  }

  @Test("Without skew all are equally active")
  func even() {
    let counts = Dictionary(grouping: draws(Scenario(units: .init(count: 20))), by: \.index).mapValues(\.count)
    #expect(counts.count == 20)
    for count in counts.values { #expect(abs(Double(count) - 2000) < 5 * 2000.0.squareRoot()) }
  }

  @Test("With skew a tenth of the units sends well over a third of the requests, and a unit keeps its hash")
  func heavy() {
    let members = draws(Scenario(units: .init(count: 400, heavy: 1.5)))
    let counts = Dictionary(grouping: members, by: \.index).mapValues(\.count).values.sorted(by: >)
    #expect(Double(counts.prefix(40).reduce(0, +)) > 0.35 * 40_000)
    #expect(Set(members.map { "\($0.index) \($0.hash) \($0.isBad)" }).count == Set(members.map(\.index)).count)
  }

  @Test("Bad units are units, or requests where every request is its own")
  func bad() {
    let units = draws(Scenario(units: .init(count: 2000), badUnits: .init(share: 0.03, errorRate: 0.5)))
    let known = Dictionary(grouping: units, by: \.index).mapValues { $0[0].isBad }
    #expect((30...95).contains(known.values.count { $0 }))
    let requests = draws(Scenario(badUnits: .init(share: 0.03, errorRate: 0.5)), isSticky: false)
    #expect(abs(Double(requests.count(where: \.isBad)) - 1200) < 5 * 1200.0.squareRoot())
    #expect(requests.allSatisfy { $0.index == -1 })
  }
}
