/// The journal's way back: what could not be journaled comes first, then everything else goes on.

import RolloutJudge

extension RolloutMachine {
  mutating func fail(_ fault: StoreFault, at now: Instant) {
    if outage?.words != fault.words {
      effects.append(.remark(.storeFailed(fault.words)))
      due.reminder = now + .seconds(60)
    }
    outage = Outage(since: outage?.since ?? now, words: fault.words)
    judge.journalBecame(available: false, at: now)
    // To look at a damaged one again is to read all of it.
    due.reopening = now + .seconds(fault.isDamage ? 3 : 1)
    guard fault.isDamage else { return }
    damage = fault
    if hasStore {
      hasStore = false
      effects.append(.letGoOfStore)
    }
  }

  /// Once a second.
  mutating func reopen(at now: Instant) {
    guard outage != nil, case .idle = phase, now >= due.reopening else { return }
    due.reopening = now + .seconds(1)
    let known = unjournaled.first?.seq == 1 ? nil : judge.lastDecision?.seq
    ask(.reopen(knowing: known), .reopening(hadStore: hasStore))
  }

  mutating func reopened(hadStore: Bool, _ answer: StoreAnswer, at now: Instant) {
    // Something else may have happened to it meanwhile.
    guard hadStore == hasStore else { return }
    guard case .opened(let found) = answer else { return failAgain(mismatch(answer), at: now) }
    if let last = found.decisions.last, isForeign(found) {
      if !hasStore { effects.append(.useStore) }
      hasStore = true
      return estrange(after: last, at: now)
    }
    stranger = nil
    do throws(ResumeRefusal) {
      try goOn(from: found, at: now)
    } catch {
      outage = Outage(since: outage?.since ?? now, words: error.description)
      return judge.journalBecame(available: false, at: now)
    }
    catchUp(at: now)
  }

  /// Goes on where the journal ends; rollbacks in force that it lacks follow under its numbers.
  ///
  /// - Parameter anew: Whether its evidence takes the place of what is known here.
  mutating func goOn(from found: FoundStore, at now: Instant, anew: Bool = false) throws(ResumeRefusal) {
    var decisions = found.decisions
    for index in unjournaled.indices where !decisions.contains(unjournaled[index]) {
      if let last = decisions.last { unjournaled[index] = unjournaled[index].following(last) }
      decisions.append(unjournaled[index])
    }
    let known = judge.lastDecision
    if decisions.isEmpty ? known != nil && !anew : decisions.last?.seq != known?.seq || anew {
      judge = try Judge(playbook: playbook, resuming: found.checkpoint, decisions: decisions, at: now)
      judges += 1
      for decision in decisions where decision.seq > known?.seq ?? 0 { trip?.take(decision) }
      guard !anew else { return }
      let status = judge.status(at: now)
      effects.append(
        .remark(
          .restored(
            seq: decisions.last?.seq ?? 0, state: status.state, stage: status.stage, weights: status.weights)))
    }
    // Open it is already.
    guard !anew else { return }
    judge.journalBecame(available: false, at: now)
    hasStore = true
    effects.append(.useStore)
  }

  mutating func catchUp(at now: Instant) {
    if let decision = unjournaled.first {
      return ask(.append(decision, under: nil, within: Patience.decision), .catchingUp(decision))
    }
    (damage, due.overdueSince) = (nil, nil)
    guard judge.lastDecision != nil else { return recovered(at: now) }
    ask(.probe, .probing)
  }

  mutating func caughtUp(_ decision: Decision, _ answer: StoreAnswer, at now: Instant) {
    if case .lost(let winner) = answer {
      heard([winner], at: now)
      return catchUp(at: now)
    }
    guard case .appended(let head) = answer else { return failAgain(mismatch(answer), at: now) }
    note(head, after: decision)
    unjournaled.removeAll { $0 == decision }
    let isTold = !untold.contains { $0.decision == decision }
    if outage == nil, isTold, notJournaled[decision.seq] != nil { effects.append(.remark(.journaledLate(decision))) }
    (notJournaled[decision.seq], keeping[decision.seq]) = (nil, nil)
    catchUp(at: now)
  }

  mutating func probed(_ answer: StoreAnswer, at now: Instant) {
    guard case .done = answer else { return failAgain(mismatch(answer), at: now) }
    // A rollback may have come meanwhile.
    guard unjournaled.isEmpty else { return catchUp(at: now) }
    recovered(at: now)
  }

  /// The same trouble is not told each second.
  private mutating func failAgain(_ fault: StoreFault, at now: Instant) {
    if fault.isDamage || !hasStore { return fail(fault, at: now) }
    judge.journalBecame(available: false, at: now)
    outage = Outage(since: outage?.since ?? now, words: fault.words)
  }

  mutating func recovered(at now: Instant) {
    if let outage { effects.append(.remark(.storeRecovered(after: now - outage.since))) }
    outage = nil
    judge.journalBecame(available: true, at: now)
  }
}
