/// Somebody who can write the store and knows its format: rows rewritten, sealed and chained anew, its mark with them.

import Dialects
import Foundation
import GRDB
import RolloutJudge
import TrafficSplit

@testable import Journal

/// A journal written by the judge itself: proven in shadow, advanced twice with a hold between, rolled back by its tests.
struct TamperedJournal {
  static let playbook = Playbook(
    name: "move", baseline: arm("openrouter"), candidates: [arm("litellm")],
    rollbackWhen: [Condition(metric: .errorRate, above: 0.2, ratioAbove: 1.5)],
    stages: [
      Stage(
        name: "shadow", weights: [0], shadow: [1], hold: .seconds(1), advance: .proven),
      stage("canary", 0.05, .seconds(30)), stage("canary-25", 0.25, .seconds(1_000_000)),
    ], sha256: String(repeating: "ab", count: 32))

  private static func arm(_ name: String) -> Arm {
    Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 4000, basePath: "/v1"))
  }

  private static func stage(_ name: String, _ weight: Double, _ hold: Duration) -> Stage {
    Stage(
      name: name, weights: [weight], shadow: [0], hold: hold, advance: .held)
  }

  /// Written once: the judge needs some thousand attempts for a proof.
  static let decisions: [Decision] = {
    var judge = Judge(playbook: playbook, at: Instant(nanoseconds: 1_795_284_000_000_000_000))
    var (now, next, journal) = (Instant(nanoseconds: 1_795_284_000_000_000_000), UInt64(1), [Decision]())
    func decide() {
      while let decision = judge.decide(at: now) {
        journal.append(decision)
        judge.take(decision)
      }
    }
    func attempt(_ isCandidate: Bool, _ population: Population, exchange: UInt64, isBad: Bool) {
      let arm: ArmIndex = isCandidate ? .candidate(0) : .baseline
      let start = AttemptStart(
        attempt: next, exchange: exchange, arm: arm, population: population, unit: next &* 0x9E37_79B9_7F4A_7C15,
        shares: judge.directive.weights, at: now)
      next += 1
      judge.record(.started(start))
      now = now + .milliseconds(50)
      var end = AttemptEnd(
        attempt: start.attempt, exchange: exchange, arm: arm, population: population, outcome: isBad ? .failed : .ok,
        at: now, latency: 50_000_000, ttft: nil, cost: nil, isRetry: false, isNormalFinish: !isBad)
      end.status = isBad ? 500 : 200
      judge.record(.ended(end))
    }
    decide()
    for index in 0..<20_000 where judge.directive.state == .running {
      let stage = judge.directive.stage
      let exchange = next
      if stage == "shadow" {
        attempt(false, .live, exchange: exchange, isBad: false)
        attempt(true, .shadow, exchange: exchange, isBad: false)
      } else {
        let every = stage == "canary" ? 20 : 4
        let isCandidate = index % every == 0
        if stage == "canary", journal.last?.decision == .advance { now = now + .seconds(20) }
        attempt(isCandidate, .live, exchange: exchange, isBad: isCandidate && stage == "canary-25")
      }
      if index % 10 == 0 { decide() }
    }
    return journal
  }()

  let files: TestStore
  /// The chain's last head, as the log told it.
  let told: String

  init() throws {
    files = try TestStore()
    let journal = try files.open()
    var head: String?
    for decision in Self.decisions { head = try journal.append(decision) }
    told = head ?? ""
    try journal.close()
  }

  struct Seal: OptionSet {
    let rawValue: Int
    static let rows = Seal(rawValue: 1)
    static let chain = Seal(rawValue: 2)
    static let all: Seal = [.rows, .chain]
  }

  /// - Parameter at: changes the rows' own instants.
  func rewrite(
    _ seal: Seal = .all, at: ([Instant]) -> [Instant] = { $0 }, _ change: (inout [Decision]) throws -> Void
  ) throws {
    let queue = try DatabaseQueue(path: files.path)
    try queue.write { db in
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM decision ORDER BY position")
      let seals = rows.map { $0["seal"] as Int64 }
      let heads = rows.map { $0["head"] as String? }
      var decisions = Self.decisions
      try change(&decisions)
      for name in ["decision_in_order", "decision_unchanged", "decision_kept"] {
        try db.execute(sql: "DROP TRIGGER \(name)")
      }
      try db.execute(sql: "DELETE FROM decision")
      let instants = at(decisions.map(\.at))
      var head = ""
      for (index, decision) in decisions.enumerated() {
        var row = try DecisionRow(decision)
        row.at = instants[index]
        row.head = seal.contains(.chain) ? DecisionChain.head(after: head, row) : heads[index]
        head = row.head ?? ""
        try db.execute(
          sql: "INSERT INTO decision (rollout, seq, at, body, seal, head) VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            row.rollout, row.seq, row.at.nanoseconds, row.body, seal.contains(.rows) ? row.seal : seals[index],
            row.head,
          ])
      }
      // No mark, and no word that there was one.
      try db.execute(sql: "PRAGMA user_version = 0")
    }
    try queue.close()
    try? FileManager.default.removeItem(atPath: files.path + "-mark")
  }

  /// Everything that `verify` finds, without the head that was told.
  func faults(_ playbooks: [Playbook] = []) throws -> [String] {
    let found = try StoreExamination.examine(path: files.path)
    let decisions = found.decisions(of: "move")
    let faults = DecisionAudit.faults(
      in: decisions, playbooks: playbooks, wholeFrom: found.chains["move"]?.firstLinked)
    let strangers = DecisionAudit.strangers(among: playbooks, in: decisions)
    return found.findings + faults.map(\.description) + strangers.map { "\($0.name) was never in force" }
  }

  /// Whether the head that was told is still there.
  func holdsWhatWasTold() throws -> Bool {
    try StoreExamination.examine(path: files.path).chains["move"]?.decision(withHead: told) != nil
  }
}
