/// The admin endpoints' questions to the runner: where it stands, what it decided, and a person's commands.

import AdminServer
import Journal
import MigrationReport
import OperatorLog
import RolloutJudge

extension RolloutRunner: RolloutControl {
  func status() async -> RolloutStatus {
    var status = status(judge.status(at: clock.now))
    status.otherModels = accounts.otherModels
    status.models = accounts.modelStatus
    return status
  }

  func decisions(after seq: Int?, limit: Int?) async throws -> [Decision] {
    guard let journal else {
      throw CommandRefusal(.journalUnavailable, "the journal is unavailable: \(journalFault?.error ?? "not open")")
    }
    let (limit, rollout) = (min(limit ?? 1000, 10_000), playbook.name)
    return try await disk.perform { () throws(JournalError) in
      if let seq { return try journal.decisions(rollout: rollout, after: seq, limit: limit) }
      // Without a place to begin, the newest ones.
      let last = try journal.lastDecision(rollout: rollout)?.seq ?? 0
      return try journal.decisions(rollout: rollout, after: max(0, last - limit), limit: limit)
    }
  }

  func stageNames() async -> [String] { playbook.stages.map(\.name) }

  func perform(_ order: CommandOrder) async throws -> Decision {
    var order = order
    if case .rearm = order.command, damage != nil, !order.isDryRun {
      try await acceptDamagedStore()
      // What was shown is what the store may have forgotten.
      order.shown = ShownState()
    }
    if order.isDryRun {
      if case .rearm = order.command, let damage { throw CommandRefusal(.journalUnavailable, damage.description) }
      var imagined = judge
      return try imagined.command(
        order.command, shown: order.shown, reason: order.reason, actor: order.actor, at: clock.now)
    }
    let decision = try judge.command(
      order.command, shown: order.shown, reason: order.reason, actor: order.actor, at: clock.now)
    guard journalOrRefuse(decision) else {
      throw CommandRefusal(.journalUnavailable, "not done: \(journalFault?.error ?? "the journal is unavailable")")
    }
    await takeEffect(decision)
    await settle()
    await untilTold(decision)
    return told(decision)
  }

  func report(_ outcomes: [ReportedOutcome]) async -> Int {
    var unknown = outcomes.filter { !take($0) }
    if !unknown.isEmpty {
      // An application that reports at once is ahead of the loops.
      try? await Task.sleep(for: Self.tick)
      unknown.removeAll { take($0) }
    }
    return outcomes.count - unknown.count
  }

  /// - Returns: whether the exchange is remembered.
  private func take(_ outcome: ReportedOutcome) -> Bool {
    // Its `x-crossfade-id`.
    guard let exchange = UInt64(outcome.id, radix: 16) else { return false }
    return report(exchange, success: outcome.success, value: outcome.value)
  }

  func journalProblem() async -> String? { journalFault?.error }

  func readiness() async -> Readiness {
    if isDraining { return .notReady(reason: "draining") }
    return journalFault.map { .notReady(reason: "the journal is unavailable, the baseline serves: \($0.error)") }
      ?? .ready
  }
}
