/// A model by itself: a dead one with a small share of the traffic does not hide among the others.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("ModelStrata")
struct ModelStrataTests {
  static func playbook(_ condition: Condition) -> Playbook {
    var playbook = Plans.playbook(
      [Plans.stage("canary", weight: 0.05, hold: .seconds(1_000_000_000))], rollback: [condition])
    playbook.candidates[0].models = ModelMap(lines: [ModelMap.Line(from: Glob("*"), to: "*")])
    return playbook
  }

  /// Two hundredths of the requests are for a rare model.
  ///
  /// - Returns: the rare model's requests that the candidate was given from when it failed, and what was decided.
  static func rare(
    _ condition: Condition, candidate: Double, baseline: Double, requests: Int, seed: UInt64
  ) -> (count: Int, last: Decision?) {
    var rig = Rig(playbook(condition))
    var random = SeededGenerator(seed: seed)
    var count = 0
    for index in 0..<requests where rig.state == .running {
      let isRare = random.chance(0.02)
      let isCandidate = random.chance(0.05)
      let isLate = index > 4000
      let share = isRare && isLate ? (isCandidate ? candidate : baseline) : 0.004
      let isBad = random.chance(share)
      if isRare && isLate && isCandidate { count += 1 }
      let start = rig.start(isCandidate ? .litellm : .baseline, model: isRare ? "rare" : "common")
      rig.end(start, isBad ? .failed : .ok)
      if isBad && isCandidate {
        rig.judge.record(
          .ended(
            AttemptEnd(
              attempt: 1 << 50 + UInt64(index), exchange: start.exchange, arm: .baseline, population: .rescue,
              outcome: random.chance(isRare && isLate ? baseline : 0.004) ? .failed : .ok, at: rig.now, latency: 1,
              ttft: nil,
              cost: nil, isRetry: false, isNormalFinish: true)))
      }
      if isBad { rig.decide() }
    }
    return (count, rig.last)
  }

  @Test("a rare model that is dead is seen within eight of its requests, and named", arguments: [1, 2, 3])
  func dead(_ seed: UInt64) {
    let found = Self.rare(
      Condition(metric: .errorRate, above: 0.05, ratioAbove: 1.5), candidate: 1, baseline: 0.004, requests: 20_000,
      seed: seed)
    #expect(found.last?.decision == .rollback && found.last?.evidence?.model == "rare")
    #expect(found.last?.message.contains("requests for rare, allowed 5.0%") == true)
    #expect(found.count <= 8)
    let faults = found.last.map { DecisionAudit.faults(in: [$0]).map(\.description) } ?? ["nothing was decided"]
    #expect(faults.filter { $0.contains("e-value") || $0.contains("limit") || $0.contains("tests") } == [])
  }

  @Test("under a limit of all requests a model that is bad on both arms takes nobody back")
  func alike() {
    let found = Self.rare(
      Condition(metric: .errorRate, above: 0.02), candidate: 0.4, baseline: 0.4, requests: 12_000, seed: 4)
    #expect(found.last?.decision == .start)
    let own = Self.rare(
      Condition(metric: .errorRate, above: 0.05), candidate: 1, baseline: 0.004, requests: 20_000, seed: 5)
    #expect(own.last?.evidence?.model == "rare")
  }

  @Test("one model has all of the budget; several leave a twentieth to each by itself")
  func budget() {
    let condition = Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)
    #expect(EvidencePlan(Plans.canary(0.5, condition)).conditions[0].strata.isEmpty)
    #expect(EvidencePlan(Self.playbook(condition)).conditions[0].strata.map(\.name) == ["absolute", "ratio"])
    let sum = 1 - ModelStrata.share + Double(ModelStrata.capacity + 1) * ModelStrata.part
    #expect(abs(sum - 1) < 1e-12)
  }

  @Test("what is known of a model outlives a restart, and models beyond the tenth are looked at together")
  func restart() {
    let condition = Condition(metric: .errorRate, above: 0.05, ratioAbove: 1.5)
    var evidence = RolloutEvidence(Self.playbook(condition), since: Plans.epoch)
    for index in 0..<14 { _ = evidence.stratum(of: "model \(index % 12)") }
    #expect(evidence.strata.count == 11 && evidence.strata.name(10) == "other models")
    #expect(evidence.stratum(of: "model 11") == 10 && evidence.stratum(of: "model 3") == 3)
    #expect(evidence.stratum(of: nil) == -1)
    var again = RolloutEvidence(Self.playbook(condition), since: Plans.epoch)
    again.restore(evidence.saved(["litellm"]), ["litellm"], at: Plans.epoch)
    #expect(again.strata.models == evidence.strata.models && again.strata.count == 11)
  }
}
