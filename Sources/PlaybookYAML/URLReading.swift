/// Takes an arm's address apart, once, and refuses what a base URL cannot be.

import RolloutJudge

/// - Parameter isBase: whether request paths are appended to it; a webhook's are not.
func readURL(_ text: String, isBase: Bool = true) -> UnitReading<ArmURL> {
  guard let separator = text.firstRange(of: "://") else {
    return .refused("not a URL", say: "say https://HOST/v1")
  }
  let scheme = text[..<separator.lowerBound].lowercased()
  guard scheme == "https" || scheme == "http" else {
    return .refused("a URL's scheme must be http or https", say: nil)
  }
  let rest = text[separator.upperBound...]
  let pathStart = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
  let authority = rest[..<pathStart]
  let path = rest[pathStart...]
  if authority.contains("@") {
    return .refused("a URL must not hold credentials", say: "give them with key: ${NAME}")
  }
  if path.contains("?") || path.contains("#") {
    return .refused("a base URL has no query (?…) and no fragment (#…)", say: "request paths are appended to it")
  }
  guard let (host, port) = splitAuthority(authority, defaultPort: scheme == "https" ? 443 : 80) else {
    return .refused("not a host with an optional port", say: "say https://HOST:PORT/v1")
  }
  guard let basePath = cleanPath(path) else {
    return .refused("a URL's path holds visible characters only, and no '..' or '//'", say: nil)
  }
  if isBase, let endpoint = endpoints.first(where: { basePath.hasSuffix($0) }) {
    return .refused("a base URL ends before the endpoint", say: "remove \(endpoint)")
  }
  return .value(ArmURL(isTLS: scheme == "https", host: host, port: port, basePath: basePath))
}

private let endpoints = ["/chat/completions", "/completions", "/responses", "/messages", "/embeddings", "/models"]

/// - Parameter defaultPort: where none is said; nil: one must be.
func splitAuthority(_ text: Substring, defaultPort: Int?) -> (host: String, port: Int)? {
  let host: Substring
  let portText: Substring?
  if text.hasPrefix("[") {
    guard let close = text.firstIndex(of: "]") else { return nil }
    host = text[text.index(after: text.startIndex)..<close]
    let after = text[text.index(after: close)...]
    guard after.isEmpty || after.hasPrefix(":") else { return nil }
    portText = after.isEmpty ? nil : after.dropFirst()
    guard host.utf8.contains(UInt8(ascii: ":")), host.utf8.allSatisfy(isIPv6Byte) else { return nil }
  } else {
    let colon = text.firstIndex(of: ":")
    host = text[..<(colon ?? text.endIndex)]
    portText = colon.map { text[text.index(after: $0)...] }
    guard isHostName(host) else { return nil }
  }
  guard let portText else { return defaultPort.map { (host.lowercased(), $0) } }
  guard portText.utf8.count <= 5, portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
    let port = Int(portText), (1...65535).contains(port)
  else { return nil }
  return (host.lowercased(), port)
}

private func isIPv6Byte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: ":"),
    UInt8(ascii: "."):
    true
  default: false
  }
}

/// Labels of letters, digits, `-` and `_` (as container networks name their services), 253 characters at most.
private func isHostName(_ host: Substring) -> Bool {
  guard !host.isEmpty, host.utf8.count <= 253 else { return false }
  return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
    !label.isEmpty && label.utf8.count <= 63 && label.utf8.allSatisfy(isWordByte) && !label.hasPrefix("-")
  }
}

/// Without slashes at its end; nil where it holds what a path must not.
private func cleanPath(_ path: Substring) -> String? {
  var path = path
  while path.hasSuffix("/") { path = path.dropLast() }
  let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
  guard segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
  let isVisible = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\"<>\\^`{|}".utf8.contains($0) }
  return isVisible ? String(path) : nil
}

extension ArmURL {
  /// Whether the address is this machine's own.
  var isLoopback: Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "::1"
  }
}
