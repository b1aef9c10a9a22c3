/// Whose HTTP exchange it is, and what it is told of its end.

import HTTPFraming
import NIOCore
import RolloutJudge

/// All calls come on the loop; `callEnded` is the last one, and after `cancel` there is none.
protocol CallReceiver: AnyObject {
  /// The request, or what there is of it so far, is on its way.
  func callSent()
  /// What is asked for takes its time, and there is nothing of it yet.
  func callWaits()
  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer)
  /// Body bytes as they came, chunk framing and all; without it where `wantsPayloadOnly`.
  func bodyReceived(_ bytes: ByteBuffer)
  /// The same bytes without framing, to be measured.
  func payloadReceived(_ bytes: RawSpan)
  /// All bytes of the answer have been given.
  func bodyComplete()
  func readBurstEnded()
  /// The arm takes more of a streamed request, or no more for now.
  func writabilityChanged(_ isWritable: Bool)
  /// The time that `wake` was asked for has passed.
  func timeToWake()
  /// Before its end, of a call that was a job.
  func jobEnded(_ figures: JobFigures)
  func callEnded(_ ending: CallEnding)
  var wantsPayloadOnly: Bool { get }
}

extension CallReceiver {
  func callWaits() {}
  func jobEnded(_ figures: JobFigures) {}
}

/// How an exchange came to its end.
enum CallEnding: Equatable {
  case complete
  /// The connection ended before a head.
  /// - Parameter isStale: the arm had given it up before it could read the request.
  case lost(String, isStale: Bool)
  /// No connection, or what the arm sent was no answer.
  case unreachable(String)
  /// All connections that may be open are in use, or the process has nothing left to open one with.
  case exhausted
  /// The connection ended inside the answer, or the answer's framing broke.
  case cut
  /// - Parameter after: what was waited for in vain, in nanoseconds.
  case timedOut(after: Int64)
  /// The client read nothing for as long as the whole may take.
  case clientStalled
  /// The process is about to stop.
  case abandoned
}
