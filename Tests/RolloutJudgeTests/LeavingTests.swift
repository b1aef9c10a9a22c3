/// Clients that leave: what they show, and what they take along.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Clients that leave")
struct LeavingTests {
  static let both = Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)

  @Test("a candidate that answers nobody is rolled back although its clients leave first", arguments: [0.05, 0.25])
  func hang(weight: Double) {
    var rig = Rig(Plans.canary(weight, Self.both))
    var candidates = 0
    for index in 0..<4000 where rig.state == .running {
      let isCandidate = index % Int(1 / weight) == 1
      if isCandidate && index > 400 { candidates += 1 }
      rig.attempt(isCandidate ? .litellm : .baseline, isCandidate && index > 400 ? .clientGone : .ok)
    }
    #expect(rig.last?.decision == .rollback)
    #expect(candidates <= 16)
  }

  @Test("who leaves both arms alike, or leaves after the first token, speaks against neither")
  func alike() {
    var random = SeededGenerator(seed: 6)
    var rig = Rig(Plans.canary(0.25, Self.both))
    for _ in 0..<4000 {
      let start = rig.start(random.chance(0.25) ? .litellm : .baseline)
      let isOf = start.arm == .litellm
      if random.chance(0.1) {
        rig.end(start, .clientGone)
      } else if isOf && random.chance(0.3) {
        rig.end(start, .clientGone, ttft: .milliseconds(50))
      } else {
        rig.end(start)
      }
      rig.decide()
    }
    #expect(rig.kinds == [.start])
  }

  @Test("a copy's original that was left is undecided, in the candidate's favour")
  func shadow() {
    var random = SeededGenerator(seed: 5)
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("shadow", shadow: 1, hold: .seconds(1_000_000))],
        rollback: [Condition(metric: .errorRate, ratioAbove: 1.5)]))
    for _ in 0..<6000 {
      // Both arms hang as often; the client does not wait, the copy is given up at its time-out.
      rig.pair(random.chance(0.03) ? .clientGone : .ok, random.chance(0.03) ? .timeout : .ok)
    }
    #expect(!rig.kinds.contains(.rollback))
    for _ in 0..<400 where rig.state == .running { rig.pair(.ok, random.chance(0.3) ? .timeout : .ok) }
    #expect(rig.last?.decision == .rollback)
  }

  @Test("an attempt that was none, for want of something of Crossfade's own, is not taken for a client that left")
  func withdrawn() {
    var rig = Rig(Plans.canary(0.25, Self.both))
    for index in 0..<400 {
      let start = rig.start(index % 4 == 0 ? .litellm : .baseline)
      guard start.arm == .litellm else {
        rig.end(start)
        continue
      }
      rig.judge.record(
        .withdrawn(
          AttemptEnd(
            attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: .live, outcome: .clientGone,
            at: rig.now, latency: 1, ttft: nil, cost: nil, isRetry: false, isNormalFinish: false)))
      rig.decide()
    }
    #expect(rig.kinds == [.start])
  }

  @Test("abandoned_rate is a metric of its own, of live requests")
  func metric() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .abandonedRate, above: 0.1)))
    for _ in 0..<40 where rig.state == .running { rig.attempt(.litellm, .clientGone) }
    #expect(rig.last?.metric == .abandonedRate)
    #expect(rig.last?.message == "rolled back litellm: abandoned_rate 100.0% of 4 requests, allowed 10.0%")
  }
}
