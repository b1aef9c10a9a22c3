/// How the end of a message's body is found.

package enum BodyFraming: Sendable, Hashable {
  case none
  /// Bytes; may be 0.
  case length(Int)
  case chunked
  /// Everything until the peer closes; responses only.
  case untilClose
}
