/// A proxy that an arm is reached through, by CONNECT: what goes through it, TLS among it, is between Crossfade and the arm.

package struct ArmProxy: Sendable, Equatable {
  /// A host name or address, IPv6 without brackets.
  package var host: String
  package var port: Int
  /// `user:password`.
  package var credentials: Secret?

  package init(host: String, port: Int, credentials: Secret? = nil) {
    self.host = host
    self.port = port
    self.credentials = credentials
  }

  /// `HOST:PORT`, without credentials.
  package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
