/// Giving up: how long a client is waited for, in each phase of its exchange.

import Dialects
import NIOCore
import RolloutJudge

extension ClientConnection {
  /// - Parameter now: of the loop's monotonic clock.
  func checkDeadline(at now: Int64) {
    let limits = loop.shared.limits
    let idle = Duration.nanoseconds(now - lastActivity)
    switch machine.phase {
    case .awaitingHead:
      if let headBegan {
        // However busily it trickles.
        guard Duration.nanoseconds(now - headBegan) > limits.headTime else { return }
        refuse(status: 408, "the request's head did not arrive in time")
      } else if idle > limits.clientIdle {
        close()
      }
    case .buffering:
      if idle > loop.shared.timeouts.idle { refuse(status: 408, "the request's body did not arrive in time") }
    case .closed:
      // A client that reads slowly still gets all of its answer.
      if idle > (isFullyWritten ? Self.lingering : limits.clientIdle) { close() }
    case .streaming:
      // An arm that takes no more of the body has its own time-out; here it is the client that sends none.
      guard let attempt = exchange?.attempt, !attempt.isCongested, idle > loop.shared.timeouts.idle else { return }
      attempt.cancel(.clientGone)
      refuse(status: 408, "the request's body did not arrive in time")
    case .waiting: break
    case .answering:
      // The arm may be done with an answer that others share; who reads none of it is not waited for.
      if exchange?.guarded?.seat != nil, idle > limits.clientIdle { close() }
    }
  }

  /// Between requests, with nothing heard for so long.
  func hasIdled(for time: Duration, at now: Int64) -> Bool {
    machine.phase == .awaitingHead && inbound.readableBytes == 0 && now - lastActivity > time.nanoseconds
  }

  func drain() {
    guard let context, machine.phase == .awaitingHead, inbound.readableBytes == 0 else {
      return machine.closeAfterwards()
    }
    machine.noFurtherRequest()
    // The last answer may still be on its way to a slow client.
    whenWritten(context) { self.close() }
  }

  /// How long the rest of a refused request is read and thrown away, so that the refusal arrives.
  private static var lingering: Duration { .seconds(1) }

  /// Bytes that have been written and wait to be flushed still leave.
  func close() {
    context?.flush()
    context?.close(promise: nil)
  }
}
