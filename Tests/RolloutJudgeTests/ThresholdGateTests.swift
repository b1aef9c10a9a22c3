/// The plain gate over a sliding window.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("ThresholdGate")
struct ThresholdGateTests {
  static func rig(_ conditions: Condition..., weight: Double = 0.5) -> Rig {
    Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: weight, hold: .seconds(1_000_000))], rollback: conditions,
        test: .threshold(window: .seconds(300), minSamples: 50)))
  }

  @Test("breaches above the limit once the samples are in")
  func above() {
    var rig = Self.rig(Condition(metric: .errorRate, above: 0.05))
    for index in 0..<49 { rig.attempt(.litellm, index % 10 == 0 ? .failed : .ok) }
    #expect(rig.state == .running)
    rig.attempt(.litellm)
    #expect(
      rig.last?.message.hasPrefix("rolled back litellm: error_rate 10.0% of 50 requests, allowed 5.0%: 5 of 5 failed")
        == true)
    #expect(rig.last?.evidence?.test == "threshold" && rig.last?.evidence?.eValue == nil)
  }

  @Test("what has left the window is forgotten")
  func window() {
    var rig = Self.rig(Condition(metric: .errorRate, above: 0.05))
    for index in 0..<40 { rig.attempt(.litellm, index % 4 == 0 ? .failed : .ok) }
    rig.pass(.seconds(320))
    for _ in 0..<60 { rig.attempt(.litellm) }
    #expect(rig.state == .running)
    #expect(rig.judge.status(at: rig.now).guards[0].evidence == 0)
  }

  @Test("a ratio needs the baseline's samples too")
  func ratio() {
    var rig = Self.rig(Condition(metric: .errorRate, ratioAbove: 2))
    for index in 0..<60 { rig.attempt(.litellm, index % 10 == 0 ? .failed : .ok) }
    #expect(rig.state == .running)
    for index in 0..<100 { rig.attempt(.baseline, index % 50 == 0 ? .failed : .ok) }
    #expect(rig.last?.decision == .rollback)
  }

  @Test("a latency quantile is read from the window")
  func latency() {
    var rig = Self.rig(Condition(metric: .latencyP95, above: 500))
    for _ in 0..<49 { rig.attempt(.litellm, after: .milliseconds(800)) }
    rig.attempt(.litellm, after: .milliseconds(800))
    #expect(rig.last?.message.hasPrefix("rolled back litellm: latency_p95 ") == true)
    #expect(rig.last?.message.hasSuffix("ms of 50 requests, allowed 500ms") == true)
    let observed = rig.last?.evidence?.parts?["observed"] ?? 0
    #expect(abs(observed - 800) < 0.05 * 800)
  }

  static func strict(_ rule: ThresholdRule) -> Rig {
    Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5, hold: .seconds(1_000_000))],
        rollback: [Condition(metric: .errorRate, above: 0.05)], test: .threshold(rule)))
  }

  @Test("with an interval it looks that often, and so many looks in a row must find the limit exceeded")
  func strikes() {
    var rig = Self.strict(
      ThresholdRule(window: .seconds(60), minSamples: 10, interval: .seconds(60), failures: 2))
    func minute(_ rig: inout Rig, bad: Int) {
      for index in 0..<20 {
        rig.attempt(.litellm, index < bad ? .failed : .ok)
        rig.pass(.milliseconds(2900))
      }
    }
    minute(&rig, bad: 5)
    minute(&rig, bad: 0)
    minute(&rig, bad: 5)
    #expect(rig.state == .running, "one look has found it exceeded, the next has not")
    minute(&rig, bad: 5)
    #expect(rig.last?.decision == .rollback)
  }

  @Test("it does not look in a stage's first moments, nor take a look without samples for a good one")
  func delay() {
    var rig = Self.strict(
      ThresholdRule(window: .seconds(600), minSamples: 10, initialDelay: .seconds(300)))
    for _ in 0..<20 { rig.attempt(.litellm, .failed) }
    rig.pass(.seconds(200))
    #expect(rig.state == .running)
    rig.pass(.seconds(100))
    #expect(rig.last?.decision == .rollback)
  }

  @Test("attempts under way are good until they turn bad: quick errors of slow answers roll nothing back")
  func underway() {
    var rig = Self.strict(ThresholdRule(window: .seconds(60), minSamples: 10))
    var open: [AttemptStart] = []
    for index in 0..<200 {
      if index % 50 == 49 { rig.attempt(.litellm, .failed) } else { open.append(rig.start(.litellm)) }
      rig.pass(.milliseconds(100))
    }
    #expect(rig.state == .running)
    for start in open.prefix(20) { rig.end(start, .timeout, after: .seconds(30)) }
    rig.decide()
    #expect(rig.last?.decision == .rollback, "an arm that hangs is seen when its time is up")
  }
}
