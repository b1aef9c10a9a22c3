/// The resource that the process itself ran out of: the fault of no arm and of no client.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import NIOCore

package enum Shortage: String, Sendable, CaseIterable {
  case descriptors
  case ports
  case memory

  /// - Returns: nil where the error says something else.
  package init?(_ error: any Error) {
    guard let error = error as? IOError else { return nil }
    self.init(errno: error.errnoCode)
  }

  package init?(errno code: CInt) {
    switch code {
    case EMFILE, ENFILE: self = .descriptors
    // The system has no local port left for this peer. An address that is not there would be EHOSTUNREACH.
    case EADDRNOTAVAIL: self = .ports
    case ENOBUFS, ENOMEM: self = .memory
    default: return nil
    }
  }
}
