/// The journal's side of the runner: decision first, effect second; without a journal the baseline serves and nothing advances.

import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge

extension RolloutRunner {
  /// Opens the store and goes on where its journal ends.
  ///
  /// A store that is damaged, full or locked is no reason to stop: the baseline serves, and opening is tried again.
  /// - Throws: `ResumeRefusal` where this playbook cannot continue the rollout; `JournalError` where the operator has named a store
  ///   that is another's.
  func openJournal() throws {
    do {
      try resume(at: clock.now)
    } catch let error as JournalError where error.isOperatorsMistake {
      throw error
    } catch let error as JournalError {
      journalFailed(error, at: clock.now)
    }
  }

  private func resume(at now: Instant) throws {
    let journal = try Journal(path: storePath, busyTimeout: .milliseconds(50))
    let decisions = try journal.decisions(rollout: playbook.name)
    if !decisions.isEmpty {
      judge = try Judge(playbook: playbook, resuming: checkpoint(in: journal), decisions: decisions, at: now)
      let status = judge.status(at: now)
      log.emit(
        .restored(
          RestoredRollout(
            rollout: status.rollout, state: status.state, stage: status.stage, weights: status.weights,
            seq: decisions.last?.seq ?? 0)))
    }
    restoreAccounts(from: journal)
    self.journal = journal
    judge.journalBecame(available: true, at: now)
  }

  /// Decisions bind, evidence can be gathered anew: a checkpoint that cannot be read is none, and is said to be.
  private func checkpoint(in journal: Journal) -> Checkpoint? {
    do {
      guard let stored = try journal.checkpoint(rollout: playbook.name) else { return nil }
      return try JSONDecoder.admin.decode(Checkpoint.self, from: Data(stored.state))
    } catch {
      log.logger(label: "crossfade").warning("the evidence kept in the store cannot be read and begins anew: \(error)")
      return nil
    }
  }

  /// - Returns: whether the decision may take effect: it is journaled, or it is a rollback, which nothing may hold up.
  func journalOrRefuse(_ decision: Decision) -> Bool {
    let isRollback = decision.decision == .rollback
    guard let journal, unjournaled.isEmpty else {
      if isRollback { unjournaled.append(decision) }
      return isRollback
    }
    do throws(JournalError) {
      try journal.append(decision)
      return true
    } catch {
      journalFailed(error, at: clock.now)
      if isRollback { unjournaled.append(decision) }
      return isRollback
    }
  }

  func journalFailed(_ error: JournalError, at now: Instant) {
    if journalFault == nil { log.emit(.journalFailed(error: error.description), at: now) }
    journalFault = (journalFault?.since ?? now, error.description)
    judge.journalBecame(available: false, at: now)
    reopenAt = now + .seconds(1)
  }

  /// Tries, once a second, to have the journal back: what could not be journaled comes first.
  func recoverJournal(at now: Instant) {
    guard now >= reopenAt, journalFault != nil else { return }
    reopenAt = now + .seconds(1)
    do {
      if let journal {
        while let decision = unjournaled.first {
          try journal.append(decision)
          unjournaled.removeFirst()
        }
        try probe(journal, at: now)
        judge.journalBecame(available: true, at: now)
      } else {
        try resume(at: now)
      }
      if let fault = journalFault { log.emit(.journalRecovered(after: now - fault.since), at: now) }
      journalFault = nil
    } catch let error as JournalError {
      journalFault = (journalFault?.since ?? now, error.description)
    } catch {
      journalFault = (journalFault?.since ?? now, String(describing: error))
    }
  }

  /// A journal that takes a checkpoint takes a decision.
  private func probe(_ journal: Journal, at now: Instant) throws(JournalError) {
    if let checkpoint = currentCheckpoint(at: now) { try journal.save(checkpoint) }
  }

  /// So often that a restart loses little of the evidence, and so seldom that it costs nothing to speak of.
  private static let checkpointInterval = Duration.seconds(5)

  func saveCheckpoint(at now: Instant, isLast: Bool = false) {
    guard let journal, journalFault == nil, isLast || now - checkpointedAt >= Self.checkpointInterval else { return }
    checkpointedAt = now
    guard let checkpoint = currentCheckpoint(at: now) else { return }
    do throws(JournalError) {
      try journal.save(checkpoint)
    } catch {
      journalFailed(error, at: now)
    }
  }

  private func currentCheckpoint(at now: Instant) -> StoredCheckpoint? {
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
    saveCheckpoint(at: clock.now, isLast: true)
    saveLastAccounts()
    do throws(JournalError) {
      try journal?.close()
    } catch {
      log.emit(.journalFailed(error: error.description))
    }
    journal = nil
  }
}

extension JournalError {
  /// The operator named a store that cannot be this rollout's; serving on would hide it.
  var isOperatorsMistake: Bool {
    switch problem {
    case .inUse, .foreign, .newerFormat, .cannotOpen: true
    default: false
    }
  }
}
