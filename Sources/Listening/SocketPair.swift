/// Two sockets that are connected to each other: one for a channel, which closes it, and one for us.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct SocketPair {
  package let theirs: CInt
  private let ours: CInt

  package init?() {
    var pair: [CInt] = [-1, -1]
    #if canImport(Glibc)
      let kind = CInt(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { return nil }
    (theirs, ours) = (pair[0], pair[1])
  }

  package func send(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(ours, $0.baseAddress, $0.count) }
  }

  package func finish() { shutdown(ours, CInt(SHUT_WR)) }

  package func closeOurs() { close(ours) }
}
