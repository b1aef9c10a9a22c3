/// Asking the system for a name's addresses: on a thread that does nothing else, since it may take as long as it likes.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Listening
import NIOCore

enum NameLookup {
  enum Failure: Error {
    /// In words for the log and the client.
    case failed(String)
    /// The process had nothing left to ask with.
    case shortage(Shortage)
  }

  typealias Answer = Result<[SocketAddress], Failure>

  /// - Parameter done: called once, on the look-up's own thread, or at once where there can be none.
  static func start(host: String, port: Int, done: @escaping @Sendable (Answer) -> Void) {
    let isStarted = OwnThread.start { done(addresses(of: host, port: port)) }
    if !isStarted { done(.failure(.shortage(.memory))) }
  }

  private static func addresses(of host: String, port: Int) -> Answer {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else { return .failure(failure(code, errno, host)) }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var entry = list
    while let info = entry?.pointee {
      entry = info.ai_next
      guard var address = address(info) else { continue }
      address.port = port
      if !found.contains(address) { found.append(address) }
    }
    return .success(ConnectRace.interleaved(found) { $0.protocol == .inet6 })
  }

  private static func address(_ info: addrinfo) -> SocketAddress? {
    guard let bytes = info.ai_addr.map(UnsafeRawPointer.init) else { return nil }
    return switch info.ai_family {
    case AF_INET: SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
    case AF_INET6: SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
    default: nil
    }
  }

  /// glibc's EAI_NODATA: the name is there and has no address. Its header shows it to few.
  private static let noAddress: CInt = -5

  private static func failure(_ code: CInt, _ error: CInt, _ host: String) -> Failure {
    switch code {
    case EAI_MEMORY: return .shortage(.memory)
    case EAI_SYSTEM: if let shortage = Shortage(errno: error) { return .shortage(shortage) }
    case EAI_AGAIN: return .failed("DNS: no answer for \(host)")
    case EAI_NONAME, noAddress: return .failed("unknown host \(host)")
    default: break
    }
    return .failed("DNS: \(String(cString: gai_strerror(code))) for \(host)")
  }
}
