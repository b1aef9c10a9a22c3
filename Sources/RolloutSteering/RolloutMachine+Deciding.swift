/// From a proposal to what is in force: journaled first, effective second, told third.

package import RolloutJudge

extension RolloutMachine {
  /// Begins all that is proposed and commanded, until the store has to answer.
  mutating func proceed(at now: Instant) {
    guard isAttached else { return }
    repeat {
      while let proposal = nextProposal(at: now), propose(proposal, for: .judge, at: now) {}
    } while takeTurn(at: now)
    publish()
  }

  private mutating func nextProposal(at now: Instant) -> Decision? {
    guard phase.isOpenToDecisions || isOvertakable(at: now), stranger == nil else { return nil }
    if let rollback = trip?.decide(at: now, after: judge.lastDecision) { return rollback }
    guard let proposal = judge.decide(at: now), role.decides else { return nil }
    return phase.isOpenToDecisions || proposal.decision == .rollback ? proposal : nil
  }

  /// A rollback does not wait behind another decision for longer than it would wait for its own.
  func isOvertakable(at now: Instant) -> Bool {
    guard case .awaiting(let awaited) = phase, awaited.decision.decision != .rollback else { return false }
    if case .change = awaited.origin { return false }
    return now - awaited.since >= Patience.rollback
  }

  /// - Returns: Whether it is in force already.
  mutating func propose(_ decision: Decision, for origin: AwaitedDecision.Origin, at now: Instant) -> Bool {
    let isRollback = decision.decision == .rollback
    if case .idle = phase, hasStore, unjournaled.isEmpty {
      let limit = isRollback ? Patience.rollback : Patience.decision
      let lease = if case .judge = origin, !isRollback { role.lease } else { DeciderLease?.none }
      ask(
        .append(decision, under: lease, within: limit),
        .awaiting(AwaitedDecision(decision: decision, origin: origin, since: now)))
      return false
    }
    guard isRollback else {
      refuse(origin)
      return false
    }
    keepUnjournaled(decision, at: now)
    takeEffect(decision, origin, at: now)
    return true
  }

  mutating func journaled(_ awaited: AwaitedDecision, _ answer: StoreAnswer, at now: Instant) {
    let decision = awaited.decision
    switch answer {
    case .appended(let head):
      note(head, after: decision)
      takeEffect(decision, awaited.origin, at: now)
    case .lost(let winner): lost(awaited, to: winner, at: now)
    case .lapsed: role = .follower
    default:
      fail(mismatch(answer), at: now)
      guard decision.decision == .rollback else { return refuse(awaited.origin) }
      // Another replica's may have come first.
      let own = judge.lastDecision.map(decision.following) ?? decision
      keepUnjournaled(own, at: now)
      takeEffect(own, awaited.origin, at: now)
    }
    // Rollbacks that did not wait for it are journaled behind it.
    if case .idle = phase, outage == nil, !unjournaled.isEmpty { catchUp(at: now) }
  }

  private mutating func refuse(_ origin: AwaitedDecision.Origin) {
    switch origin {
    case .judge: break
    case .command(let request):
      let why = outage?.words ?? "the journal is unavailable"
      refuse(CommandRefusal(.journalUnavailable, "not done: \(why)"), request.ticket)
    case .change(let offer, _):
      refuse(CommandRefusal(.journalUnavailable, "not done: the journal is unavailable"), offer.ticket)
    }
  }

  mutating func refuse(_ refusal: CommandRefusal, _ ticket: Int) {
    effects.append(.answer(.refused(refusal), ticket: ticket))
  }

  private mutating func takeEffect(_ decision: Decision, _ origin: AwaitedDecision.Origin, at now: Instant) {
    switch origin {
    case .change(let offer, let successor): replace(by: successor, offer, decision)
    case .command(let request):
      // First, since a rollback that did not wait may have its number.
      take(decision)
      askers[decision.seq] = .command(ticket: request.ticket)
      publish()
    case .judge:
      take(decision)
      publish()
    }
    tell(decision)
    if unjournaled.isEmpty { fold(thenCheck: false, at: now) }
  }

  private mutating func replace(by successor: Judge, _ offer: PlaybookOffer, _ decision: Decision) {
    askers[decision.seq] = .change(ticket: offer.ticket, standing: standing(decision))
    change(to: offer.playbook, successor, at: decision.at)
    judge.take(decision)
    trip?.take(decision)
    let course = nextCourse()
    effects.append(.replace(Replacement(playbook: playbook, decision: decision), course))
  }

  /// - Parameter now: Of whatever brought it.
  mutating func change(to next: Playbook, _ successor: Judge, at now: Instant) {
    (judge, playbook) = (successor, next)
    judges += 1
    guard let fleetSize else { return }
    trip = LocalTrip(next, replicas: fleetSize, at: now)
    if stranger != nil {
      stranger = nil
      recovered(at: now)
    }
  }

  // MARK: the loops

  /// Gives the loops a new course where anything about it has changed.
  mutating func publish() {
    // What a damaged store says is not followed before a rollback is journaled.
    if case .accepting(let acceptance) = phase, !acceptance.isOpening { return }
    // The loops begin without weights: they are first told where the rollout starts.
    if course == nil, case .awaiting = phase { return }
    let standing = Footing(judges: judges, judge: judge.footing(), budgets: budgets)
    guard standing != footing else { return }
    footing = standing
    let directive = judge.directive
    if let course, course.directive == directive, course.budgets == budgets { return }
    effects.append(.publish(nextCourse()))
  }

  mutating func nextCourse() -> Course {
    let next = Course(number: (course?.number ?? 0) + 1, directive: judge.directive, budgets: budgets)
    course = next
    return next
  }

  // MARK: telling

  mutating func tell(_ decision: Decision, isForeign: Bool = false) {
    let place = untold.firstIndex { $0.decision.seq > decision.seq } ?? untold.endIndex
    untold.insert(
      UntoldDecision(decision: decision, course: course?.number ?? 0, isForeign: isForeign), at: place)
    tell()
  }

  /// In the order of their numbers: what is not safe yet holds up those behind it.
  mutating func tell() {
    while let first = untold.first, first.course <= adopted, keeping[first.decision.seq] == nil,
      !isAwaited(first.decision.seq)
    {
      untold.removeFirst()
      let decision = told(first.decision)
      effects.append(first.isForeign ? .hear(decision) : .tell(decision))
      switch askers.removeValue(forKey: decision.seq) {
      case .command(let ticket): effects.append(.answer(.decided(decision), ticket: ticket))
      case .change(let ticket, let standing): effects.append(.answer(standing, ticket: ticket))
      case nil: break
      }
    }
  }

  /// Whether another decision is on its way under this number.
  private func isAwaited(_ seq: Int) -> Bool {
    guard case .awaiting(let awaited) = phase else { return false }
    return awaited.decision.seq == seq
  }

  /// As far as is known by now, since other decisions may follow under the same numbers.
  mutating func tellNow() {
    keeping = [:]
    for place in untold.indices { untold[place].course = 0 }
    tell()
  }

  /// With the chain's head, or, where it is in force and not in the journal, with that.
  package func told(_ decision: Decision) -> Decision {
    var told = decision
    told.head = heads[decision.seq]
    guard let why = notJournaled[decision.seq] else { return told }
    told.message += " (\(why))"
    return told
  }

  mutating func note(_ head: String?, after decision: Decision) {
    heads = heads.filter { $0.key > decision.seq - 64 }
    heads[decision.seq] = head
  }

  // MARK: rollbacks without the journal

  /// It takes effect now, and goes before everything else to wherever it survives; until it is there nobody is told that it is done.
  private mutating func keepUnjournaled(_ decision: Decision, at now: Instant) {
    unjournaled.append(decision)
    let why = outage?.words ?? (hasStore ? "another decision is on its way there" : "the store is not open")
    guard hasStore else {
      notJournaled[decision.seq] = "not journaled, the next start will not know it: \(why)"
      return
    }
    notJournaled[decision.seq] = "not journaled yet, a crash before it is would forget it: \(why)"
    keeping[decision.seq] = now + Patience.telling
    effects.append(.keep(decision))
  }

  mutating func kept(_ decision: Decision, _ how: Keeping) {
    let seq = renumbered[decision.seq] ?? decision.seq
    // Under its new number it is on its way already.
    if case .catchingUp(let late) = phase, late.seq == seq, outage == nil { return }
    switch how {
    case .journaled(let head):
      unjournaled.removeAll { $0 == decision }
      if keeping[seq] == nil, notJournaled[seq] != nil { effects.append(.remark(.journaledLate(decision))) }
      notJournaled[seq] = nil
      note(head, after: decision)
    case .beside(let error):
      notJournaled[seq] = "not journaled, kept beside the store for the next start: \(error)"
    case .nowhere(let error):
      notJournaled[seq] = "not journaled, the next start may not know it: \(error)"
    }
    keeping[seq] = nil
  }

  /// Rollbacks in force that no journal holds, as they are told.
  package var lost: [Decision] { unjournaled.map(told) }
}
