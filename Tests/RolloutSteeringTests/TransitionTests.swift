/// Every phase meets every event: what follows is written down in Goldens/transitions.txt, a line each.

import Foundation
import RolloutJudge
import Testing

@testable import RolloutSteering

@Suite("Transitions")
struct TransitionTests {
  /// By name: the way to a state from the start.
  static let states: [(name: String, way: @Sendable (inout Bench) -> Void)] = [
    (
      "before the loops are there",
      { bench in
        bench = Bench(); bench.open()
      }
    ),
    ("starting", { bench in bench = .attached() }),
    (
      "folding after the start",
      { bench in
        bench = .attached(); bench.answer()
      }
    ),
    ("running", { _ in }),
    ("keeping the evidence", { $0.feed(.tick(overdue: nil), after: .seconds(6)) }),
    ("checking the store", { $0.feed(.tick(overdue: nil), after: .seconds(2)) }),
    ("pausing", { $0.command(.pause) }),
    ("rolling back", { $0.command(.rollback(candidate: nil)) }),
    (
      "rolled back",
      {
        $0.command(.rollback(candidate: nil)); $0.settle()
      }
    ),
    ("reading for another playbook", { $0.offer() }),
    (
      "changing the playbook",
      {
        $0.offer(); $0.answer()
      }
    ),
    (
      "out of order",
      {
        $0.command(.pause); $0.fail(Bench.full)
      }
    ),
    (
      "rolled back out of order",
      {
        $0.command(.rollback(candidate: nil)); $0.fail(Bench.full); $0.adopt()
      }
    ),
    ("reopening", { outOfOrder(&$0) }),
    (
      "catching up",
      {
        $0.command(.rollback(candidate: nil)); $0.fail(Bench.full); $0.keep(false); tickToReopening(&$0); $0.answer()
      }
    ),
    (
      "probing",
      {
        outOfOrder(&$0); $0.answer()
      }
    ),
    ("damaged", { $0.feed(.storeFailed(Bench.damaged)) }),
    (
      "reopening a damaged one",
      {
        $0.feed(.storeFailed(Bench.damaged)); tickToReopening(&$0)
      }
    ),
    ("accepting", { damagedRearm(&$0) }),
    (
      "accepting, the rollback",
      {
        damagedRearm(&$0); $0.answer()
      }
    ),
    (
      "accepting, an empty one",
      {
        damagedRearm(&$0); $0.journal = []; $0.answer()
      }
    ),
    (
      "accepting, the end",
      {
        damagedRearm(&$0); $0.answer(); $0.answer()
      }
    ),
    ("deciding for a fleet", { $0 = .inFleet() }),
    ("following in a fleet", { $0 = .inFleet(.follower) }),
    (
      "following, pausing",
      {
        $0 = .inFleet(.follower); $0.command(.pause)
      }
    ),
    (
      "following, rolled back without the store",
      {
        $0 = .inFleet(.follower); $0.command(.rollback(candidate: nil)); $0.fail(Bench.full); $0.adopt()
      }
    ),
    (
      "estranged",
      {
        $0 = .inFleet(.follower); $0.others(.configChanged, sha256: "two")
      }
    ),
  ]

  private static func tickToReopening(_ bench: inout Bench) { bench.feed(.tick(overdue: nil), after: .seconds(4)) }

  private static func outOfOrder(_ bench: inout Bench) {
    bench.command(.pause)
    bench.fail(Bench.full)
    tickToReopening(&bench)
  }

  private static func damagedRearm(_ bench: inout Bench) {
    bench.feed(.storeFailed(Bench.damaged))
    bench.command(.rearm(stage: nil))
  }

  static let events: [(name: String, feed: @Sendable (inout Bench) -> Void)] = [
    ("the store does it", { $0.answer() }),
    ("the store fails", { $0.fail(Bench.full) }),
    ("the store stalls", { $0.fail(Bench.stalled) }),
    ("the store is damaged", { $0.fail(Bench.damaged) }),
    ("a stale answer", { $0.feed(.stored(.done, ticket: 0)) }),
    ("loops there", { $0.feed(.attached) }),
    ("loops follow", { $0.adopt() }),
    ("observed", { $0.feed(.observed) }),
    ("a tick", { $0.feed(.tick(overdue: nil)) }),
    ("a late tick", { $0.feed(.tick(overdue: nil), after: .seconds(4)) }),
    (
      "two overdue ticks",
      {
        $0.feed(.tick(overdue: Bench.stalled)); $0.feed(.tick(overdue: Bench.stalled), after: .seconds(1))
      }
    ),
    ("budget spent", { $0.feed(.budgets(SpentBudgets(isShadowSpent: true))) }),
    ("pause", { $0.command(.pause) }),
    ("roll back", { $0.command(.rollback(candidate: nil)) }),
    ("re-arm", { $0.command(.rearm(stage: nil)) }),
    ("another playbook", { $0.offer() }),
    ("the same playbook", { $0.offer(Bench.playbook()) }),
    ("a playbook shown", { $0.offer(isDryRun: true) }),
    ("kept after all", { $0.keep(true) }),
    ("kept nowhere", { $0.keep(false) }),
    ("another use fails", { $0.feed(.storeFailed(Bench.full)) }),
    ("another use finds damage", { $0.feed(.storeFailed(Bench.damaged)) }),
    ("others pause", { $0.others(.pause) }),
    ("others roll back", { $0.others(.rollback) }),
    ("others change the playbook", { $0.others(.configChanged, sha256: "two") }),
    (
      "others were first",
      {
        $0.isShared = true; $0.others(.hold, isHeard: false); $0.answer()
      }
    ),
    ("the lease lapses", { $0.lapse() }),
    (
      "it decides from now on",
      {
        let found = FoundStore(decisions: $0.journal, checkpoint: nil)
        $0.feed(.role(.decider(Bench.lease), from: found))
      }
    ),
  ]

  @Test("every phase meets every event, and what follows is what is written down")
  func table() throws {
    var lines: [String] = []
    for state in Self.states {
      var bench = Bench.running()
      state.way(&bench)
      lines.append("\(state.name): \(Text.state(bench.machine))")
      for event in Self.events {
        var next = bench
        event.feed(&next)
        #expect(next.broken == [], "\(state.name), \(event.name)")
        let effects = next.effects.map(Text.effect).joined(separator: "; ")
        lines.append(
          "  \(event.name) -> \(Text.state(next.machine))\(effects.isEmpty ? "" : ": \(effects)")")
      }
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/transitions.txt")
    let expected = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    for (number, line) in lines.enumerated() where !expected.indices.contains(number) || expected[number] != line {
      Issue.record("line \(number + 1) is now: \(line)")
    }
    #expect(lines.count == expected.count)
  }
}
