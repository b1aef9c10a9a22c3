/// The store between decisions: the evidence is kept, hands in its folder and a disk that does not answer are noticed.

package import RolloutJudge

extension RolloutMachine {
  /// So often that a restart loses little of the evidence, and so seldom that it costs nothing to speak of.
  private static let evidenceInterval = Duration.seconds(5)

  mutating func ticked(_ overdue: StoreFault?, at now: Instant) {
    reopen(at: now)
    for (seq, limit) in keeping where now >= limit { keeping[seq] = nil }
    watchStall(overdue, at: now)
    if let outage, now >= due.reminder {
      effects.append(.remark(.storeFailed(outage.words)))
      due.reminder = now + .seconds(60)
    }
  }

  private mutating func watchStall(_ overdue: StoreFault?, at now: Instant) {
    guard let overdue else {
      due.overdueSince = nil
      return
    }
    let since = due.overdueSince ?? now
    due.overdueSince = since
    if outage == nil, now - since >= Patience.stall { fail(overdue, at: now) }
  }

  /// Where the store has nothing else to do.
  mutating func tend(at now: Instant) {
    guard case .idle = phase, isJournaling else { return }
    if now - due.evidence >= Self.evidenceInterval {
      due.evidence = now
      if mayKeepEvidence { return ask(.keepEvidence, .tending(.keepEvidence)) }
    }
    guard now - due.check >= .seconds(1) else { return }
    due.check = now
    if isFolded { ask(.check, .tending(.check)) } else { fold(thenCheck: true, at: now) }
  }

  /// After a decision has taken effect.
  mutating func fold(thenCheck: Bool, at now: Instant) {
    guard case .idle = phase, isJournaling else { return }
    due.evidence = now
    isFolded = false
    ask(.fold, .tending(.fold(thenCheck: thenCheck)))
  }

  /// Slowness is forgiven here, a failure is not.
  mutating func tended(_ chore: StoreChore, _ answer: StoreAnswer, at now: Instant) {
    switch answer {
    case .folded(let isDone): isFolded = isDone
    case .done: break
    default:
      let fault = mismatch(answer)
      if fault.kind != .stalled { return fail(fault, at: now) }
    }
    if chore == .fold(thenCheck: true), isJournaling { ask(.check, .tending(.check)) }
  }

  private var mayKeepEvidence: Bool { judge.lastDecision != nil && unjournaled.isEmpty && role.decides }

  /// What a later start goes on from; nil where the store may not have it.
  package var checkpoint: Checkpoint? { mayKeepEvidence ? judge.checkpoint : nil }
}
