/// An absolute address in a vendor's document, taken apart; what cannot stand in a request line is refused.

package struct MediaURL: Sendable, Equatable {
  package let isTLS: Bool
  /// A name or address in small letters, IPv6 without brackets.
  package let host: String
  package let port: Int
  /// Path and query; begins with `/`.
  package let path: String

  package init?(_ text: String) {
    guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return nil
    }
    let rest: Substring
    switch text.prefix(8).lowercased() {
    case "https://": (isTLS, rest) = (true, text.dropFirst(8))
    case let start where start.hasPrefix("http://"): (isTLS, rest) = (false, text.dropFirst(7))
    default: return nil
    }
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
    self.host = host
    self.port = port ?? (isTLS ? 443 : 80)
    let path = rest[end...].prefix { $0 != "#" }
    self.path = path.hasPrefix("/") ? String(path) : "/" + path
  }

  /// - Parameter location: of a redirect from here, which may be relative.
  package func following(_ location: String) -> MediaURL? {
    let scheme = isTLS ? "https:" : "http:"
    let origin = "\(scheme)//\(host.contains(":") ? "[\(host)]" : host):\(port)"
    if location.hasPrefix("//") { return MediaURL(scheme + location) }
    if location.hasPrefix("/") { return MediaURL(origin + location) }
    let isAbsolute = location.prefix(8).contains(":")
    guard !isAbsolute else { return MediaURL(location) }
    let folder = path.prefix { $0 != "?" }
    if location.hasPrefix("?") { return MediaURL(origin + folder + location) }
    return MediaURL(origin + folder[...(folder.lastIndex(of: "/") ?? folder.startIndex)] + location)
  }

  private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
    guard !text.contains("@"), !text.isEmpty else { return nil }
    var (host, port) = (text, Substring())
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<close]
      let after = text[text.index(after: close)...]
      guard after.isEmpty || after.hasPrefix(":") else { return nil }
      port = after.dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      (host, port) = (text[..<colon], text[text.index(after: colon)...])
    }
    let isName = host.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
      case UInt8(ascii: ":"): text.hasPrefix("[")
      default: false
      }
    }
    guard isName, !host.isEmpty, host.utf8.count <= 253 else { return nil }
    guard !port.isEmpty else { return (host.lowercased(), nil) }
    guard let number = Int(port), (1...65_535).contains(number) else { return nil }
    return (host.lowercased(), number)
  }

  /// This machine's own, or one of a private network: nowhere that a vendor on the internet has anything to be fetched from.
  package var isPrivate: Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host.hasSuffix(".internal") || host.hasSuffix(".local")
      || PrivateAddress.contains(host)
  }
}

/// Addresses that no public host has (RFC 1918, 3927, 4193, 4291, 6598).
package enum PrivateAddress {
  /// - Parameter text: an address; a name is none.
  package static func contains(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    if parts.count == 4, parts.allSatisfy({ $0.map((0...255).contains) ?? false }) {
      let (first, second) = (parts[0] ?? 0, parts[1] ?? 0)
      switch first {
      case 0, 10, 127: return true
      case 100: return (64...127).contains(second)
      case 169: return second == 254
      case 172: return (16...31).contains(second)
      case 192: return second == 168
      default: return first >= 224
      }
    }
    guard text.contains(":") else {
      // A single number is an address too: 2130706433 is 127.0.0.1.
      return !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } || text.lowercased().hasPrefix("0x")
    }
    let low = text.lowercased()
    if low.contains("."), let mapped = low.split(separator: ":").last { return contains(String(mapped)) }
    return low.hasPrefix("::") || ["fc", "fd", "fe8", "fe9", "fea", "feb", "ff"].contains { low.hasPrefix($0) }
  }
}
