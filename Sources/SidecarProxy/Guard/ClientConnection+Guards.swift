/// The guards that a request passes before an arm is chosen: limits, the cap on repeats, and answers that others have asked for.

import Dialects
import Guards
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension ClientConnection {
  /// - Returns: whether the request goes on to an arm; else it has been answered, or shares another one's answer.
  func passes(_ guards: LoopGuards, _ exchange: Exchange, at now: Int64) -> Bool {
    let guarded = GuardedExchange()
    exchange.guarded = guarded
    if guards.readsFacts { exchange.readFacts(for: loop) }
    if let refusal = overLimit(guards, exchange, at: now) {
      turnedAway(refusal)
      return false
    }
    let chance = loop.random.unit()
    if case .refuse(let seconds) = guards.repeats(of: exchange, at: now, chance: chance) {
      loop.noteGuard { $0.capped += 1 }
      return refuse("this caller repeats too many of its requests (guards.retry_cap)", seconds)
    }
    if let group = guards.policy.queue?.fairBy { guarded.group = guards.value(of: group, exchange) }
    guard sharesNothing(guards, exchange, at: now) else { return false }
    guards.requestCame(at: now)
    if guards.plan != nil || guards.policy.failover != nil {
      guarded.recourse = Recourse(exchange, guards: guards, loop: loop)
    }
    return true
  }

  /// - Returns: nil where the request is within all limits, and counted.
  func overLimit(_ guards: LoopGuards, _ exchange: Exchange, at now: Int64) -> GuardRefusal? {
    guard !guards.policy.limits.isEmpty, exchange.request.endpoint != nil else { return nil }
    let guarded = exchange.guarded ?? GuardedExchange()
    exchange.guarded = guarded
    guarded.limitKeys = guards.limitKeys(of: exchange)
    guard let refusal = guards.admit(guarded.limitKeys, at: now, exchange.readAt) else { return nil }
    loop.noteGuard { $0.noteLimited(refusal.limit) }
    return GuardRefusal(
      status: 429, message: limitText(refusal, guards.policy.limits[refusal.limit]), retryAfter: refusal.retryAfter)
  }

  private func limitText(_ refusal: LimitTable.Refusal, _ limit: GuardPolicy.Limit) -> String {
    switch refusal.kind {
    case .perMinute: "\(limit.name): more than \(limit.perMinute ?? 0) requests a minute (guards.limits)"
    case .perDay: "\(limit.name): what it may cost today is spent (guards.limits)"
    }
  }

  private func refuse(_ message: String, _ retryAfter: Int) -> Bool {
    turnedAway(GuardRefusal(status: 429, message: message, retryAfter: retryAfter))
    return false
  }

  func turnedAway(_ refusal: GuardRefusal) {
    guard let exchange else { return assertionFailure("a refusal without an exchange") }
    answerLocally(status: refusal.status, refusal.message, exchange.id, retryAfter: refusal.retryAfter)
  }

  // MARK: shared answers

  /// - Returns: false where it has another one's answer, or none for its key.
  private func sharesNothing(_ guards: LoopGuards, _ exchange: Exchange, at now: Int64) -> Bool {
    // A client of HTTP/1.0 gets its answers in another form.
    guard let answers = guards.answers, !wantsPayloadOnly, let request = joinRequest(guards, exchange) else {
      return true
    }
    let verdict = answers.requestCame(request, at: now)
    switch verdict {
    case .first(let ticket):
      let flight = Flight(exchange, ticket: ticket, among: answers, loop: loop)
      answers.add(flight, for: ticket)
      exchange.guarded?.flight = flight
      flight.board(self, exchange)
      return true
    case .join(let ticket), .replay(let ticket):
      guard let flight = answers.flight(ticket) else {
        assertionFailure("what is remembered is here")
        return true
      }
      if case .join = verdict { loop.noteGuard { $0.joined += 1 } } else { loop.noteGuard { $0.replayed += 1 } }
      flight.board(self, exchange)
      return false
    case .otherBody:
      loop.noteGuard { $0.otherBodies += 1 }
      let header = guards.policy.idempotency?.header ?? ""
      turnedAway(
        GuardRefusal(status: 422, message: "\(header): the key was used with another request (guards.idempotency)"))
      return false
    case .crowded where request.hasKey:
      loop.noteGuard { $0.joinersRefused += 1 }
      return refuse("too many wait for the answer to this key (guards.idempotency)", 1)
    case .crowded, .alone: return true
    }
  }

  private func joinRequest(_ guards: LoopGuards, _ exchange: Exchange) -> JoinRequest? {
    let request = exchange.request
    let arm = guards.allowsOverride ? request.header("x-crossfade-arm") : nil
    if let header = guards.policy.idempotency?.header, let key = request.header(header), !key.isEmpty {
      return request.joinRequest(key: key, arm: arm)
    }
    guard let duplicates = guards.policy.duplicates, duplicates.concerns(request) else { return nil }
    return request.joinRequest(key: nil, arm: arm)
  }
}

extension ClientConnection: ExchangeOwner {}
