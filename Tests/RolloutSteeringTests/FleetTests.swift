/// Several processes, one rollout: who was first is followed, and a rollback waits for nobody.

import Dialects
import RolloutJudge
import TrafficSplit
import Testing

@testable import RolloutSteering

@Suite("Fleet")
struct FleetTests {
  @Test("a rollback waits behind another decision no longer than for its own, and is journaled behind it")
  func overtaking() {
    var bench = Bench.running()
    bench.command(.pause)
    bench.command(.rollback(candidate: nil))
    bench.feed(.tick(overdue: nil), after: .milliseconds(40))
    #expect(bench.directive?.weights == [0.3])
    bench.feed(.tick(overdue: nil), after: .milliseconds(40))
    #expect(bench.directive?.weights == [0], "the disk has not answered yet")
    bench.settle()
    #expect(bench.journal.map(\.decision) == [.start, .pause, .rollback])
    #expect(bench.told.map(\.seq) == [1, 2, 3] && bench.answers.count == 2)
    #expect(bench.directive?.weights == [0] && bench.machine.unjournaled.isEmpty && bench.broken == [])
  }

  @Test("a rollback made without the database follows what the others have journaled meanwhile")
  func merging() {
    var bench = Bench.inFleet(.follower)
    bench.command(.rollback(candidate: nil))
    bench.fail(Bench.full)
    #expect(bench.directive?.weights == [0])
    bench.others(.pause)
    bench.others(.hold)
    #expect(bench.directive?.weights == [0])
    bench.feed(.tick(overdue: nil), after: .seconds(2))
    bench.settle()
    #expect(bench.journal.map(\.decision) == [.start, .pause, .hold, .rollback] && bench.broken == [])
    #expect(bench.journal.last?.seq == 4 && bench.machine.judge.lastSeq == 4)
  }

  @Test("who lost its number follows the winner; a rollback is made again, another command is refused")
  func losing() {
    var bench = Bench.inFleet(.follower)
    bench.command(.rollback(candidate: nil))
    bench.others(.hold, isHeard: false)
    bench.settle()
    #expect(bench.journal.map(\.decision) == [.start, .hold, .rollback] && bench.directive?.weights == [0])
    bench.command(.rearm(stage: nil))
    bench.others(.hold, isHeard: false)
    bench.settle()
    guard case .refused(let refusal) = bench.answers[2] else {
      Issue.record("it was done")
      return
    }
    #expect(refusal.reason == .moved && bench.directive?.weights == [0])
  }

  @Test("a follower proposes nothing by evidence of its own, but trips at a dead candidate")
  func trip() {
    var bench = Bench.inFleet(.follower, Self.guarded)
    var failures = 0
    for number in UInt64(1)...200 where bench.directive?.weights == [0.3] {
      failures = Int(number)
      Self.fail(number, &bench)
    }
    #expect((4...40).contains(failures), "\(failures) failures")
    #expect(bench.journal.last?.decision == .rollback && bench.broken == [])
  }

  private static var guarded: Playbook {
    let playbook = Bench.playbook()
    return Playbook(
      name: playbook.name, baseline: playbook.baseline, candidates: playbook.candidates,
      rollbackWhen: [Condition(metric: .errorRate, limits: [.above(0.02)])], stages: playbook.stages, sha256: "one")
  }

  private static func fail(_ number: UInt64, _ bench: inout Bench) {
    let at = bench.now
    bench.machine.record(
      .started(
        AttemptStart(
          attempt: number, exchange: number, arm: .candidate(0), population: .live, unit: number, shares: [0.3], at: at)
      ))
    bench.machine.record(
      .ended(
        AttemptEnd(
          attempt: number, exchange: number, arm: .candidate(0), population: .live, outcome: .failed, at: at,
          latency: 1_000_000, ttft: nil, cost: nil, isRetry: false, isNormalFinish: false)))
    bench.feed(.observed, after: .milliseconds(100))
    bench.settle()
  }
}
