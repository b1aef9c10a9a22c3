/// A connection's socket, asked what only the kernel knows: whether the arm has given it up, and what can have reached the arm.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import NIOCore

extension UpstreamConnection {
  /// Whether the arm has closed it while it was idle, which may not have been noticed yet.
  var isClosedByArm: Bool {
    guard isActive else { return true }
    guard let socket else { return false }
    var octet: UInt8 = 0
    let count = recv(socket, &octet, 1, peekFlags)
    return !(count > 0 || count < 0 && errno == EAGAIN)
  }

  /// Whether the arm had closed its side before any of the request on it came there, so that it is sure not to have read it.
  ///
  /// The arm's FIN acknowledges all that had come until then, and what comes later is answered with a reset. A reset alone
  /// acknowledges nothing, and proves nothing. To be asked once the FIN has been read, and before the socket is closed.
  var isRequestUnread: Bool {
    guard sentBytes > 0, let context else { return false }
    // Not even written.
    if loop.flushes.isWaiting(context) { return true }
    #if os(Linux)
      guard let socket else { return false }
      var unacknowledged: CInt = 0
      guard ioctl(socket, UInt(TIOCOUTQ), &unacknowledged) == 0 else { return false }
      // TLS only adds to the bytes that have to be acknowledged.
      return unacknowledged >= sentBytes
    #else
      return false
    #endif
  }

  /// It is in no book any more.
  func abandon() {
    isAbandoned = true
    context?.close(promise: nil)
  }
}

private let peekFlags = CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)

extension ChannelHandlerContext {
  /// Nil where there is none, or none any more.
  var socket: NIOBSDSocket.Handle? {
    try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
  }
}
