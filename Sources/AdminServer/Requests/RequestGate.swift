/// Who may come in: decided from a request's head alone, before anything is read or done.

/// Without a token the endpoints listen on loopback and trust whoever can reach it, and that includes every web page
/// that the operator's browser shows: a foreign name that resolves to 127.0.0.1 is turned away by its `Host`, a foreign
/// page's form or script by its `Origin` and `Sec-Fetch-Site`.
struct RequestGate: Sendable {
  let token: BearerToken?

  /// The parts of a request that the decision depends on.
  struct Head: Sendable {
    var changesSomething: Bool
    var isOpen: Bool
    /// The value of `Host`.
    var host: String?
    var origin: String?
    var fetchSite: String?
    var authorization: String?
    var contentType: String?
    var contentEncoding: String?
  }

  /// - Returns: the refusal, or nil where the request may pass.
  func refusal(of head: Head) -> Refusal? {
    if let token {
      if !head.isOpen, !token.admits(head.authorization ?? "") { return .unauthorized }
    } else if !isOurs(head.host) {
      return .foreignHost
    }
    guard head.changesSomething else { return nil }
    if isCrossSite(head) { return .crossSite }
    if let type = head.contentType, !isJSON(type) { return .contentType }
    if let encoding = head.contentEncoding, encoding.lowercased() != "identity" { return .contentType }
    return nil
  }

  private func isOurs(_ authority: String?) -> Bool {
    guard let authority, let name = hostName(of: authority) else { return false }
    return LoopbackName.contains(name)
  }

  /// `localhost:8788`, `[::1]:8788`
  private func hostName(of authority: String) -> String? {
    guard authority.hasPrefix("[") else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return isPort(parts.dropFirst().first) ? parts.first.map(String.init) : nil
    }
    guard let end = authority.firstIndex(of: "]") else { return nil }
    let rest = authority[authority.index(after: end)...]
    guard rest.isEmpty || rest.hasPrefix(":") && isPort(rest.dropFirst()) else { return nil }
    return String(authority[authority.index(after: authority.startIndex)..<end])
  }

  /// Whether a port follows a name's colon, or nothing: `localhost:1@evil.example` is a user's name and password.
  private func isPort(_ text: Substring?) -> Bool {
    guard let text else { return true }
    return text.utf8.count <= 5 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func isCrossSite(_ head: Head) -> Bool {
    if let site = head.fetchSite, site != "same-origin", site != "none" { return true }
    guard let origin = head.origin else { return false }
    guard let host = head.host?.lowercased() else { return true }
    return origin.lowercased() != "http://" + host && origin.lowercased() != "https://" + host
  }

  private func isJSON(_ contentType: String) -> Bool {
    let type = contentType.prefix { $0 != ";" }.lowercased()
    return type.filter { $0 != " " && $0 != "\t" } == "application/json"
  }
}
