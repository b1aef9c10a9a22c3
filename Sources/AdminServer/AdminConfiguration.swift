/// Where the admin endpoints listen and who may use them; loopback without a token, anything with one.

import Listening

package struct AdminConfiguration: Sendable {
  /// A host name or an address, IPv6 without brackets.
  package let host: String
  /// 0: any free port.
  package let port: Int
  let token: BearerToken?
  var patience = AdminPatience()
  /// Connections that may be open at once.
  let places: Int

  /// - Throws: `AdminServerError` for an address beyond loopback without a token, a port that is none, or a token that
  ///   no header could carry.
  package init(
    host: String = "127.0.0.1", port: Int = 8788, token: String? = nil, places: Int = AdminLimits.connections
  ) throws(AdminServerError) {
    guard (0...65_535).contains(port) else { throw .invalidPort(port) }
    self.host = host
    self.port = port
    self.places = places
    if let token {
      guard let token = BearerToken(token) else { throw .invalidToken }
      self.token = token
    } else {
      guard LoopbackName.contains(host) else { throw .tokenRequired(host: host) }
      self.token = nil
    }
  }
}

package enum AdminServerError: Error, Sendable, Equatable, CustomStringConvertible {
  case tokenRequired(host: String)
  case invalidToken
  case invalidPort(Int)
  case cannotListen(host: String, port: Int, cause: String)

  package var description: String {
    switch self {
    case .tokenRequired(let host):
      """
      the admin endpoints would listen on \(host), which others can reach: \
      give --admin-token, or listen on 127.0.0.1
      """
    case .invalidToken: "the admin token must be visible ASCII characters without spaces, at least one"
    case .invalidPort(let port): "\(port) is not a port: 0 to 65535"
    case .cannotListen(let host, let port, let cause):
      "the admin endpoints cannot listen on \(ListenHost.text(host)):\(port): \(cause); give another --admin address"
    }
  }
}

enum LoopbackName {
  /// `localhost`, 127.0.0.0/8 and ::1; other names could resolve to anything.
  static func contains(_ host: String) -> Bool {
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.first != "+" }
  }
}
