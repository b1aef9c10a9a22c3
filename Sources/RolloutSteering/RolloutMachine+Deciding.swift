/// From a proposal to what is in force: journaled first, effective second, told third.

package import RolloutJudge

extension RolloutMachine {
  /// Begins all that is proposed and commanded, until the store has to answer.
  mutating func proceed(at now: Instant) {
    guard isAttached else { return }
    repeat {
      while isOpenToDecisions, let proposal = judge.decide(at: now), propose(proposal, for: .judge, at: now) {}
    } while takeTurn(at: now)
    publish()
  }

  /// Where the store is being put in order, nothing but a rollback can be proposed, and that does not wait.
  private var isOpenToDecisions: Bool {
    switch phase {
    case .idle, .reopening, .catchingUp, .probing: true
    case .accepting(let acceptance): if case .opening = acceptance.step { true } else { false }
    case .awaiting, .reading, .tending: false
    }
  }

  /// - Returns: Whether it is in force already.
  mutating func propose(_ decision: Decision, for origin: AwaitedDecision.Origin, at now: Instant) -> Bool {
    let isRollback = decision.decision == .rollback
    if case .idle = phase, hasStore, unjournaled.isEmpty {
      let limit = isRollback ? Patience.rollback : Patience.decision
      ask(.append(decision, within: limit), .awaiting(AwaitedDecision(decision: decision, origin: origin)))
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
    if case .appended(let head) = answer {
      note(head, after: decision)
      return takeEffect(decision, awaited.origin, at: now)
    }
    fail(mismatch(answer), at: now)
    guard decision.decision == .rollback else { return refuse(awaited.origin) }
    keepUnjournaled(decision, at: now)
    takeEffect(decision, awaited.origin, at: now)
  }

  private mutating func refuse(_ origin: AwaitedDecision.Origin) {
    switch origin {
    case .judge: break
    case .command(let ticket):
      let why = outage?.words ?? "the journal is unavailable"
      refuse(CommandRefusal(.journalUnavailable, "not done: \(why)"), ticket)
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
    case .command(let ticket):
      askers[decision.seq] = .command(ticket: ticket)
      fallthrough
    case .judge:
      judge.take(decision)
      publish()
    }
    untold.append(UntoldDecision(decision: decision, course: course?.number ?? 0))
    tell()
    fold(thenCheck: false, at: now)
  }

  private mutating func replace(by successor: Judge, _ offer: PlaybookOffer, _ decision: Decision) {
    askers[decision.seq] = .change(ticket: offer.ticket, standing: standing(decision))
    (judge, playbook) = (successor, offer.playbook)
    judges += 1
    judge.take(decision)
    let course = nextCourse()
    effects.append(.replace(Replacement(playbook: playbook, decision: decision), course))
  }

  // MARK: the loops

  /// Gives the loops a new course where anything about it has changed.
  mutating func publish() {
    // What a damaged store says is not followed before a rollback is journaled.
    if case .accepting(let acceptance) = phase, !acceptance.isOpening { return }
    // The loops begin without weights: they are first told where the rollout starts.
    if course == nil, case .awaiting = phase { return }
    let standing = Footing(
      judges: judges, seq: judge.lastSeq, isJournalAvailable: judge.isJournalAvailable, noise: judge.noise,
      budgets: budgets)
    guard standing != footing else { return }
    footing = standing
    let directive = judge.directive
    if let course, course.directive == directive, course.budgets == budgets { return }
    effects.append(.publish(nextCourse()))
  }

  private mutating func nextCourse() -> Course {
    let next = Course(number: (course?.number ?? 0) + 1, directive: judge.directive, budgets: budgets)
    course = next
    return next
  }

  // MARK: telling

  /// In the order of their numbers: what is not safe yet holds up those behind it.
  mutating func tell() {
    while let first = untold.first, first.course <= adopted, keeping[first.decision.seq] == nil {
      untold.removeFirst()
      let decision = told(first.decision)
      effects.append(.tell(decision))
      switch askers.removeValue(forKey: decision.seq) {
      case .command(let ticket): effects.append(.answer(.decided(decision), ticket: ticket))
      case .change(let ticket, let standing): effects.append(.answer(standing, ticket: ticket))
      case nil: break
      }
    }
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
    let why = outage?.words ?? "the store is not open"
    guard hasStore else {
      notJournaled[decision.seq] = "not journaled, the next start will not know it: \(why)"
      return
    }
    notJournaled[decision.seq] = "not journaled yet, a crash before it is would forget it: \(why)"
    keeping[decision.seq] = now + Patience.telling
    effects.append(.keep(decision))
  }

  mutating func kept(_ decision: Decision, _ how: Keeping) {
    let seq = decision.seq
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
