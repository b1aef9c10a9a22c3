/// Who gets an answer: a client's connection, or nobody (a copy).

import Dialects
import HTTPFraming
import NIOCore

/// All calls come on the loop; `attemptRescued`, `answerEnded` and `attemptFailed` are the last one of an attempt, and after
/// `cancel` there are none. The outcome is nil where the attempt is not measured.
protocol AttemptReceiver: AnyObject {
  /// The request, or what there is of it so far, is on its way.
  func attemptSent()
  /// What is asked for takes its time, and there is nothing of it yet.
  func answerWaits()
  /// This arm's answer is the answer from here on.
  func answerHead(_ head: ResponseHead, _ bytes: ByteBuffer)
  /// Body bytes as they came, chunk framing and all; without it where `wantsPayloadOnly`.
  func answerBytes(_ bytes: ByteBuffer)
  /// No more bytes in this read burst.
  func answerPaused()
  /// All bytes of the answer have been given: they may go out before they are measured.
  func answerComplete()
  func answerEnded(_ outcome: Outcome?)
  func attemptFailed(_ failure: AttemptFailure, _ outcome: Outcome?)
  /// Nothing of the answer has been given, and the safety net is to answer in this arm's place.
  func attemptRescued(_ outcome: Outcome?)
  /// The arm takes more of a streamed request, or no more for now.
  func requestWritability(_ isWritable: Bool)
  var wantsPayloadOnly: Bool { get }
  /// Whether the receiver measures what is left of the answer later, and writes its end to the ledger then.
  func measuresLater(_ meter: AttemptMeter, _ transport: TransportEnd) -> Bool
}

extension AttemptReceiver {
  func answerWaits() {}
  func measuresLater(_ meter: AttemptMeter, _ transport: TransportEnd) -> Bool { false }
}
