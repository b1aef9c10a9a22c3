/// The first and the last of a run: the store is opened and the rollout goes on from it; what is known is kept and the store closed.

import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge
import RolloutSteering

extension RolloutRunner {
  /// Opens the store and goes on where its journal ends.
  ///
  /// A store that is damaged, full, read-only or locked is no reason to stop: the baseline serves, and opening is tried again.
  /// - Throws: `ResumeRefusal` where this playbook cannot continue the rollout; `JournalError` where another process has the store, or
  ///   the operator has named what can be none.
  func openJournal() async throws {
    let (path, rollout) = (storePath, playbook.name)
    do throws(JournalError) {
      found = try await store.thread.perform(within: Patience.opening) { () throws(JournalError) in
        try OpenedStore(path: path, rollout: rollout)
      }
    } catch {
      if error.isOperatorsMistake { throw error }
      return feed(.storeFailed(StoreFault(error)))
    }
    if let found { carryOut(try machine.start(from: FoundStore(found), at: clock.now)) }
  }

  /// The last of a run: what the evidence is now, and the store closed.
  func closeJournal() async {
    await untilQuiet()
    if let journal {
      let isWhole = machine.outage == nil
      let request = StoreAccess.Request(
        work: .keepEvidence, rollout: playbook.name, checkpoint: isWhole ? machine.checkpoint : nil, at: clock.now)
      let (checkpoint, accounts) = (store.stored(request), isWhole ? lastAccounts() : nil)
      do throws(JournalError) {
        try await store.thread.perform(within: Patience.last) { () throws(JournalError) in
          if let checkpoint { try journal.save(checkpoint) }
          if let accounts { try journal.saveAccounts(rollout: accounts.rollout, at: accounts.at, blob: accounts.blob) }
          try journal.close()
        }
      } catch {
        log.emit(.journalFailed(error: error.description))
      }
    }
    journal = nil
    for decision in machine.lost { log.logger(label: "crossfade").critical("\(decision.message)") }
    for asker in askers.values {
      asker.resume(returning: .refused(CommandRefusal(.journalUnavailable, "not done: the process has stopped")))
    }
    askers = [:]
  }

  /// Beside decisions. Slowness is forgiven here, a failure is not.
  @discardableResult
  func keep<Value: Sendable>(
    _ work: @escaping @Sendable (Journal) throws(JournalError) -> Value
  ) async -> Value? {
    guard let journal, machine.outage == nil else { return nil }
    do throws(JournalError) {
      return try await store.thread.perform(within: Patience.keeping) { () throws(JournalError) in try work(journal) }
    } catch {
      if error.problem != .stalled { feed(.storeFailed(StoreFault(error))) }
      return nil
    }
  }
}
