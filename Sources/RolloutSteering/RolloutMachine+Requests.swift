/// People's requests, each in its turn: commands, and another playbook for the running rollout.

package import RolloutJudge

struct WaitingRequest: Sendable {
  enum Matter: Sendable {
    case command(SteeringCommand)
    case playbook(PlaybookOffer)
  }

  var matter: Matter
  var since: Instant

  var isRollback: Bool {
    if case .command(let request) = matter, case .rollback = request.command { true } else { false }
  }

  /// Whether a damaged store would be taken because of it.
  var isRearm: Bool {
    if case .command(let request) = matter, case .rearm = request.command { true } else { false }
  }
}

extension RolloutMachine {
  /// - Returns: The decision that a command would be; nothing follows from it.
  /// - Throws: `CommandRefusal`, as the command itself would be refused.
  package func imagine(_ request: SteeringCommand, at now: Instant) throws(CommandRefusal) -> Decision {
    if case .rearm = request.command, let damage { throw CommandRefusal(.journalUnavailable, damage.words) }
    var imagined = judge
    return try imagined.command(
      request.command, shown: request.shown, reason: request.reason, actor: request.actor, at: now)
  }

  /// - Returns: Whether one was taken; the judge may have something to say then.
  mutating func takeTurn(at now: Instant) -> Bool {
    guard let place = waiting.firstIndex(where: { isTurn(of: $0, at: now) }) else { return false }
    switch waiting.remove(at: place).matter {
    case .command(let request): take(request, at: now)
    case .playbook(let offer): take(offer, at: now)
    }
    return true
  }

  /// While the store is out of order only a rollback is possible, and that is not to wait until it is in order.
  private func isTurn(of request: WaitingRequest, at now: Instant) -> Bool {
    switch phase {
    case .idle: return true
    case .awaiting: return request.isRollback && isOvertakable(at: now)
    case .reading, .tending: return false
    case .accepting(let acceptance): guard acceptance.isOpening else { return false }
    case .reopening, .catchingUp, .probing: break
    }
    return damage == nil || !request.isRearm || now - request.since >= Patience.acceptance
  }

  private mutating func take(_ request: SteeringCommand, at now: Instant) {
    if case .rearm = request.command, let damage, case .idle = phase {
      return ask(.accept, .accepting(Acceptance(request: request, damage: damage)))
    }
    do throws(CommandRefusal) {
      let decision = try judge.command(
        request.command, shown: request.shown, reason: request.reason, actor: request.actor, at: now)
      _ = propose(decision, for: .command(request), at: now)
    } catch {
      refuse(error, request.ticket)
    }
  }

  // MARK: another playbook

  private mutating func take(_ offer: PlaybookOffer, at now: Instant) {
    do throws(CommandRefusal) {
      try judge.requireUnmoved(offer.shown)
    } catch {
      return refuse(error, offer.ticket)
    }
    guard offer.playbook.sha256 != playbook.sha256 || stranger != nil else {
      return effects.append(.answer(standing(), ticket: offer.ticket))
    }
    let isReady = isJournaling && judge.lastDecision != nil || stranger != nil && hasStore
    guard case .idle = phase, isReady, unjournaled.isEmpty else {
      let refusal = CommandRefusal(
        .journalUnavailable, "the journal is unavailable; the playbook in force stays")
      return refuse(refusal, offer.ticket)
    }
    ask(.readDecisions, .reading(offer))
  }

  mutating func take(_ offer: PlaybookOffer, _ answer: StoreAnswer, at now: Instant) {
    guard case .decisions(let decisions) = answer else {
      let words = "the journal cannot be read: \(mismatch(answer).words)"
      return refuse(CommandRefusal(.playbookRefused, words), offer.ticket)
    }
    var successor: Judge
    do throws(ResumeRefusal) {
      successor = try Judge(
        playbook: offer.playbook, resuming: judge.checkpoint, decisions: decisions, actor: offer.actor, at: now)
    } catch {
      return refuse(CommandRefusal(.playbookRefused, error.message), offer.ticket)
    }
    successor.journalBecame(available: true, at: now)
    if let last = decisions.last, stranger == offer.playbook.sha256, last.playbookSHA256 == stranger {
      return join(offer, successor, after: last, at: now)
    }
    guard let decision = successor.decide(at: now), decision.decision == .configChanged else {
      let words = "\(playbook.name) was aborted; begin another rollout under another name"
      return refuse(CommandRefusal(.playbookRefused, words), offer.ticket)
    }
    if offer.isDryRun {
      return effects.append(.answer(standing(decision, isDone: false), ticket: offer.ticket))
    }
    _ = propose(decision, for: .change(offer, successor: successor), at: now)
  }

  /// It is the fleet's already: this replica follows.
  private mutating func join(_ offer: PlaybookOffer, _ successor: Judge, after last: Decision, at now: Instant) {
    guard !offer.isDryRun else { return effects.append(.answer(standing(last, isDone: false), ticket: offer.ticket)) }
    change(to: offer.playbook, successor, at: now)
    effects.append(.replace(Replacement(playbook: playbook, decision: last), nextCourse()))
    effects.append(.answer(standing(), ticket: offer.ticket))
  }

  /// The answer to an offered playbook: where the rollout stands before it, and what it changes.
  ///
  /// - Parameter decision: nil: it is in force already.
  func standing(_ decision: Decision? = nil, isDone: Bool = true) -> SteeringAnswer {
    let changed = decision.map { $0.changed ?? ["settings that are not listed one by one"] } ?? []
    return .change(
      changed: changed, isChange: decision != nil, seq: judge.lastDecision?.seq ?? 0, stage: judge.directive.stage,
      isDone ? decision : nil)
  }
}
