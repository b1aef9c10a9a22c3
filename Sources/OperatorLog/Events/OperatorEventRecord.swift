/// The record of every event.

import Logging

extension OperatorEvent {
  var record: EventRecord {
    switch self {
    case .decision(let decision): decision.record
    case .command(let command, let actor, let reason, let refusal): .command(command, actor, reason, refusal)
    case .restored(let rollout): .restored(rollout)
    case .configChanged(let playbook, let sha256, let before, let changes):
      .configChanged(playbook, sha256, before, changes)
    case .configRefused(let playbook, let problems): .configRefused(playbook, problems)
    case .exchange(let exchange): .exchange(exchange)
    case .fallback(let id, let candidate, let outcome, let status): .fallback(id, candidate, outcome, status)
    case .shadowDropped(let candidate, let reason, let count): .shadowDropped(candidate, reason, count)
    case .budgetSpent(let candidate, let spent, let budget, let estimated, let resumesAt):
      .budgetSpent(candidate, spent, budget, estimated, resumesAt)
    case .armBudgetSpent(let candidate, let tag, let spent, let budget, let estimated, let resumesAt):
      .armBudgetSpent(candidate, tag, spent, budget, estimated, resumesAt)
    case .upstreamDown(let arm, let host, let port, let cause, let failures):
      .upstreamDown(arm, host, port, cause, failures)
    case .modelUnmapped(let candidate, let model): .modelUnmapped(candidate, model)
    case .upstreamUp(let arm, let host, let port, let downFor): .upstreamUp(arm, host, port, downFor)
    case .armAsked(let arm, let host, let port, let result, let message): .armAsked(arm, host, port, result, message)
    case .limitReached(let name, let allowed, let count): .limitReached(name, allowed, count)
    case .limitsFitted(let limits): .limitsFitted(limits)
    case .journalFailed(let error): .journalFailed(error)
    case .journalRecovered(let duration): .journalRecovered(duration)
    case .webhookFailed(let form, let seq, let attempts, let status, let error):
      .webhookFailed(form, seq, attempts, status, error)
    case .listening(let service, let host, let port): .listening(service, host, port)
    case .draining(let open, let limit): .draining(open, limit)
    case .stopped(let cutOff): .stopped(cutOff)
    }
  }
}
