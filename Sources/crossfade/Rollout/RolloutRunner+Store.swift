/// Looks after the store between decisions: keeps the evidence, notices hands in its folder and a disk that does not answer.

import Journal
import Logging
import OperatorLog
import RolloutJudge

extension RolloutRunner {
  /// So often that a restart loses little of the evidence, and so seldom that it costs nothing to speak of.
  private static let checkpointInterval = Duration.seconds(5)

  func saveCheckpoint(at now: Instant) {
    guard let journal, journalFault == nil, now - checkpointedAt >= Self.checkpointInterval else { return }
    checkpointedAt = now
    guard let checkpoint = currentCheckpoint(at: now) else { return }
    keep(within: DiskPatience.checkpoint) { () throws(JournalError) in try journal.save(checkpoint) }
  }

  /// Once a second: are the store, its log and its mark still those that were written?
  func checkStore(at now: Instant) {
    watchStall(at: now)
    if journalFault != nil, now - faultToldAt >= .seconds(60), let fault = journalFault {
      log.emit(.journalFailed(error: fault.error), at: now)
      faultToldAt = now
    }
    guard let journal, journalFault == nil, now - storeCheckedAt >= .seconds(1) else { return }
    storeCheckedAt = now
    if !isFolded { foldJournal() }
    let isRestored = keep(within: DiskPatience.keeping) { () throws(JournalError) in try journal.checkWhole() }
    if isRestored == true {
      log.logger(label: "crossfade").warning(
        "the store's mark, the file beside it ending in -mark, was gone and was written again")
    }
  }

  private func watchStall(at now: Instant) {
    guard disk.isStalled else {
      stalledSince = nil
      return
    }
    let since = stalledSince ?? now
    stalledSince = since
    guard journalFault == nil, now - since >= DiskPatience.stall else { return }
    journalFailed(JournalError(path: storePath, problem: .stalled), at: now)
  }

  /// Slowness is forgiven here, a failure is not.
  @discardableResult
  func keep<Value: Sendable>(
    within limit: Duration, _ work: @escaping @Sendable () throws(JournalError) -> Value
  ) -> Value? {
    do throws(JournalError) {
      return try disk.run(within: limit, work)
    } catch {
      if error.problem != .stalled { journalFailed(error, at: clock.now) }
      return nil
    }
  }
}
