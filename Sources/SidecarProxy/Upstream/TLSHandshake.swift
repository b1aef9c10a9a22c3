/// A connection to an arm that has still to agree on TLS: it belongs to its call, and the time that may take is bounded.

import NIOCore
import RolloutJudge

extension UpstreamConnection {
  struct Handshake {
    let call: UpstreamCall
    let deadline: Scheduled<Void>
  }

  /// The call is attached when the handshake is done, or told that it failed.
  func awaitHandshake(for call: UpstreamCall, within limit: Duration) {
    let deadline = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(limit.nanoseconds)) {
      self.lastError = "TLS handshake timed out"
      self.close()
    }
    handshake = Handshake(call: call, deadline: deadline)
  }

  /// - Returns: the call that has waited for it; nil where none does.
  func endHandshake() -> UpstreamCall? {
    defer { handshake = nil }
    handshake?.deadline.cancel()
    return handshake?.call
  }
}
