/// The journal's side of the runner: decision first, effect second; without a journal the baseline serves and nothing advances.

import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge

/// How long the runner waits for the disk. Beyond it a rollback takes effect all the same.
enum DiskPatience {
  static let opening = Duration.seconds(10)
  static let rollback = Duration.milliseconds(60)
  static let decision = Duration.milliseconds(500)
  /// Whoever commanded a rollback, and the log, wait so long for it to be safe; the traffic does not.
  static let telling = Duration.seconds(1)
  /// For what only makes a later loss smaller.
  static let keeping = Duration.milliseconds(25)
  /// Longer than the journal itself waits for a lock (`OpenedStore.busyTimeout`): that another program holds it must be seen.
  static let checkpoint = Duration.milliseconds(80)
  static let last = Duration.seconds(5)
  /// A disk that has not answered for so long is out of order.
  static let stall = Duration.seconds(1)
}

extension RolloutRunner {
  /// Opens the store and goes on where its journal ends.
  ///
  /// A store that is damaged, full, read-only or locked is no reason to stop: the baseline serves, and opening is tried again.
  /// - Throws: `ResumeRefusal` where this playbook cannot continue the rollout; `JournalError` where another process has the store, or
  ///   the operator has named what can be none.
  func openJournal() throws {
    do {
      let (path, rollout) = (storePath, playbook.name)
      let store = try disk.run(within: DiskPatience.opening) { () throws(JournalError) in
        try OpenedStore(path: path, rollout: rollout)
      }
      try resume(store, at: clock.now)
    } catch let error as JournalError where error.isOperatorsMistake {
      throw error
    } catch let error as JournalError {
      journalFailed(error, at: clock.now)
    }
  }

  /// Goes on where the journal ends; rollbacks in force that it lacks follow under its numbers.
  func resume(_ store: OpenedStore, at now: Instant) throws {
    let known = judge.status(at: now).lastDecision
    if let known, store.decisions.isEmpty, unjournaled.first?.seq != 1 {
      throw JournalError(
        path: storePath, problem: .damaged("it is empty, and this process knows of decision \(known.seq)"))
    }
    var decisions = store.decisions
    for index in unjournaled.indices where !decisions.contains(unjournaled[index]) {
      if let last = decisions.last { unjournaled[index] = unjournaled[index].following(last) }
      decisions.append(unjournaled[index])
    }
    if known == nil ? !decisions.isEmpty : decisions.last?.seq != known?.seq {
      judge = try Judge(playbook: playbook, resuming: checkpoint(in: store), decisions: decisions, at: now)
      let status = judge.status(at: now)
      log.emit(
        .restored(
          RestoredRollout(
            rollout: status.rollout, state: status.state, stage: status.stage, weights: status.weights,
            seq: decisions.last?.seq ?? 0)))
    }
    judge.journalBecame(available: false, at: now)
    if journal !== store.journal {
      journal = store.journal
      if store.journal.lostLogBytes > 0 {
        log.logger(label: "crossfade").warning(
          "the store's log is damaged: \(store.journal.lostLogBytes) bytes of evidence and samples are lost, every decision is there"
        )
      }
      restoreAccounts(store.accounts)
    }
    try journalLeftOver(store.journal)
    (damage, stalledSince) = (nil, nil)
    judge.journalBecame(available: true, at: now)
  }

  private func journalLeftOver(_ journal: Journal) throws(JournalError) {
    while let decision = unjournaled.first {
      note(
        try disk.run(within: DiskPatience.decision) { () throws(JournalError) in try journal.append(decision) },
        after: decision)
      unjournaled.removeFirst()
      notJournaled[decision.seq] = nil
    }
  }

  /// Decisions bind, evidence can be gathered anew: a checkpoint that cannot be read is none, and is said to be.
  private func checkpoint(in store: OpenedStore) -> Checkpoint? {
    do {
      return try store.checkpoint.get()
    } catch {
      log.logger(label: "crossfade").warning("the evidence kept in the store cannot be read and begins anew: \(error)")
      return nil
    }
  }

  // MARK: decisions

  /// - Returns: whether the decision may take effect: it is journaled, or it is a rollback, which nothing may hold up.
  func journalOrRefuse(_ decision: Decision) -> Bool {
    let isRollback = decision.decision == .rollback
    guard let journal, unjournaled.isEmpty else {
      if isRollback { keepUnjournaled(decision) }
      return isRollback
    }
    do throws(JournalError) {
      note(
        try disk.run(within: isRollback ? DiskPatience.rollback : DiskPatience.decision) { () throws(JournalError) in
          try journal.append(decision)
        }, after: decision)
      return true
    } catch {
      journalFailed(error, at: clock.now)
      if isRollback { keepUnjournaled(decision) }
      return isRollback
    }
  }

  /// The chain's heads, until they are told.
  func note(_ head: String?, after decision: Decision) {
    heads = heads.filter { $0.key > decision.seq - 64 }
    heads[decision.seq] = head
  }

  /// The decision as it is told: with the chain's head, or, where it is in force and not in the journal, with that.
  func told(_ decision: Decision) -> Decision {
    var told = decision
    told.head = heads[decision.seq]
    guard let why = notJournaled[decision.seq] else { return told }
    told.message += " (\(why))"
    return told
  }

  /// After a decision has taken effect: into the file, where a damaged log cannot hide it, with the evidence it leaves.
  func foldJournal() {
    let now = clock.now
    guard let journal, journalFault == nil else { return }
    checkpointedAt = now
    let checkpoint = currentCheckpoint(at: now)
    let isDone = keep(within: DiskPatience.keeping) { () throws(JournalError) in
      let isDone = try journal.fold()
      if let checkpoint { try journal.save(checkpoint) }
      return isDone
    }
    isFolded = isDone == true
  }

  // MARK: faults

  func journalFailed(_ error: JournalError, at now: Instant) {
    if journalFault?.error != error.description {
      log.emit(.journalFailed(error: error.description), at: now)
      faultToldAt = now
    }
    journalFault = (journalFault?.since ?? now, error.description)
    judge.journalBecame(available: false, at: now)
    // To look at a damaged one again is to read all of it.
    reopenAt = now + .seconds(error.isDamage ? 3 : 1)
    guard error.isDamage else { return }
    damage = error
    if let journal {
      // Its thread closes it, in turn with whatever else is under way.
      disk.enqueue { try? journal.close() }
      self.journal = nil
    }
  }

  func currentCheckpoint(at now: Instant) -> StoredCheckpoint? {
    guard let last = judge.status(at: now).lastDecision?.seq, unjournaled.isEmpty else { return nil }
    do {
      let state = try JSONEncoder.admin.encode(judge.checkpoint)
      return StoredCheckpoint(rollout: playbook.name, seq: last, at: now, state: [UInt8](state))
    } catch {
      log.logger(label: "crossfade").error("the evidence could not be encoded: \(error)")
      return nil
    }
  }

  /// The last of a run: what the evidence is now, and the store closed.
  func closeJournal() {
    if let journal {
      let checkpoint = journalFault == nil ? currentCheckpoint(at: clock.now) : nil
      let accounts = journalFault == nil ? lastAccounts() : nil
      do throws(JournalError) {
        try disk.run(within: DiskPatience.last) { () throws(JournalError) in
          if let checkpoint { try journal.save(checkpoint) }
          if let accounts { try journal.saveAccounts(rollout: accounts.rollout, at: accounts.at, blob: accounts.blob) }
          try journal.close()
        }
      } catch {
        log.emit(.journalFailed(error: error.description))
      }
    }
    journal = nil
    for decision in unjournaled {
      log.logger(label: "crossfade").critical("\(told(decision).message)")
    }
  }
}

extension JournalError {
  /// The operator named a store that cannot be this rollout's; serving on would hide it.
  var isOperatorsMistake: Bool {
    switch problem {
    case .inUse, .foreign, .cannotOpen: true
    default: false
    }
  }
}
