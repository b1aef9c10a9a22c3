/// A copy of an exchange's request under way to an arm: its answer is measured and thrown away, at a pace that live
/// traffic does not feel.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge

final class ShadowCall: CallReceiver {
  private let loop: LoopState
  private let admittedBytes: Int
  private var call: UpstreamCall?
  private var answerBytes = 0
  private var burstBytes = 0
  private var isResting = false
  /// How long a shadow that sent a burst must wait, so that live connections get their turn.
  private static let rest = TimeAmount.milliseconds(2)

  /// - Parameter admittedBytes: what `ShadowBudget` was asked for; given back at the end.
  private init(loop: LoopState, admittedBytes: Int) {
    self.loop = loop
    self.admittedBytes = admittedBytes
  }

  /// Sends a copy that the budget has admitted. The call holds its receiver until it ends.
  static func send(
    _ request: [ByteBuffer], admittedBytes: Int, pool: UpstreamPool, meter: AttemptMeter?, loop: LoopState
  ) {
    let shadow = ShadowCall(loop: loop, admittedBytes: admittedBytes)
    let call = UpstreamCall(
      loop: loop, pool: pool, meter: meter, method: .post, receiver: shadow, request: request, requestComplete: true)
    shadow.call = call
    call.start()
  }

  func callSent() {}

  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer) -> Bool { true }

  func answerBytes(_ bytes: ByteBuffer) {
    answerBytes += bytes.readableBytes
    burstBytes += bytes.readableBytes
    guard answerBytes <= loop.shared.limits.shadowAnswerBytes else {
      call?.cancel(.cut)
      return finish()
    }
    guard burstBytes >= loop.shared.limits.shadowBurstBytes, !isResting else { return }
    isResting = true
    burstBytes = 0
    call?.pauseReading()
    loop.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) {
      self.isResting = false
      self.call?.resumeReading()
    }
  }

  func answerDeclined(_ outcome: Outcome?) { finish() }

  func answerEnded(_ outcome: Outcome?) { finish() }

  func callFailed(_ failure: AttemptFailure, _ outcome: Outcome?) { finish() }

  func answerPaused() {}

  func requestWritability(_ isWritable: Bool) {}

  var wantsPayloadOnly: Bool { false }

  private func finish() {
    guard call != nil else { return }
    call = nil
    loop.releaseShadow(bytes: admittedBytes)
  }
}
