/// Hands what has been written to the kernel, at once or at the end of the loop's turn, as its `FlushQueue` says.

import NIOCore
import RolloutJudge

/// One per loop; every flush goes this way.
final class TurnFlushes {
  private let eventLoop: any EventLoop
  private var queue = FlushQueue()

  init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Something from outside entered the loop's code.
  func noteEntry(at now: Int64) { queue.noteEntry(at: now) }

  /// Bytes that wait are flushed before the turn is over, or with whatever closes their connection.
  func flush(_ context: ChannelHandlerContext) {
    switch queue.add(context) {
    case .flushNow: context.flush()
    case .wait: break
    case .flushAtEndOfTurn: eventLoop.assumeIsolated().execute { self.flushWaiting() }
    case .flushAllNow: flushWaiting()
    }
  }

  /// Calls back once all that was flushed so far is written: at once, or at the end of the turn.
  func whenWritten(_ body: @escaping () -> Void) {
    guard !queue.isEmpty else { return body() }
    eventLoop.assumeIsolated().execute(body)
  }

  /// Whether what was written to it has not been handed to the kernel yet.
  func isWaiting(_ context: ChannelHandlerContext) -> Bool { queue.holds(context) }

  private func flushWaiting() {
    for context in queue.take() { context.flush() }
  }
}
