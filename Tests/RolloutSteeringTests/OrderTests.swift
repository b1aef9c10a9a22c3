/// Every order of events up to a length: whatever comes, no rule of a rollout is broken, and nothing is left hanging.

import RolloutJudge
import Testing

@testable import RolloutSteering

@Suite("Orders")
struct OrderTests {
  static let alphabet: [(name: String, feed: @Sendable (inout Bench) -> Void)] = [
    ("the store does it", { $0.answer() }),
    ("the store fails", { $0.fail(Bench.full) }),
    ("it was done, and late", { $0.fail(Bench.stalled, isDone: true) }),
    ("the store is damaged", { $0.fail(Bench.damaged) }),
    ("loops follow", { $0.adopt() }),
    ("a late tick", { $0.feed(.tick(overdue: nil), after: .seconds(4)) }),
    ("pause", { $0.command(.pause) }),
    ("roll back", { $0.command(.rollback(candidate: nil)) }),
    ("re-arm", { $0.command(.rearm(stage: nil)) }),
    ("another playbook", { $0.offer() }),
    ("kept after all", { $0.keep(true) }),
    ("kept nowhere", { $0.keep(false) }),
  ]

  @Test(
    "no weight before its decision is journaled, one question at a time, answers once, told in order; and all ends well",
    arguments: alphabet.indices)
  func orders(_ first: Int) {
    var count = 0
    visit(.running(), [first], depth: 4, &count)
    #expect(count > 1000)
  }

  /// In a fleet others decide at any time.
  static let fleet: [(name: String, feed: @Sendable (inout Bench) -> Void)] = [
    ("the store does it", { $0.answer() }),
    ("the store fails", { $0.fail(Bench.full) }),
    ("it was done, and late", { $0.fail(Bench.stalled, isDone: true) }),
    ("loops follow", { $0.adopt() }),
    ("a late tick", { $0.feed(.tick(overdue: nil), after: .seconds(4)) }),
    ("a tick", { $0.feed(.tick(overdue: nil), after: .milliseconds(100)) }),
    ("pause", { $0.command(.pause) }),
    ("roll back", { $0.command(.rollback(candidate: nil)) }),
    ("others pause, unheard", { $0.others(.pause, isHeard: false) }),
    ("others roll back", { $0.others(.rollback) }),
    ("news", { $0.hear() }),
    ("the lease lapses", { $0.lapse() }),
    ("kept after all", { $0.keep(true) }),
  ]

  @Test(
    "in a fleet too: whoever is first is followed, a rollback wins, and journal and replica end alike",
    arguments: fleet.indices)
  func fleetOrders(_ first: Int) {
    var count = 0
    for role in [SteeringRole.decider(Bench.lease), .follower] {
      visit(.inFleet(role), [first], Self.fleet, depth: 3, &count)
    }
    #expect(count > 300)
  }

  private func visit(
    _ bench: Bench, _ letters: [Int], _ alphabet: [(name: String, feed: @Sendable (inout Bench) -> Void)] = alphabet,
    depth: Int, _ count: inout Int
  ) {
    var bench = bench
    alphabet[letters.last!].feed(&bench)
    count += 1
    let words = letters.map { alphabet[$0].name }
    #expect(bench.broken == [], "\(words)")
    ends(bench, words)
    guard letters.count < depth, bench.broken == [] else { return }
    for next in alphabet.indices { visit(bench, letters + [next], alphabet, depth: depth, &count) }
  }

  /// The store is in order from now on: everything is answered, told and journaled.
  private func ends(_ bench: Bench, _ words: [String]) {
    var bench = bench
    for _ in 0..<6 {
      while !bench.kept.isEmpty { bench.keep(true) }
      bench.settle()
      bench.feed(.tick(overdue: nil), after: .seconds(4))
      if bench.isShared { bench.hear() }
    }
    bench.settle()
    #expect(bench.broken == [], "\(words), and then the store is in order")
    #expect(bench.answers.count == bench.tickets, "\(words): somebody waits for ever")
    #expect(bench.machine.untold.isEmpty, "\(words): something is not told")
    guard bench.machine.damage == nil else { return }
    #expect(bench.machine.outage == nil && bench.machine.unjournaled.isEmpty, "\(words): the journal is not back")
    #expect(bench.journal.last?.seq == bench.machine.judge.lastDecision?.seq, "\(words): journal and judge differ")
    #expect(bench.directive?.weights[0] == bench.journal.last?.weightsAfter["litellm"], "\(words): loops differ")
  }
}
