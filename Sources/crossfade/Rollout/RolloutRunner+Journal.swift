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
  /// - Throws: `ResumeRefusal` where this playbook cannot continue the rollout; `StoreFault` where another process has the store, or
  ///   the operator has named what can be none.
  func openJournal() async throws {
    let (place, rollout) = (access.place, playbook.name)
    do throws(StoreFault) {
      found = try await access.thread.perform(within: Patience.opening) { () throws(StoreFault) in
        try OpenedStore(try place.open(), rollout: rollout)
      }
    } catch {
      if error.kind == .misnamed { throw error }
      return feed(.storeFailed(error))
    }
    if let found { carryOut(try machine.start(from: FoundStore(found), at: clock.now)) }
  }

  /// The last of a run: what the evidence is now, and the store closed.
  func closeJournal() async {
    await untilQuiet()
    if let store {
      let isWhole = machine.outage == nil
      let request = StoreAccess.Request(
        work: .keepEvidence, rollout: playbook.name, checkpoint: isWhole ? machine.checkpoint : nil, at: clock.now)
      let (checkpoint, accounts) = (access.stored(request), isWhole ? lastAccounts() : nil)
      do throws(StoreFault) {
        try await access.thread.perform(within: Patience.last) { () throws(StoreFault) in
          if let checkpoint { try store.keep(checkpoint) }
          if let accounts { try store.keep(accounts) }
          try store.close()
        }
      } catch {
        log.emit(.journalFailed(error: error.words))
      }
    }
    store = nil
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
    guard let journal = store?.ownJournal, machine.outage == nil else { return nil }
    do throws(JournalError) {
      return try await access.thread.perform(within: Patience.keeping) { () throws(JournalError) in try work(journal) }
    } catch {
      if error.problem != .stalled { feed(.storeFailed(StoreFault(error))) }
      return nil
    }
  }
}
