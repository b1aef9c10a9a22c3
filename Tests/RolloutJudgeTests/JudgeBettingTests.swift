/// Costs and mismatches from the attempts and comparisons to the pause: words, evidence, what is unknown, restarts.

import Dialects
import Foundation
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("Judge, costs and mismatches")
struct JudgeBettingTests {
  static func mismatches(
    _ condition: Condition, noise: Double = 1, test: TestKind = .sequential
  ) -> Playbook {
    var playbook = Plans.playbook(
      [Plans.stage("shadow", shadow: 1, hold: .seconds(1_000_000))], pause: [condition], test: test)
    playbook.shadow.noise = noise
    return playbook
  }

  /// A pair that both arms answered, and what comparing said.
  static func compare(_ rig: inout Rig, _ isMismatch: Bool, noise: Bool?) {
    let live = rig.start(.baseline)
    let copy = rig.start(.litellm, population: .shadow, exchange: live.exchange)
    rig.end(live)
    rig.end(copy)
    rig.judge.record(
      .compared(
        PairComparison(
          exchange: live.exchange, candidate: .litellm, isMismatch: isMismatch, noiseMismatch: noise, at: live.at)))
    rig.decide()
  }

  static func traffic(
    _ playbook: Playbook, own: Double, noise: Double, pairs: Int, seed: UInt64 = 1
  ) -> Rig {
    var rig = Rig(playbook)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<pairs where rig.state == .running {
      let isMismatch = random.chance(own)
      compare(&rig, isMismatch, noise: playbook.shadow.noise > 0 ? random.chance(noise) : nil)
    }
    rig.pass(.seconds(10))
    return rig
  }

  @Test("while a mismatch is suspected the baseline is asked again ten times as often, and no longer than that")
  func suspicion() {
    var rig = Rig(Self.mismatches(Condition(metric: .mismatchRate, above: 0.05), noise: 0.04))
    #expect(rig.judge.directive.noise == 0.04)
    for _ in 0..<12 { Self.compare(&rig, true, noise: false) }
    rig.pass(.seconds(10))
    #expect(rig.judge.directive.noise == 0.4)
    for _ in 0..<200 { Self.compare(&rig, false, noise: false) }
    rig.pass(.seconds(10))
    #expect(rig.judge.directive.noise == 0.04)
  }

  @Test("the baseline's own variation is not held against the candidate; more than that pauses, and says so")
  func mismatch() throws {
    let playbook = Self.mismatches(Condition(metric: .mismatchRate, above: 0.05))
    #expect(Self.traffic(playbook, own: 0.3, noise: 0.3, pairs: 1000).kinds == [.start])
    let rig = Self.traffic(playbook, own: 0.8, noise: 0.3, pairs: 1000)
    #expect(rig.kinds == [.start, .pause])
    let decision = try #require(rig.last)
    let evidence = try #require(decision.evidence)
    let (n, bad) = (evidence.candidate.n, evidence.candidate.bad)
    #expect(evidence.baseline.n == n && evidence.population == "shadow" && evidence.budget == 1)
    let share = Wording.share(Double(bad) / Double(n))
    let own = Wording.share(Double(evidence.baseline.bad) / Double(n))
    #expect(
      decision.message
        == "paused in shadow: litellm: mismatch_rate \(share) of \(n) shadow requests, the baseline's own \(own), "
        + "allowed 5.0% more")
    #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [playbook]) == [])
    #expect(DecisionAudit.isComplete(decision))
    var lied = rig.decisions
    lied[1].evidence?.basis?["absolute"]?.starts[0].pairs?[1] += 3
    #expect(!DecisionAudit.faults(in: lied).isEmpty)
  }

  @Test("without noise every mismatch counts, and a ratio to the baseline's is never judged, which is said")
  func withoutNoise() {
    let above = Self.mismatches(Condition(metric: .mismatchRate, above: 0.05), noise: 0)
    #expect(Self.traffic(above, own: 0.3, noise: 0, pairs: 200).kinds == [.start, .pause])
    let ratio = Self.mismatches(Condition(metric: .mismatchRate, above: 0.05, ratioAbove: 1.5), noise: 0)
    let rig = Self.traffic(ratio, own: 0.9, noise: 0, pairs: 200)
    #expect(rig.kinds == [.start])
    #expect(
      rig.judge.status(at: rig.now).guards.last?.note
        == "without shadow.noise the baseline's own mismatches are not known: not judged")
  }

  @Test("pairs are weighed in the order in which their exchanges began")
  func order() {
    var queue = PairQueue()
    let order = [5, 1, 4, 2, 3, 9, 7, 8, 6, 0]
    for second in order {
      queue.push(
        PairComparison(
          exchange: UInt64(second), candidate: .litellm, isMismatch: false, noiseMismatch: nil,
          at: Plans.epoch + .seconds(second)))
    }
    #expect(order.indices.map { _ in queue.pop().exchange } == Array(0..<10))
    // While an earlier exchange is under way, later ones wait.
    var rig = Rig(Self.mismatches(Condition(metric: .mismatchRate, above: 0.05), noise: 0))
    let slow = rig.start(.baseline)
    for _ in 0..<100 { Self.compare(&rig, true, noise: nil) }
    rig.pass(.seconds(20))
    #expect(rig.kinds == [.start])
    rig.end(slow, after: .seconds(40))
    rig.decide()
    #expect(rig.kinds == [.start, .pause])
  }

  @Test("a gate adds the baseline's own variation to what is allowed")
  func gate() {
    let playbook = Self.mismatches(
      Condition(metric: .mismatchRate, above: 0.05), test: .threshold(window: .seconds(600), minSamples: 50))
    #expect(Self.traffic(playbook, own: 0.3, noise: 0.3, pairs: 300, seed: 5).kinds == [.start])
    #expect(Self.traffic(playbook, own: 0.7, noise: 0.3, pairs: 300).kinds == [.start, .pause])
  }

  // MARK: costs

  static func costs(_ condition: Condition, shadow: Bool = false, test: TestKind = .sequential) -> Playbook {
    Plans.playbook(
      [Plans.stage("one", weight: shadow ? 0 : 0.5, shadow: shadow ? 1 : 0, hold: .seconds(1_000_000))],
      pause: [condition], test: test)
  }

  static func costs(
    _ playbook: Playbook, candidate: Double?, baseline: Double? = 0.002, requests: Int, unknown: Double = 0
  ) -> Rig {
    var rig = Rig(playbook)
    var random = SeededGenerator(seed: 11)
    let isShadow = playbook.stages[0].shadow[0] > 0
    for _ in 0..<requests where rig.state == .running {
      let spread = random.logNormal(sigma: 0.5)
      let isUnknown = random.chance(unknown)
      if isShadow {
        let live = rig.start(.baseline)
        let copy = rig.start(.litellm, population: .shadow, exchange: live.exchange)
        rig.end(live, cost: baseline.map { $0 * spread })
        rig.end(copy, cost: isUnknown ? nil : candidate.map { $0 * spread })
      } else {
        let isCandidate = random.chance(0.5)
        let mean = isCandidate ? candidate : baseline
        rig.end(rig.start(isCandidate ? .litellm : .baseline), cost: isUnknown ? nil : mean.map { $0 * spread })
      }
      rig.decide()
    }
    rig.pass(.seconds(10))
    return rig
  }

  @Test("twice the baseline's cost pauses, live and in copies; the same cost does not", arguments: [false, true])
  func ratio(isShadow: Bool) throws {
    for metric in [Metric.costPerRequest, .costPerOutcome] {
      let playbook = Self.costs(Condition(metric: metric, ratioAbove: 1.25), shadow: isShadow)
      #expect(Self.costs(playbook, candidate: 0.0024, requests: 2000).kinds == [.start])
      let rig = Self.costs(playbook, candidate: 0.006, requests: 4000)
      #expect(rig.kinds == [.start, .pause], "\(metric)")
      let decision = try #require(rig.last)
      #expect(decision.message.hasPrefix("paused in one: litellm: \(metric.rawValue) $0.00"))
      #expect(decision.message.hasSuffix("allowed 1.25 times the baseline's"))
      #expect(DecisionAudit.faults(in: rig.decisions, playbooks: [playbook]) == [])
      #expect(!DecisionAudit.isComplete(decision))
    }
  }

  @Test("a limit in dollars needs no baseline")
  func above() {
    let playbook = Self.costs(Condition(metric: .costPerRequest, above: 0.003))
    #expect(Self.costs(playbook, candidate: 0.0025, baseline: nil, requests: 1500).kinds == [.start])
    let rig = Self.costs(playbook, candidate: 0.009, baseline: nil, requests: 1500)
    #expect(rig.kinds == [.start, .pause])
    #expect(rig.last?.message.hasSuffix("allowed $0.0030") == true)
  }

  @Test("where the cost of more than 5% of the answers is unknown nothing is judged, and that is said")
  func unknown() {
    let playbook = Self.costs(Condition(metric: .costPerRequest, ratioAbove: 1.25))
    let rig = Self.costs(playbook, candidate: 0.006, requests: 3000, unknown: 0.2)
    #expect(rig.kinds == [.start])
    let note = rig.judge.status(at: rig.now).guards.last?.note
    #expect(note?.hasPrefix("the cost of ") == true && note?.hasSuffix("unknown, more than 5.0%: not judged") == true)
    #expect(Self.costs(playbook, candidate: 0.006, requests: 4000, unknown: 0.02).kinds == [.start, .pause])
  }

  @Test("a gate on costs compares means over its window")
  func costGate() {
    let playbook = Self.costs(
      Condition(metric: .costPerRequest, ratioAbove: 1.25), test: .threshold(window: .seconds(600), minSamples: 50))
    #expect(Self.costs(playbook, candidate: 0.002, requests: 300).kinds == [.start])
    #expect(Self.costs(playbook, candidate: 0.006, requests: 300).kinds == [.start, .pause])
  }

  @Test("a restart keeps what was gathered")
  func restart() throws {
    let playbook = Self.costs(Condition(metric: .costPerRequest, ratioAbove: 1.25), shadow: true)
    var rig = Self.costs(playbook, candidate: 0.006, requests: 515)
    #expect(rig.kinds == [.start])
    let evidence = rig.judge.status(at: rig.now).guards.last?.evidence ?? 0
    let data = try JSONEncoder().encode(rig.judge.checkpoint)
    let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: data)
    let judge = try Judge(playbook: playbook, resuming: checkpoint, decisions: rig.decisions, at: rig.now)
    let restored = judge.status(at: rig.now).guards.last?.evidence ?? 0
    #expect(evidence > 0.6 && abs(restored - evidence) < 1e-9 * evidence)
    rig = Rig(resuming: judge, at: rig.now)
    for _ in 0..<2000 where rig.state == .running {
      let live = rig.start(.baseline)
      let copy = rig.start(.litellm, population: .shadow, exchange: live.exchange)
      rig.end(live, cost: 0.002)
      rig.end(copy, cost: 0.006)
      rig.decide()
    }
    rig.pass(.seconds(10))
    #expect(rig.state == .paused)
  }
}
