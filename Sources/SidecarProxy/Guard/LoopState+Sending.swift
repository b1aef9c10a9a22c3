/// Sending: an exchange is given to an arm, at once or when its turn comes, and to another one where that has failed.

import Dialects
import Guards
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension LoopState {
  /// - Parameters:
  ///   - model: the arm's own id; nil on the baseline.
  ///   - since: what the attempt's times count from; nil: from when the request had been read.
  func send(
    _ exchange: Exchange, to arm: ArmIndex, model: String?, _ population: Population, for owner: any ExchangeOwner,
    since: Instant? = nil
  ) {
    guard let guards, let guarded = exchange.guarded, let queue = guards.queue(arm) else {
      return attempt(exchange, to: arm, model: model, population, for: owner, since: since, slot: nil)
    }
    exchange.arm = arm
    let entry = queue.enter(guarded.group, loop: self) { [self] slot in
      guarded.turn = nil
      // To wait is no time of the arm's.
      attempt(exchange, to: arm, model: model, population, for: owner, since: now(), slot: slot)
    } refuse: { [self] in
      guarded.turn = nil
      owner.turnedAway(fullQueue(queue, arm))
    }
    switch entry {
    case .go(let slot):
      attempt(exchange, to: arm, model: model, population, for: owner, since: since, slot: slot)
    case .wait(let turn): guarded.turn = turn
    case .refused: owner.turnedAway(fullQueue(queue, arm))
    }
  }

  private func fullQueue(_ queue: ArmQueue, _ arm: ArmIndex) -> GuardRefusal {
    let name = shared.targets[arm.rawValue].arm.name
    return GuardRefusal(
      status: 429, message: "too many requests wait for \(name) (guards.queue)", retryAfter: queue.retryAfter)
  }

  private func attempt(
    _ exchange: Exchange, to arm: ArmIndex, model: String?, _ population: Population, for owner: any ExchangeOwner,
    since: Instant?, slot: ArmQueue.Slot?
  ) {
    let target = shared.targets[arm.rawValue]
    let pool = livePools[arm.rawValue]
    exchange.arm = arm
    exchange.model = model
    guard pool.hasRoom(fresh: false) else {
      slot?.leave(ttft: nil, isRefused: false)
      return owner.noRoom(exchange, on: arm, population)
    }
    var terms = Attempt.Terms(
      method: exchange.request.head.method, requestComplete: true,
      patience: arm.isBaseline ? shared.patience(exchange.request) : shared.patience,
      net: !arm.isBaseline && population == .live ? shared.fallback : [])
    terms.slot = slot
    if let recourse = exchange.guarded?.recourse {
      terms.recourse = recourse
      terms.guarded = recourse.catches(arm, population)
      // Somebody else could answer where it stays silent.
      if terms.guarded.contains(.timeout) {
        terms.patience.firstByte = min(terms.patience.firstByte, shared.patience.firstByte)
      }
    }
    let attempt = Attempt(
      loop: self, pool: pool,
      meter: exchange.meter(target, population, model: model, at: since ?? exchange.readAt, loop: self),
      receiver: receiver(of: exchange, from: target, model: model, for: owner), terms)
    exchange.attempt = attempt
    attempt.start(exchange.request.outbound(to: target, model: model))
  }

  /// Who gets the arm's answer: the exchange's owner, or what translates it first.
  private func receiver(
    of exchange: Exchange, from target: ArmTarget, model: String?, for owner: any ExchangeOwner
  ) -> any AttemptReceiver {
    if let waiting = exchange.waiting { return waiting }
    if target.worksByJobs, exchange.request.facts?.stream == true, target.jobForm(for: exchange.request) != nil {
      let waiting = WaitingReceiver(owner)
      exchange.waiting = waiting
      return waiting
    }
    exchange.translatedFrom = target.spoken(for: exchange.request.endpoint)
    guard exchange.translatedFrom != nil, let model else { return owner }
    return TranslatingReceiver(owner, exchange, from: target, model: model, self)
  }

  // MARK: where an attempt has failed

  /// Nothing of the failed attempt has reached a client: what was planned is done, or the baseline answers.
  func rescue(_ exchange: Exchange, _ outcome: Outcome?, for owner: any ExchangeOwner) {
    let outcome = outcome ?? .failed
    exchange.overhead = nil
    switch exchange.guarded?.recourse?.takeStep() {
    case .retry(let wait): retry(exchange, after: wait, for: owner)
    case .failover(let arm, let model):
      exchange.fallback = outcome.rawValue
      noteGuard { $0.failovers += 1 }
      send(exchange, to: arm, model: model, .failover, for: owner, since: now())
    case .giveBack: giveBack(exchange, outcome, to: owner)
    case nil:
      exchange.fallback = outcome.rawValue
      record(.fellBack(exchange.arm, outcome, exchange: exchange.id.bits, at: now()))
      send(exchange, to: .baseline, model: nil, .rescue, for: owner)
    }
  }

  private func retry(_ exchange: Exchange, after wait: Duration, for owner: any ExchangeOwner) {
    noteGuard { $0.retries += 1 }
    let (arm, model) = (exchange.arm, exchange.model)
    eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(wait.nanoseconds)) { [self] in
      tick()
      guard let guarded = exchange.guarded, !guarded.isAbandoned else { return }
      send(exchange, to: arm, model: model, .retry, for: owner, since: now())
    }
  }

  /// The candidate has failed too: the client is told what the baseline had said.
  private func giveBack(_ exchange: Exchange, _ outcome: Outcome, to owner: any ExchangeOwner) {
    (exchange.arm, exchange.fallback, exchange.translatedFrom) = (.baseline, nil, nil)
    guard let recourse = exchange.guarded?.recourse else { return assertionFailure("a recourse gives back") }
    if let kept = recourse.kept, kept.isWhole {
      owner.answerHead(kept.head, kept.headBytes)
      if kept.body.readableBytes > 0 { owner.answerBytes(kept.body) }
      owner.answerComplete()
      return owner.answerEnded(outcome)
    }
    let said = recourse.kept.map { AttemptFailure.refused($0.head.status) }
    owner.attemptFailed(recourse.failure ?? said ?? .unreachable("no answer"), outcome)
  }
}
