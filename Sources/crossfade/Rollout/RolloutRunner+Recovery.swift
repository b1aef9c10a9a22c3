/// The journal's way back: by itself where a fault has passed, by a person's word where the store was damaged.

import Foundation
import Journal
import OperatorLog
import RolloutJudge

extension RolloutRunner {
  /// Tries, once a second, to have the journal back: what could not be journaled comes first.
  func recoverJournal(at now: Instant) async {
    guard journalFault != nil, now >= reopenAt, !isReopening else { return }
    (reopenAt, isReopening) = (now + .seconds(1), true)
    defer { isReopening = false }
    do {
      let (path, rollout, journal) = (storePath, playbook.name, journal)
      let store = try await disk.perform { () throws(JournalError) in
        if let journal { return try OpenedStore(journal, rollout: rollout) }
        return try OpenedStore(path: path, rollout: rollout)
      }
      // Something else may have happened to it meanwhile.
      guard self.journal === journal, journalFault != nil else { return }
      try resume(store, at: clock.now)
      try probe(store.journal)
      journalRecovered()
    } catch let error as JournalError {
      judge.journalBecame(available: false, at: clock.now)
      noteFault(error)
    } catch {
      judge.journalBecame(available: false, at: clock.now)
      journalFault = (journalFault?.since ?? now, String(describing: error))
    }
  }

  private func noteFault(_ error: JournalError) {
    if error.isDamage || journal == nil {
      journalFailed(error, at: clock.now)
    } else {
      journalFault = (journalFault?.since ?? clock.now, error.description)
    }
  }

  /// A journal that takes a checkpoint takes a decision.
  private func probe(_ journal: Journal) throws(JournalError) {
    guard let checkpoint = currentCheckpoint(at: clock.now) else { return }
    try disk.run(within: DiskPatience.decision) { () throws(JournalError) in try journal.save(checkpoint) }
  }

  private func journalRecovered() {
    if let fault = journalFault { log.emit(.journalRecovered(after: clock.now - fault.since), at: clock.now) }
    journalFault = nil
  }

  /// Takes a damaged store as it is, because a person asks for it. What it may have forgotten could have been a rollback, so one is
  /// journaled first: nothing but what is journaled after it gives a candidate weight.
  ///
  /// - Throws: `CommandRefusal` where it cannot be written.
  func acceptDamagedStore() async throws {
    // It may just be looked at.
    for _ in 0..<100 where isReopening { try? await Task.sleep(for: .milliseconds(20)) }
    guard let found = damage, !isReopening else { return }
    isReopening = true
    defer { isReopening = false }
    let (path, rollout) = (storePath, playbook.name)
    do {
      let store = try await disk.perform { () throws(JournalError) in
        try OpenedStore(try Journal.accept(path: path, busyTimeout: OpenedStore.busyTimeout), rollout: rollout)
      }
      try take(store, found)
    } catch let refusal as CommandRefusal {
      throw refusal
    } catch {
      judge.journalBecame(available: false, at: clock.now)
      if let error = error as? JournalError { journalFailed(error, at: clock.now) }
      throw CommandRefusal(.journalUnavailable, "not done: \(error)")
    }
    await settle()
  }

  /// No loop is told before the rollback is journaled.
  private func take(_ store: OpenedStore, _ found: JournalError) throws {
    let now = clock.now
    judge =
      store.decisions.isEmpty
      ? Judge(playbook: playbook, at: now)
      : try Judge(playbook: playbook, resuming: try? store.checkpoint.get(), decisions: store.decisions, at: now)
    (journal, unjournaled) = (store.journal, [])
    notJournaled.removeAll()
    restoreAccounts(store.accounts)
    judge.journalBecame(available: true, at: now)
    let detail = if case .damaged(let detail) = found.problem { detail } else { found.description }
    if store.decisions.isEmpty, let start = judge.decide(at: now) { try journalNow(start, store.journal) }
    if let rollback = try? judge.command(
      .rollback(candidate: nil), reason: "the store was damaged: \(detail)", actor: "crossfade", at: now)
    {
      try journalNow(rollback, store.journal)
    }
    try disk.run(within: DiskPatience.last) { () throws(JournalError) in try store.journal.settle() }
    damage = nil
    journalRecovered()
  }

  private func journalNow(_ decision: Decision, _ journal: Journal) throws(JournalError) {
    note(
      try disk.run(within: DiskPatience.last) { () throws(JournalError) in try journal.append(decision) },
      after: decision)
    judge.take(decision)
    untold.append(decision)
    tell(upTo: decision.seq)
  }
}
