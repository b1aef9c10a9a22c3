/// Ports at which nobody answers: one that refuses, and one whose queue is full so that connecting takes for ever.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Holds the port for as long as it lives.
final class ReservedPort {
  let port: Int
  private let descriptor: CInt
  private var isHandedOver = false
  private var fillers: [CInt] = []

  private init() {
    let socket = Self.socket()
    var address = Self.loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = Self.withAddress(&address) { bind(socket, $0, size) }
    precondition(bound == 0, "no free port")
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    descriptor = socket
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit {
    for filler in fillers { close(filler) }
    if !isHandedOver { close(descriptor) }
  }

  /// Bound and not listening: connections are refused.
  static func refusing() -> ReservedPort { ReservedPort() }

  /// The bound socket, for whoever is to answer there from now on, and to close it.
  func handOver() -> CInt {
    isHandedOver = true
    return descriptor
  }

  /// Listening with a queue of the shortest kind, already full: nobody answers a connect.
  static func unanswering() -> ReservedPort {
    let reserved = ReservedPort()
    listen(reserved.descriptor, 0)
    var address = loopback(port: reserved.port)
    for _ in 0..<4 {
      let filler = socket()
      _ = fcntl(filler, F_SETFL, O_NONBLOCK)
      _ = withAddress(&address) { connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      reserved.fillers.append(filler)
    }
    return reserved
  }

  private static func socket() -> CInt {
    #if canImport(Glibc)
      Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #else
      Darwin.socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withAddress<R>(_ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>) -> R) -> R {
    withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
  }
}
