/// The bounds that speed is measured against, as STATISTICS has them.

import RolloutJudge
import Testing

@testable import RolloutSimulation

@Suite struct WaldBoundTests {
  private func bound(_ condition: Condition, share: Double = 0.05, _ own: Double, _ other: Double = 0.01) -> Double? {
    ConditionOdds(condition: condition, alpha: 0.01, share: share)
      .bound(baseline: behavior(other), candidate: behavior(own))
  }

  @Test(
    "Against an absolute limit of 2%",
    arguments: [(0.03, 2079.0), (0.05, 283), (0.1, 54.6), (0.5, 3.62), (1, 1.18)])
  func absolute(share: Double, expected: Double) throws {
    #expect(abs(try #require(bound(errors(above: 0.02), share)) / expected - 1) < 0.005)
  }

  @Test("A relative limit asks whose the bad attempts are, and without a control nothing")
  func relative() throws {
    // At a weight of 5% and 1% against 10%, 34% of the bad attempts are the candidate's and 5% may be; 0.29 come with
    // each of its requests.
    #expect(abs(try #require(bound(errors(ratio: 1), 0.1)) - 37.6) < 0.2)
    #expect(bound(errors(ratio: 1), share: 1, 0.1) == nil)
  }

  @Test("Of two limits the harder one counts, and within the limits there is no bound")
  func both() throws {
    let (absolute, relative) = (bound(errors(above: 0.02), 0.1), bound(errors(ratio: 1.5), 0.1))
    #expect(bound(errors(above: 0.02, ratio: 1.5), 0.1) == max(try #require(absolute), try #require(relative)))
    #expect(bound(errors(above: 0.02, ratio: 1.5), 0.015) == nil)
    #expect(bound(errors(above: 0.02), 0.02) == nil)
  }

  @Test("A quantile's limit is a limit on the share of slower answers")
  func quantile() throws {
    // The p95 of the baseline is 2415 ms; with a sigma of 0.6 twice the median puts 31% beyond it.
    let condition = Condition(metric: .latencyP95, above: 2415)
    let slow = ConditionOdds(condition: condition, alpha: 0.01, share: 0.1)
      .bound(baseline: behavior(0.01), candidate: behavior(0.01, median: 1800))
    let expected = ConditionOdds(condition: errors(above: 0.05), alpha: 0.01, share: 0.1)
      .bound(baseline: behavior(0), candidate: behavior(0.3125))
    #expect(abs(try #require(slow) - (try #require(expected))) < 0.1)
  }

  @Test("A metric that no imagined attempt has is never bounded")
  func unknown() {
    #expect(bound(Condition(metric: .mismatchRate, above: 0.1), 0.5) == nil)
  }
}
