/// The machine's shell: facts are fed to it, and the effects that it asks for are carried out, in their order.

import AdminServer
import Journal
import Logging
import OperatorLog
import RolloutJudge
import RolloutSteering

extension RolloutRunner {
  func feed(_ event: SteeringEvent) {
    carryOut(machine.handle(event, at: clock.now))
    resumeWaiters()
  }

  func carryOut(_ effects: [SteeringEffect]) {
    for effect in effects {
      switch effect {
      case .ask(let work, let ticket): ask(work, ticket)
      case .keep(let decision): keep(decision)
      case .useStore: useStore()
      case .letGoOfStore: letGoOfStore()
      case .publish(let course): publish(course)
      case .replace(let replacement, let course): replace(replacement, course)
      case .tell(let decision): tell(decision)
      case .hear(let decision): say(decision)
      case .answer(let answer, let ticket): askers.removeValue(forKey: ticket)?.resume(returning: answer)
      case .remark(let remark): say(remark)
      }
    }
  }

  // MARK: the store

  private func ask(_ work: StoreWork, _ ticket: Int) {
    var request = StoreAccess.Request(work: work, rollout: playbook.name, store: store, at: clock.now)
    switch work {
    case .fold, .keepEvidence, .probe: request.checkpoint = machine.checkpoint
    default: break
    }
    Task { [access, request] in
      let (answer, opened) = await access.answer(request)
      if let opened { found = opened }
      feed(.stored(answer, ticket: ticket))
    }
  }

  private func keep(_ decision: Decision) {
    guard let store else { return assertionFailure("the machine has a store that the runner has not") }
    access.thread.enqueue { [self] in
      let keeping = Keeping.keep(decision, in: store)
      Task { await self.feed(.kept(decision, keeping)) }
    }
  }

  private func useStore() {
    guard let opened = found else { return assertionFailure("no store was opened") }
    found = nil
    guard store == nil else { return }
    store = opened.store
    if opened.lostLogBytes > 0 {
      log.logger(label: "crossfade").warning(
        "the store's log is damaged: \(opened.lostLogBytes) bytes of evidence and samples are lost, every decision is there"
      )
    }
    restoreAccounts(opened.accounts)
  }

  /// Its thread closes it, in turn with whatever else is under way.
  private func letGoOfStore() {
    guard let store else { return }
    access.thread.enqueue { try? store.close() }
    self.store = nil
  }

  // MARK: telling

  private func tell(_ decision: Decision) {
    say(decision)
    notify(decision, playbook)
  }

  private func say(_ decision: Decision) {
    log.emit(.decision(decision), at: decision.at)
    tally.count(decision)
    if decision.decision == .configChanged {
      log.emit(
        .configChanged(
          playbook: playbook.name, sha256: decision.playbookSHA256, before: nil, changes: decision.changed ?? []),
        at: decision.at)
    }
  }

  private func say(_ remark: SteeringRemark) {
    switch remark {
    case .storeFailed(let words): log.emit(.journalFailed(error: words), at: clock.now)
    case .storeRecovered(let after): log.emit(.journalRecovered(after: after), at: clock.now)
    case .restored(let seq, let state, let stage, let weights):
      // Decisions bind, evidence can be gathered anew: a checkpoint that cannot be read is none, and is said to be.
      if case .failure(let error) = found?.checkpoint {
        log.logger(label: "crossfade").warning(
          "the evidence kept in the store cannot be read and begins anew: \(error)")
      }
      log.emit(
        .restored(
          RestoredRollout(rollout: playbook.name, state: state, stage: stage, weights: weights, seq: seq)))
    case .estranged(let words): log.logger(label: "crossfade").warning("\(words)")
    case .journaledLate(let decision):
      log.logger(label: "crossfade").notice("decision \(decision.seq) is journaled now: \(decision.message)")
    }
  }

  // MARK: waiting

  /// - Parameter event: Made with the ticket that its answer comes under.
  func ask(_ event: (_ ticket: Int) -> SteeringEvent) async -> SteeringAnswer {
    ticket += 1
    let ticket = ticket
    return await withCheckedContinuation { continuation in
      askers[ticket] = continuation
      feed(event(ticket))
    }
  }

  /// Until all that was decided is in force on every loop.
  func untilQuiet() async {
    guard !machine.isQuiet else { return }
    await withCheckedContinuation { quiet.append($0) }
  }

  /// Until no other playbook is being journaled.
  func untilSteady() async {
    guard machine.isChanging else { return }
    await withCheckedContinuation { steady.append($0) }
  }

  private func resumeWaiters() {
    if !quiet.isEmpty, machine.isQuiet {
      for waiter in quiet { waiter.resume() }
      quiet = []
    }
    if !steady.isEmpty, !machine.isChanging {
      for waiter in steady { waiter.resume() }
      steady = []
    }
  }
}
