/// The guards of one event loop under one playbook: what they have counted and kept. Touched on that loop only.

import Dialects
import Guards
import NIOCore
import RolloutJudge
import TrafficSplit

final class LoopGuards {
  let policy: GuardPolicy
  let plan: RetryPlan?
  private var budget: RetryBudget?
  private var cap: RetryCap?
  private var limits: LimitTable?
  /// Nil where no answers are shared.
  private(set) var answers: SharedAnswers?
  /// By arm.
  private var queues: [ArmQueue]
  /// A seed of this process's own.
  private let salt = UInt64.random(in: .min ... .max)
  private let tags: TagNames
  let allowsOverride: Bool

  init?(_ shared: ProxyShared) {
    guard let policy = shared.guards else { return nil }
    self.policy = policy
    tags = shared.tags
    allowsOverride = shared.allowsOverride
    plan = policy.retries.map(RetryPlan.init)
    budget = policy.retries.map { RetryBudget(share: $0.budget) }
    cap = policy.retryCap.map { RetryCap(share: $0.share) }
    limits = policy.limits.isEmpty ? nil : LimitTable(policy.limits)
    if policy.joins {
      answers = SharedAnswers(policy)
    }
    queues = policy.queue.map { queue in shared.targets.map { _ in ArmQueue(queue, loops: shared.loops) } } ?? []
  }

  /// What was counted and kept under the playbook before goes on where its guards are the same.
  func inherit(from former: LoopGuards) {
    if policy.retryCap == former.policy.retryCap { cap = former.cap }
    if policy.limits == former.policy.limits { limits = former.limits }
    if policy.idempotency == former.policy.idempotency, policy.duplicates == former.policy.duplicates {
      answers = former.answers
    }
    if policy.queue == former.policy.queue, queues.count == former.queues.count { queues = former.queues }
  }

  func queue(_ arm: ArmIndex) -> ArmQueue? { queues.isEmpty ? nil : queues[arm.rawValue] }

  /// Once a second.
  func forget(at now: Int64) { answers?.forget(at: now) }

  // MARK: limits

  func limitKeys(of exchange: Exchange) -> [LimitTable.Key] {
    policy.limits.indices.compactMap { index in
      switch policy.limits[index].scope {
      case .everyone: return LimitTable.Key(limit: index)
      case .each(let group): return LimitTable.Key(limit: index, value: value(of: group, exchange))
      case .tag(let tag, let wanted):
        return tags.value(tag, of: exchange.request) == wanted ? LimitTable.Key(limit: index) : nil
      }
    }
  }

  func admit(_ keys: [LimitTable.Key], at now: Int64, _ instant: Instant) -> LimitTable.Refusal? {
    limits?.requestCame(keys, at: now, time: instant.nanoseconds / 1_000_000_000)
  }

  func spent(_ dollars: Double, by keys: [LimitTable.Key], _ instant: Instant) {
    limits?.spent(dollars, by: keys, time: instant.nanoseconds / 1_000_000_000)
  }

  // MARK: repeats

  func repeats(of exchange: Exchange, at now: Int64, chance: Double) -> RetryCap.Verdict {
    guard let per = policy.retryCap?.per else { return .pass }
    return cap?.requestCame(of: value(of: per, exchange), isRepeat: exchange.isRetry, at: now, chance: chance) ?? .pass
  }

  func requestCame(at now: Int64) { budget?.requestCame(at: now) }

  /// - Returns: whether one more retry is within the budget.
  func takeRetry(at now: Int64) -> Bool { budget?.take(at: now) ?? false }

  /// What a group's members have in common.
  func value(of group: Group, _ exchange: Exchange) -> UInt64 {
    var hasher = UnitHasher(seed: salt)
    switch group {
    case .caller: hasher.combine(exchange.request.callerHash)
    case .tag(let tag): hasher.combine(field: tags.value(tag, of: exchange.request) ?? "")
    }
    return hasher.finish()
  }

  /// What a request asks of others is read before it is sent.
  var readsFacts: Bool {
    tags.readsBody || policy.duplicates?.match.joined().contains(where: \.attribute.isOfBody) ?? false
  }
}

extension TrafficRule.Attribute {
  fileprivate var isOfBody: Bool {
    switch self {
    case .model, .body: true
    case .path, .header: false
    }
  }
}
