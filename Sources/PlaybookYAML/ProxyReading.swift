/// Reads which proxy an arm is reached through: by its URL, or by what the environment says, as other programs take it.

import RolloutJudge

/// - Returns: nil for an empty text, as an unset `${HTTPS_PROXY:-}` leaves it.
func readProxy(_ text: String) -> UnitReading<ArmProxy?> {
  guard !text.isEmpty else { return .value(nil) }
  let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
  let scheme = parts.count == 2 ? parts[0].lowercased() : "http"
  guard scheme == "http" else {
    return .refused("a proxy is spoken to in HTTP, with TLS to the arm inside", say: "say http://HOST:PORT")
  }
  var authority = parts.last ?? ""
  while authority.last == "/" { authority = authority.dropLast() }
  var credentials: Secret?
  if let at = authority.lastIndex(of: "@") {
    guard let text = String(authority[..<at]).percentDecoded, isHeaderText(text) else {
      return .refused("not a user and password before the @", say: "percent-encode them")
    }
    credentials = Secret(text.contains(":") ? text : text + ":")
    authority = authority[authority.index(after: at)...]
  }
  guard let (host, port) = splitAuthority(authority, defaultPort: nil) else {
    return .refused("not a proxy with its port", say: "say http://HOST:PORT")
  }
  return .value(ArmProxy(host: host, port: port, credentials: credentials))
}

/// The environment's proxies: `HTTPS_PROXY` for arms with TLS, `HTTP_PROXY` for others, and `NO_PROXY` for those that have none.
struct EnvironmentProxies {
  let environment: [String: String]

  /// The variable that stands for an arm, and what it holds; nil where there is none, or the arm is excepted.
  func proxy(for url: ArmURL) -> (name: String, text: String)? {
    let names = url.isTLS ? ["HTTPS_PROXY", "https_proxy"] : ["http_proxy", "HTTP_PROXY"]
    guard !url.isLoopback, !isExcepted(url) else { return nil }
    for name in names + ["ALL_PROXY", "all_proxy"] {
      if let text = environment[name], !text.isEmpty { return (name, text) }
    }
    return nil
  }

  /// A name stands for itself and all below it; `*` for all; a port after it for that port alone.
  private func isExcepted(_ url: ArmURL) -> Bool {
    let list = environment["NO_PROXY"] ?? environment["no_proxy"] ?? ""
    return list.split { ", ".contains($0) }.contains { entry in
      var name = entry.lowercased()
      if name == "*" { return true }
      if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]),
        name.firstIndex(of: ":") == colon || name[..<colon].hasSuffix("]")
      {
        guard port == url.port else { return false }
        name = String(name[..<colon])
      }
      name = name.trimming("[]")
      if let range = AddressRange(name) { return range.contains(url.host) }
      name = name.trimming("*").trimming(".")
      return !name.isEmpty && (url.host == name || url.host.hasSuffix("." + name))
    }
  }
}

/// `10.0.0.0/8`, of IPv4.
private struct AddressRange {
  private let network: UInt32
  private let mask: UInt32

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits), let address = Self.address(parts[0])
    else { return nil }
    mask = bits == 0 ? 0 : ~0 << (32 - UInt32(bits))
    network = address & mask
  }

  func contains(_ host: String) -> Bool { Self.address(host[...]).map { $0 & mask == network } ?? false }

  private static func address(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4, !parts.contains(nil) else { return nil }
    return parts.reduce(0) { $0 << 8 | UInt32($1 ?? 0) }
  }
}

extension PlaybookReader {
  /// - Parameter url: the arm's own, which the environment's exceptions are about.
  mutating func proxy(_ node: PlaybookNode, of url: ArmURL) -> ArmProxy? {
    guard let own = node["proxy"], let text = own.text else { return nil }
    guard text == "environment" else { return readProxy(text).value ?? nil }
    guard let (name, text) = EnvironmentProxies(environment: environment).proxy(for: url) else { return nil }
    switch readProxy(text) {
    case .value(let proxy): return proxy
    case .refused(let message, let say):
      problems.error(at: own, "the environment variable \(name) is \(message)", say)
      return nil
    }
  }
}

extension String {
  /// Without any of these characters at either end.
  fileprivate func trimming(_ characters: String) -> String {
    var rest = self[...]
    while let first = rest.first, characters.contains(first) { rest = rest.dropFirst() }
    while let last = rest.last, characters.contains(last) { rest = rest.dropLast() }
    return String(rest)
  }

  /// Nil for a `%` that begins no octet, and for what is not UTF-8.
  fileprivate var percentDecoded: String? {
    var octets: [UInt8] = []
    var rest = utf8[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "%") else {
        octets.append(octet)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else { return nil }
      octets.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: octets, as: UTF8.self)
  }
}
