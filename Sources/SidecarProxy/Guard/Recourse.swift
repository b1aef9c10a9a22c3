/// What an exchange may still try where an attempt fails before its client has a byte of an answer: a retry, then a candidate in
/// the baseline's place.

import Dialects
import Guards
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

final class Recourse {
  enum Step {
    case retry(after: Duration)
    case failover(ArmIndex, model: String)
    /// Nothing helped: the baseline's own failure is the answer.
    case giveBack
  }

  private let loop: LoopState
  private let guards: LoopGuards
  private weak var exchange: Exchange?
  private var retriesDone = 0
  private var step: Step?
  /// The baseline's failure, which a failover stands in for.
  private(set) var kept: HeldAnswer?
  private(set) var failure: AttemptFailure?

  init(_ exchange: Exchange, guards: LoopGuards, loop: LoopState) {
    self.exchange = exchange
    self.guards = guards
    self.loop = loop
  }

  /// Failures of an attempt that something may be tried after.
  func catches(_ arm: ArmIndex, _ population: Population) -> Set<FallbackTrigger> {
    if population == .failover { return Set(FallbackTrigger.allCases) }
    var triggers = guards.policy.retries?.on ?? []
    if arm.isBaseline, population != .rescue { triggers.formUnion(guards.policy.failover?.on ?? []) }
    return Set(triggers.map(FallbackTrigger.init))
  }

  /// - Parameter head: of the answer that says so, where there is one.
  /// - Returns: whether something else is done; it is then planned, and the failure is nobody's answer.
  func standsIn(
    for trigger: FallbackTrigger, _ head: (ResponseHead, ByteBuffer)?, on arm: ArmIndex, _ population: Population
  ) -> Bool {
    guard let exchange, step == nil, !(exchange.guarded?.isAbandoned ?? true) else { return false }
    if population == .failover {
      step = .giveBack
      return true
    }
    guard let trigger = GuardTrigger(trigger) else { return false }
    exchange.readFacts(for: loop)
    let hasEffect = exchange.request.mayHaveEffect
    return retries(after: trigger, head, hasEffect) || failsOver(exchange, trigger, hasEffect, on: arm, population)
  }

  private func retries(after trigger: GuardTrigger, _ head: (ResponseHead, ByteBuffer)?, _ hasEffect: Bool) -> Bool {
    guard let plan = guards.plan else { return false }
    var failure = RetryPlan.Failure(trigger)
    if let (head, bytes) = head {
      failure.retryAfter = RetryAfter.duration(of: head, bytes.readableBytesSpan, at: loop.now())
      failure.shouldRetry = head.saysRetry(bytes.readableBytesSpan)
    }
    let chance = loop.random.unit()
    guard case .retry(let wait) = plan.decide(failure, done: retriesDone, hasEffect: hasEffect, chance: chance) else {
      return false
    }
    guard guards.takeRetry(at: loop.time) else {
      loop.noteGuard { $0.retriesUnaffordable += 1 }
      return false
    }
    retriesDone += 1
    step = .retry(after: wait)
    return true
  }

  private func failsOver(
    _ exchange: Exchange, _ trigger: GuardTrigger, _ hasEffect: Bool, on arm: ArmIndex, _ population: Population
  ) -> Bool {
    guard arm.isBaseline, population == .live || population == .retry, exchange.fallback == nil, !hasEffect,
      guards.policy.failover?.on.contains(trigger) ?? false,
      let (arm, model) = loop.routing.table.standIn(
        for: exchange.request, isSpent: { loop.routing.hasSpent(on: $0, exchange.labels) }),
      loop.livePools[arm.rawValue].hasRoom(fresh: false)
    else { return false }
    step = .failover(arm, model: model)
    return true
  }

  /// What the failed attempt had brought; its end comes before the step.
  func keep(_ held: HeldAnswer?, failure trigger: FallbackTrigger) {
    guard case .failover = step else { return }
    kept = held
    failure =
      switch trigger {
      case .timeout: .timedOut
      case .connect: .unreachable("it could not be connected to, or broke off")
      default: nil
      }
  }

  func takeStep() -> Step? {
    defer { step = nil }
    return step
  }
}

extension GuardTrigger {
  init?(_ trigger: FallbackTrigger) {
    switch trigger {
    case .connect: self = .connect
    case .timeout: self = .timeout
    case .rateLimited: self = .rateLimited
    case .serverError: self = .serverError
    case .clientError, .redirect, .errorInBody, .empty: return nil
    }
  }
}

extension FallbackTrigger {
  init(_ trigger: GuardTrigger) {
    switch trigger {
    case .connect: self = .connect
    case .timeout: self = .timeout
    case .rateLimited: self = .rateLimited
    case .serverError: self = .serverError
    }
  }
}

extension InboundRequest {
  /// To be asked twice could do more than to answer twice: a job is created, something is stored, a tool of the vendor's acts. What
  /// cannot be read may be anything.
  var mayHaveEffect: Bool {
    guard let endpoint, isReadable, !endpoint.isMedia else { return true }
    return !traits.isDisjoint(with: [.serverTools, .storedState])
  }
}

extension RetryAfter {
  /// `retry-after-ms` is the finer one.
  static func duration(of head: ResponseHead, _ bytes: RawSpan, at now: Instant) -> Duration? {
    if let field = head.fields.first(where: { $0.id == .retryAfterMilliseconds }),
      let milliseconds = Double(bytes.text(field.value)), (0..<86_400_000).contains(milliseconds)
    {
      return .milliseconds(milliseconds)
    }
    return head.fields.first { $0.id == .retryAfter }.flatMap { duration(bytes.text($0.value), at: now) }
  }
}

extension ResponseHead {
  /// `x-should-retry`, as OpenAI and Anthropic say it.
  fileprivate func saysRetry(_ bytes: RawSpan) -> Bool? {
    guard let field = fields.first(where: { bytes.reads($0.name, caseInsensitively: Array("x-should-retry".utf8)) })
    else { return nil }
    return bytes.text(field.value) == "false" ? false : nil
  }
}
