/// The admin endpoints' questions to the runner: where it stands, what it decided, and a person's commands.

import AdminServer
import Journal
import MigrationReport
import OperatorLog
import RolloutJudge
import RolloutSteering
import TrafficSplit

extension RolloutRunner: RolloutControl {
  func status() async -> RolloutStatus {
    var status = status(machine.judge.status(at: clock.now))
    status.otherModels = accounts.otherModels
    status.models = accounts.modelStatus
    for arm in [playbook.baseline] + playbook.candidates {
      status.arms[arm.name]?.reconciliation = reconciliation(of: arm)
    }
    return status
  }

  func decisions(after seq: Int?, limit: Int?) async throws -> [Decision] {
    guard let store else {
      throw CommandRefusal(.journalUnavailable, "the journal is unavailable: \(machine.outage?.words ?? "not open")")
    }
    let (limit, rollout) = (min(limit ?? 1000, 10_000), playbook.name)
    // Without a place to begin, the newest ones.
    let after = seq ?? max(0, machine.journaledSeq - limit)
    return try await access.thread.perform { () throws(StoreFault) in
      try store.decisions(of: rollout, after: after, limit: limit)
    }
  }

  func stageNames() async -> [String] { playbook.stages.map(\.name) }

  func perform(_ order: CommandOrder) async throws -> Decision {
    func request(_ ticket: Int) -> SteeringCommand {
      SteeringCommand(
        ticket: ticket, order.command, shown: order.shown, reason: order.reason, actor: order.actor)
    }
    if order.isDryRun { return try machine.imagine(request(0), at: clock.now) }
    switch await ask({ .commanded(request($0)) }) {
    case .decided(let decision): return decision
    case .refused(let refusal): throw refusal
    case .change: throw CommandRefusal(.wrongState, "the answer was to another playbook, which nobody had sent")
    }
  }

  func report(_ outcomes: [ReportedOutcome]) async throws -> Int {
    await untilSteady()
    let names = [playbook.baseline.name] + playbook.candidates.map(\.name)
    if let wrong = outcomes.compactMap(\.arm).first(where: { !names.contains($0) }) {
      throw CommandRefusal(
        .unknownCandidate, "no arm is called \"\(wrong.prefix(100))\"; there are \(names.joined(separator: ", "))")
    }
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
    guard let name = outcome.arm else {
      return outcome.success.map { report(exchange, success: $0, value: outcome.value) } ?? false
    }
    let candidate = playbook.candidates.firstIndex { $0.name == name }
    let arm = candidate.map { ArmIndex.candidate($0) } ?? .baseline
    if exchanges.answer(of: exchange)?.arm == arm, let success = outcome.success {
      return report(exchange, success: success, value: outcome.value)
    }
    return score(exchange, arm, outcome.value)
  }

  /// An evaluator's word on one arm's answer: the one that the application got, or a copy's. Its outcome remains to be reported.
  private func score(_ exchange: UInt64, _ arm: ArmIndex, _ value: Double?) -> Bool {
    let answered = exchanges.answer(of: exchange).flatMap { $0.arm == arm ? $0 : nil }
    // Where the application has spoken already, what is left to score is a pair.
    let isOfPair = machine.reported(
      ApplicationOutcome(
        exchange: exchange, arm: arm,
        population: answered?.population ?? .shadow, isSuccess: nil, score: value,
        wasNormal: answered?.isNormalFinish ?? false, isCostKnown: answered?.isCostKnown ?? false, at: clock.now))
    return isOfPair || answered != nil
  }

  func journalProblem() async -> String? { machine.outage?.words }

  func readiness() async -> Readiness {
    if isDraining { return .notReady(reason: "draining") }
    return machine.outage.map { .notReady(reason: "the journal is unavailable, the baseline serves: \($0.words)") }
      ?? .ready
  }
}
