/// Closes a connection in the ways a close can look from the other side.

import NIOCore
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum Hangup {
  static let tlsHandlerName = "tls"

  /// RST: pending bytes are thrown away, and TLS says no goodbye. On the channel's event loop.
  static func reset(_ channel: any Channel) {
    guard let options = channel as? any SocketOptionProvider else {
      preconditionFailure("a gateway's connections are sockets")
    }
    // Where the option fails the socket is closed already, and a second close does nothing.
    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in abruptly(channel) }
  }

  /// FIN without TLS's close_notify. On the channel's event loop.
  static func abruptly(_ channel: any Channel) {
    do {
      // From the TLS handler's place the close goes straight to the socket.
      try channel.pipeline.syncOperations.context(name: tlsHandlerName).close(promise: nil)
    } catch {
      channel.close(promise: nil)
    }
  }
}
