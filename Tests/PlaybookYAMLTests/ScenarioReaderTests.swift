/// Scenarios are read with the playbook's units, and refused with the playbook's care.

import PlaybookYAML
import RolloutSimulation
import Testing

@Suite struct ScenarioReaderTests {
  private func problems(_ text: String) -> [String] {
    let reading = readScenario(text: text, file: "s.yaml")
    #expect(reading.scenario == nil)
    return reading.problems.map(\.description)
  }

  @Test("Every key is read")
  func everything() throws {
    let reading = readScenario(
      text: """
        runs: 250
        seed: 7
        rate: 10/s
        units: { count: 400, heavy: 1.5 }
        baseline:  { error_rate: 1%, latency: { median: 900ms, sigma: 0.5 }, error_latency: 120ms, cost: { mean: 0.002, sigma: 1 }, mismatch_rate: 30% }
        candidate: { error_rate: 2%, latency: { median: 1.2s }, cost: { mean: $0.001 }, mismatch_rate: 38% }
        changes:   [ { at: 2h, candidate: { error_rate: 10% } }, { at: 2h, baseline: { latency: { median: 2s } } } ]
        outages:   { every: 30m, lasting: 20s, error_rate: 50% }
        bad_units: { share: 3%, error_rate: 50% }
        until: 48h
        """, file: "s.yaml")
    #expect(reading.problems.isEmpty)
    let baseline = ArmBehavior(
      errorRate: 0.01, latency: .init(median: .milliseconds(900), sigma: 0.5), errorLatency: .milliseconds(120),
      cost: .init(mean: 0.002, sigma: 1), mismatchRate: 0.3)
    let expected = Scenario(
      runs: 250, seed: 7, traffic: TrafficShape(rate: 10), units: .init(count: 400, heavy: 1.5), baseline: baseline,
      candidate: ArmBehavior(
        errorRate: 0.02, latency: .init(median: .milliseconds(1200), sigma: 0.6), errorLatency: .milliseconds(120),
        cost: .init(mean: 0.001, sigma: 1), mismatchRate: 0.38),
      changes: [
        .init(at: .seconds(7200), isCandidate: true, behavior: PartialBehavior(errorRate: 0.1)),
        .init(
          at: .seconds(7200), isCandidate: false,
          behavior: PartialBehavior(latency: .init(median: .seconds(2), sigma: 0.6))),
      ], outages: .init(every: .seconds(1800), lasting: .seconds(20), errorRate: 0.5),
      badUnits: .init(share: 0.03, errorRate: 0.5), until: .seconds(48 * 3600))
    #expect(try #require(reading.scenario) == expected)
  }

  @Test("What is left out is plain: a request a second, a candidate like the baseline")
  func defaults() throws {
    let scenario = try #require(readScenario(text: "baseline: { error_rate: 3% }", file: "s.yaml").scenario)
    #expect(scenario == Scenario(baseline: ArmBehavior(errorRate: 0.03), candidate: ArmBehavior(errorRate: 0.03)))
  }

  @Test("A rate may change over the day, and be per second, minute, hour or day")
  func rates() throws {
    let text = "rate: [ { at: 0s, rate: 600/m }, { at: 6h, rate: 7200/h }, { at: 22h, rate: 43200/d } ]"
    let scenario = try #require(readScenario(text: text, file: "s.yaml").scenario)
    #expect(
      scenario.traffic
        == TrafficShape(steps: [
          .init(at: .zero, rate: 10), .init(at: .seconds(6 * 3600), rate: 2), .init(at: .seconds(22 * 3600), rate: 0.5),
        ]))
  }

  @Test("Everything wrong is told at once, where it stands and what to write")
  func refusals() {
    let text = """
      runs: 0
      rate: 10
      baselin: {}
      candidate: { error_rate: 3, latency: { sigma: 9 } }
      changes: [ { at: 2h, candidate: { error_rate: 1% } }, { at: 1h } ]
      outages: { every: 10s, lasting: 20s, error_rate: 1% }
      bad_units: { share: 3% }
      """
    #expect(
      problems(text) == [
        "s.yaml:1:7: error: runs: must be at least 1: '0'",
        "s.yaml:2:7: error: rate: a rate needs its unit: '10'; say 10/s",
        "s.yaml:3:1: error: baselin: unknown key 'baselin'; did you mean 'baseline'?",
        "s.yaml:4:26: error: candidate.error_rate: a share needs its %: '3'; say 3%",
        "s.yaml:4:38: error: candidate.latency: 'median' is missing; say median: 900ms",
        "s.yaml:4:47: error: candidate.latency.sigma: cannot be more than 5: '9'",
        "s.yaml:5:55: error: changes[1]: nothing changes; say candidate: { error_rate: 10% }",
        "s.yaml:5:61: error: changes[1].at: '1h' is not after the one before it; put them in the order of time",
        "s.yaml:6:33: error: outages.lasting: '20s' is longer than from one outage to the next",
        "s.yaml:7:12: error: bad_units: 'error_rate' is missing; say error_rate: 50%",
      ])
  }

  @Test("A key of another part is told where it belongs, and a list of rates what it must hold")
  func homes() {
    #expect(
      problems("heavy: 1\nrate: [10/s]") == [
        "s.yaml:1:1: error: heavy: unknown key 'heavy'; it belongs under units",
        "s.yaml:2:8: error: rate[0]: must be a mapping (at, rate), found a single value",
      ])
  }

  @Test("The schema knows every key of the format")
  func schema() {
    let text = scenarioSchema()
    let keys = [
      "runs", "seed", "rate", "units", "baseline", "candidate", "changes", "outages", "bad_units", "until", "heavy",
      "sigma", "median", "mean", "every", "lasting", "share", "count", "at", "error_latency",
    ]
    for key in keys { #expect(text.contains("\"\(key)\": {"), "\(key)") }
    #expect(text.contains("urn:crossfade:scenario:1"))
  }
}

@Suite struct ScenarioTroubleTests {
  @Test("Kinds, incidents, hours, retries and a store that fails are read")
  func troubles() throws {
    let reading = readScenario(
      text: """
        mix:
          - { share: 99%, model: large, header: { X-Team: internal }, body: { user.id: a }, path: /v1/messages }
          - { share: 1%, model: small, candidate: { error_rate: 50% } }
        units: { count: 10, latency: 0.4 }
        changes: [ { at: 1h, model: small, candidate: { error_rate: 100% } } ]
        incidents: { every: 3h, lasting: 1m, candidate: { error_rate: 60% } }
        hours: [ { at: 9h, latency: 1.5 } ]
        retries: { share: 80% }
        store: { every: 12h, lasting: 2m }
        """, file: "s.yaml")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    let scenario = try #require(reading.scenario)
    #expect(
      scenario.mix == [
        RequestKind(
          share: 0.99, model: "large", path: "/v1/messages", headers: ["x-team": "internal"], body: ["user.id": "a"]),
        RequestKind(share: 0.01, model: "small", candidate: PartialBehavior(errorRate: 0.5)),
      ])
    #expect(scenario.units == .init(count: 10, latency: 0.4))
    #expect(
      scenario.changes == [
        .init(at: .seconds(3600), model: "small", isCandidate: true, behavior: PartialBehavior(errorRate: 1))
      ])
    #expect(
      scenario.incidents == [
        Incident(
          Recurrence(every: .seconds(10_800), lasting: .seconds(60)), candidate: PartialBehavior(errorRate: 0.6))
      ])
    #expect(scenario.hours == [HourStep(at: .seconds(32_400), latency: 1.5)])
    #expect(scenario.retries == Retries(share: 0.8, atMost: 2, after: .milliseconds(500)))
    #expect(scenario.store == Recurrence(every: .seconds(43_200), lasting: .seconds(120)))
  }

  @Test("What cannot be meant is refused where it stands")
  func refusals() {
    let reading = readScenario(
      text: """
        mix: [ { share: 50%, model: large }, { share: 40% } ]
        changes: [ { at: 1h, model: small, candidate: { error_rate: 100% } } ]
        incidents: [ { every: 1m, lasting: 3m, candidate: { error_rate: 60% } }, { every: 1h, lasting: 1m } ]
        hours: [ { at: 25h, latency: 2 } ]
        """, file: "s.yaml")
    #expect(reading.scenario == nil)
    let told = reading.problems.map(\.description)
    #expect(told.count == 5, "\(told)")
    #expect(told.contains { $0.contains("mix: the shares sum to 90%; make them sum to 100%") }, "\(told)")
    #expect(told.contains { $0.contains("no kind of the mix asks for 'small'") }, "\(told)")
    #expect(told.contains { $0.contains("'3m' is longer than from one incident to the next") }, "\(told)")
    #expect(told.contains { $0.contains("nothing happens in it; say candidate: { error_rate: 60% }") }, "\(told)")
    #expect(told.contains { $0.contains("'25h' is not within a day") }, "\(told)")
  }
}
