/// `retry_rate`: who is asked again is judged by the failure, not by who is asked.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("Retries")
struct RetryTests {
  private static let condition = Condition(metric: .retryRate, above: 0.02, ratioAbove: 1.5)

  /// A request that fails, and is sent again half a second later to whoever is drawn then.
  private static func failAndRetry(_ rig: inout Rig, _ arm: ArmIndex, after: Duration = .milliseconds(100)) {
    let failed = rig.start(arm)
    rig.end(failed, .failed, after: after)
    rig.now = rig.now + .milliseconds(500)
    rig.judge.record(.retried(arm, exchange: failed.exchange, at: rig.now))
    rig.end(rig.start(.baseline), isRetry: true)
    rig.decide()
  }

  @Test("a failure that is asked again blames the arm that failed, though another answers the retry")
  func blame() {
    for condition in [Self.condition, Condition(metric: .retryRate, above: 0.02)] {
      var rig = Rig(Plans.canary(0.2, condition))
      for _ in 0..<30 {
        Self.failAndRetry(&rig, .litellm)
        for _ in 0..<4 { rig.attempt(.baseline) }
        rig.attempt(.litellm)
      }
      #expect(rig.kinds == [.start])
      rig.pass(.seconds(32))
      #expect(rig.last?.decision == .rollback && rig.last?.metric == .retryRate)
      #expect(rig.last?.evidence?.candidate.bad ?? 0 > 20)
      #expect(DecisionAudit.faults(in: rig.decisions) == [])
    }
  }

  @Test("the sentence keeps apart what was sent again and what else failed")
  func sentence() throws {
    var rig = Rig(Plans.canary(0.2, Condition(metric: .retryRate, above: 0.02)))
    for number in 0..<30 {
      Self.failAndRetry(&rig, .litellm)
      if number % 3 == 0 { rig.attempt(.litellm, .timeout) }
      for _ in 0..<4 { rig.attempt(.baseline) }
    }
    rig.pass(.seconds(32))
    let decision = try #require(rig.last)
    let (n, bad) = (try #require(decision.evidence).candidate.n, try #require(decision.evidence).candidate.bad)
    #expect(
      decision.message.hasPrefix(
        "rolled back litellm: retry_rate \(Wording.share(Double(bad) / Double(n))) of \(n) requests"
          + " (\(bad) sent again by their clients), allowed 2.0%; what failed meanwhile: "))
    #expect(decision.message.contains("failed (no answer), ") && decision.message.contains(" timeout"))
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
  }

  @Test("a failure that nobody asks again is none, nor is a retry of what the baseline failed the candidate's")
  func innocent() {
    var rig = Rig(Plans.canary(0.5, Self.condition, Condition(metric: .retryRate, above: 0.02)))
    for _ in 0..<60 {
      rig.attempt(.litellm, .failed)
      Self.failAndRetry(&rig, .baseline)
      rig.end(rig.start(.litellm), isRetry: true)
    }
    rig.pass(.seconds(40))
    #expect(rig.kinds == [.start])
    #expect(rig.judge.statistics.live[1].value(of: .retryRate) == 0)
    #expect(rig.judge.statistics.live[0].value(of: .retryRate) ?? 0 > 0.3)
  }

  @Test("failures that come quickly favour neither arm: each is weighed the same time after its turn")
  func quick() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .retryRate, ratioAbove: 1.5)))
    for _ in 0..<200 {
      let (canary, own) = (rig.start(.litellm), rig.start(.baseline))
      rig.end(canary, .failed)
      rig.judge.record(.retried(.litellm, exchange: canary.exchange, at: rig.now))
      rig.decide()
      rig.end(own, .failed, after: .seconds(20))
      rig.judge.record(.retried(.baseline, exchange: own.exchange, at: rig.now))
      rig.decide()
    }
    rig.pass(.seconds(60))
    #expect(rig.kinds == [.start])
  }

  @Test("a gate counts a retry against the arm that failed as well")
  func gate() {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5, hold: .seconds(100_000))],
        rollback: [Condition(metric: .retryRate, above: 0.1)], test: .threshold(window: .seconds(60), minSamples: 20)))
    for _ in 0..<15 {
      Self.failAndRetry(&rig, .baseline)
      rig.attempt(.litellm)
    }
    #expect(rig.kinds == [.start])
    for _ in 0..<15 { Self.failAndRetry(&rig, .litellm) }
    #expect(rig.last?.decision == .rollback)
  }
}
