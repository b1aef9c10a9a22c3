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
  private var isResting = false

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
      loop: loop, pool: pool, meter: meter, method: .post, receiver: shadow, requestComplete: true)
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
    guard !isResting, !loop.copies.mayReadOn(self, after: bytes.readableBytes) else { return }
    isResting = true
    attempt?.pauseReading()
  }

  /// Its turn has come again.
  func readOn() {
    isResting = false
    attempt?.resumeReading()
  }

  func attemptRescued(_ outcome: Outcome?) { finish() }

  func answerEnded(_ outcome: Outcome?) { finish() }

  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?) { finish() }

  func answerComplete() {}

  func answerPaused() {}

  func requestWritability(_ isWritable: Bool) {}

  var wantsPayloadOnly: Bool { false }

  private func finish() {
    guard attempt != nil else { return }
    attempt = nil
    loop.copies.release(bytes: admittedBytes)
  }
}
