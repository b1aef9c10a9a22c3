/// An arm's answer on its way through an attempt: measured, held back while the safety net may still need to answer, or
/// passed on.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

extension Attempt: CallReceiver {
  var wantsPayloadOnly: Bool { receiver?.wantsPayloadOnly ?? false }

  func callSent() { receiver?.attemptSent() }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    headIsHere()
    if case .length = head.framing { promisesLength = true }
    meter?.headReceived(head, bytes.readableBytesSpan, at: loop.now())
    planAhead(head, bytes)
    switch machine.headReceived(status: head.status) {
    case .forward: receiver?.answerHead(head, bytes)
    case .hold: hold(head, bytes, atMost: loop.shared.hold.atMost)
    case .holdRefusal: hold(head, bytes, atMost: AttemptMachine.refusalPatience)
    case .end: refuse(status: head.status)
    }
  }

  /// An answer that is none for the client: the net's, or nobody's.
  private func refuse(status: Int) {
    end(.complete) { receiver, action, outcome in
      switch action {
      case .rescue: receiver.attemptRescued(outcome)
      case .tell: receiver.attemptFailed(.redirected(status), outcome)
      }
    }
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    guard held != nil else { return receiver?.answerBytes(bytes) ?? () }
    held?.append(bytes)
    loop.heldBytes += bytes.readableBytes
  }

  func payloadReceived(_ bytes: RawSpan) {
    guard let progress = meter?.payloadReceived(bytes, at: loop.now()) else { return }
    if held != nil { heldMore(hasToken: progress.contains(.firstContent), isLast: progress.contains(.terminal)) }
    if isCopy, isLast(progress) { isOver = true }
  }

  /// Nobody reads behind a stream's last event, nor behind a document. One whose length is promised is over where that is.
  private func isLast(_ progress: AnswerProgress) -> Bool {
    let isStream = meter?.isStream == true
    if progress.contains(.terminal) { return isStream || !promisesLength }
    return isStream && progress.contains(.error) && meter?.endsWithError == true
  }

  func bodyComplete() {
    if held != nil { held?.isComplete = true } else { receiver?.answerComplete() }
  }

  func readBurstEnded() {
    if isOver { return end(.complete) { receiver, _, outcome in receiver.answerEnded(outcome) } }
    if held == nil { receiver?.answerPaused() }
  }

  func callWaits() { receiver?.answerWaits() }

  func jobEnded(_ figures: JobFigures) {
    meter?.jobNote = JobNote(figures)
    if figures.waited > 0 { meter?.leaveOut(nanoseconds: figures.waited) }
  }

  func writabilityChanged(_ isWritable: Bool) { receiver?.requestWritability(isWritable) }

  func callEnded(_ ending: CallEnding) {
    switch ending {
    case .complete:
      end(.complete) { receiver, action, outcome in
        switch action {
        case .rescue: receiver.attemptRescued(outcome)
        case .tell: receiver.answerEnded(outcome)
        }
      }
    case .lost(let reason, let isStale): connectionLost(reason, isStale: isStale)
    case .unreachable(let reason): fail(.unreachable(reason))
    case .exhausted: withdraw()
    case .cut: fail(.cut)
    case .timedOut(let after): timedOut(after)
    // The arm would have gone on, had the client read.
    case .clientStalled: fail(.timedOut, as: .clientGone)
    case .abandoned: cancel(.clientGone)
    }
  }

  /// A candidate has had its time. The baseline has had its client's, who would have left by now: that is nobody's error, but
  /// someone should read of it.
  private func timedOut(_ after: Int64) {
    let hasOthers = terms.guarded.contains(.timeout) && machine.phase == .sending
    guard pool.target.index.isBaseline, !isCopy, !hasOthers else { return fail(.timedOut) }
    loop.shared.observer.event(.answerCut(arm: pool.target.index, after: .nanoseconds(after)))
    fail(.timedOut, as: .clientGone)
  }

  // MARK: held back

  private func hold(_ head: ResponseHead, _ bytes: ByteBuffer, atMost: Duration) {
    held = HeldAnswer(head: head, headBytes: bytes)
    call?.wake(after: atMost.nanoseconds)
  }

  func timeToWake() {
    guard held != nil else { return }
    obey(machine.holdTimePassed(signs(hasToken: false, isLast: false)), isLate: true)
    if machine.phase == .forwarding { receiver?.answerPaused() }
  }

  private func heldMore(hasToken: Bool, isLast: Bool) {
    obey(machine.heldMore(signs(hasToken: hasToken, isLast: isLast)))
    guard held != nil, loop.heldBytes > loop.shared.limits.heldBytes else { return }
    obey(machine.noRoom())
  }

  private func signs(hasToken: Bool, isLast: Bool) -> AttemptMachine.HeldSigns {
    let isStream = meter?.isAskedStream ?? false
    // Any other answer ends with its body, and is judged then.
    let isJudged = isStream && isLast || meter?.hasFailed == true
    return AttemptMachine.HeldSigns(
      bytes: held?.body.readableBytes ?? 0, isStream: isStream, hasToken: hasToken,
      isWrongForm: meter?.isWrongForm ?? false, outcome: isJudged ? meter?.outcomeSoFar() : nil)
  }

  private func obey(_ action: AttemptMachine.HoldAction, isLate: Bool = false) {
    switch action {
    case .hold: break
    case .release:
      guard let held, let receiver else { return assertionFailure("nothing is held") }
      self.held = nil
      loop.heldBytes -= held.body.readableBytes
      if isLate { loop.ledger.counters.holdsOutlasted += 1 }
      if held.body.readableBytes > loop.shared.hold.bytes { loop.ledger.counters.holdsOutgrown += 1 }
      give(held, to: receiver)
    case .giveUp: end(.complete) { receiver, _, outcome in receiver.attemptRescued(outcome) }
    }
  }

  /// Everything that was held back, in order.
  func give(_ held: HeldAnswer, to receiver: any AttemptReceiver) {
    receiver.answerHead(held.head, held.headBytes)
    if held.body.readableBytes > 0 { receiver.answerBytes(held.body) }
    if held.isComplete { receiver.answerComplete() }
  }
}
