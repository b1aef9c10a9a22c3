/// A kept connection before it is used again: whether the arm has given it up meanwhile.

#if os(Linux)
  import Glibc
#endif
import NIOCore

extension UpstreamConnection {
  /// Whether the arm has closed it, which may not have been noticed yet.
  var isClosedByArm: Bool {
    #if os(Linux)
      guard isActive, let options = context?.channel as? any SocketOptionProvider else { return !isActive }
      var isClosed = false
      options.getTCPInfo().assumeIsolated().whenSuccess { info in isClosed = Int(info.tcpi_state) != Self.established }
      return isClosed
    #else
      return !isActive
    #endif
  }

  /// TCP_ESTABLISHED
  private static let established = 1

  /// It is in no book any more.
  func abandon() {
    isAbandoned = true
    context?.close(promise: nil)
  }
}
