/// The addresses that `HOST:PORT` on a command line stands for: a literal is itself, `localhost` is both families, since
/// applications ask for either first.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
package import NIOCore

package enum ListenHost {
  /// - Throws: NIO's error for a name that does not resolve.
  package static func addresses(of host: String, port: Int) throws -> [SocketAddress] {
    if let literal = try? SocketAddress(ipAddress: host, port: port) { return [literal] }
    if host.lowercased() == "localhost" {
      // Whatever a name server makes of it.
      return [try SocketAddress(ipAddress: "127.0.0.1", port: port), try SocketAddress(ipAddress: "::1", port: port)]
    }
    return [try SocketAddress.makeAddressResolvingHost(host, port: port)]
  }

  /// Listens on all addresses of `host`, on one port.
  ///
  /// - Parameters:
  ///   - port: 0 takes any that is free on all of them.
  ///   - bind: listens on one address.
  ///   - close: takes that back where another address cannot be had.
  ///   - boundPort: of a listener.
  /// - Throws: what `bind` throws; an address family that this machine has not is passed over where another is there.
  package static func bind<Listener>(
    _ host: String, port: Int, bind: (SocketAddress) async throws -> Listener, close: (Listener) async -> Void,
    boundPort: (Listener) -> Int?
  ) async throws -> [Listener] {
    var tries = port == 0 ? 8 : 1
    while true {
      tries -= 1
      var listeners: [Listener] = []
      do {
        for var address in try addresses(of: host, port: port) {
          if port == 0, let first = listeners.first { address.port = boundPort(first) }
          do {
            listeners.append(try await bind(address))
          } catch let error as IOError where !listeners.isEmpty && isFamilyMissing(error) {
            continue
          }
        }
        return listeners
      } catch {
        for listener in listeners { await close(listener) }
        // The free port of one family may be taken in the other.
        guard tries > 0, (error as? IOError)?.errnoCode == EADDRINUSE else { throw error }
      }
    }
  }

  private static func isFamilyMissing(_ error: IOError) -> Bool {
    [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode)
  }

  /// Why an address cannot be listened on, and what to do, in words.
  package static func reason(_ error: any Error, port: Int) -> String {
    guard let code = (error as? IOError)?.errnoCode else { return "\(error)" }
    let words = String(cString: strerror(code))
    return switch code {
    case EADDRINUSE: "\(words); `ss -ltnp 'sport = :\(port)'` shows who holds port \(port)"
    case EACCES: "\(words); ports below 1024 are for privileged processes"
    case EADDRNOTAVAIL: "\(words); no interface of this machine has it"
    default: "\(words) (errno \(code))"
    }
  }

  /// The host as in a URL: IPv6 in brackets.
  package static func text(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
