/// A copy of an exchange's request under way to an arm: its answer is measured and thrown away, at a pace that live
/// traffic does not feel.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

final class ShadowCall: AttemptReceiver {
  private let loop: LoopState
  private let admittedBytes: Int
  private var attempt: Attempt?
  private var answerBytes = 0
  /// Bytes read in the present burst.
  private var burstBytes = 0
  private var isResting = false
  /// The answer has ended, and not all of it has been undone: its end is written once it has been.
  private var unmeasured: (meter: AttemptMeter, transport: TransportEnd, at: Instant)?

  /// - Parameter admittedBytes: what `ShadowBudget` was asked for; given back at the end.
  private init(loop: LoopState, admittedBytes: Int) {
    self.loop = loop
    self.admittedBytes = admittedBytes
  }

  /// Sends a copy that the budget has admitted. The attempt holds its receiver until it ends.
  static func send(
    _ request: OutboundRequest, admittedBytes: Int, pool: UpstreamPool, meter: AttemptMeter?, loop: LoopState
  ) {
    let shadow = ShadowCall(loop: loop, admittedBytes: admittedBytes)
    let attempt = Attempt(
      loop: loop, pool: pool, meter: meter, receiver: shadow,
      Attempt.Terms(method: .post, requestComplete: true, patience: loop.shared.patience, isCopy: true))
    shadow.attempt = attempt
    attempt.start(request)
  }

  func attemptSent() {}

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) {}

  func answerBytes(_ bytes: ByteBuffer) {
    answerBytes += bytes.readableBytes
    guard answerBytes <= loop.shared.limits.shadowAnswerBytes else {
      attempt?.cancel(.cut)
      return finish()
    }
    burstBytes += bytes.readableBytes
  }

  /// Its turn has come again.
  func readOn() {
    isResting = false
    if let meter = unmeasured?.meter ?? attempt?.meter, meter.isBehind {
      meter.catchUp(at: loop.now())
      pace(meter)
      guard !isResting else { return }
    }
    if let unmeasured {
      self.unmeasured = nil
      _ = loop.record(endOf: unmeasured.meter, unmeasured.transport, at: unmeasured.at)
      return finish()
    }
    attempt?.resumeReading()
  }

  /// The bytes that a copy unpacks into take a loop's time like those it sends.
  private func pace(_ meter: AttemptMeter?) {
    let bytes = burstBytes + (meter?.takeDecodedBytes() ?? 0)
    burstBytes = 0
    if meter?.isTooLong == true, attempt != nil {
      attempt?.cancel(.clientGone)
      return finish()
    }
    guard !isResting else { return }
    isResting = !loop.copies.mayReadOn(self, after: bytes, mustRest: meter?.isBehind ?? false)
  }

  func measuresLater(_ meter: AttemptMeter, _ transport: TransportEnd) -> Bool {
    guard meter.isBehind else { return false }
    unmeasured = (meter, transport, loop.now())
    if !isResting { isResting = !loop.copies.mayReadOn(self, after: meter.takeDecodedBytes(), mustRest: true) }
    return true
  }

  func attemptRescued(_ outcome: Outcome?) { finish() }

  func answerEnded(_ outcome: Outcome?) { finish() }

  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) {
    // Not sent after all, for want of something of our own.
    if failure == .exhausted, let start = attempt?.meter?.start {
      loop.record(.shadowDropped(start.arm, .unreachable, at: start.at))
    }
    finish()
  }

  func answerComplete() {}

  func answerPaused() {
    guard let attempt else { return }
    let wasResting = isResting
    pace(attempt.meter)
    if isResting, !wasResting { self.attempt?.pauseReading() }
  }

  func requestWritability(_ isWritable: Bool) {}

  var wantsPayloadOnly: Bool { false }

  private func finish() {
    guard unmeasured == nil, attempt != nil else { return }
    attempt = nil
    loop.copies.release(bytes: admittedBytes)
    loop.copies.noteRead(bytes: burstBytes)
  }
}
