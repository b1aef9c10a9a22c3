/// The operator's token, compared without telling by the time it takes how much of a guess was right.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct BearerToken: Sendable, CustomStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  /// Nil for what no `Authorization` header could carry.
  init?(_ text: String) {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    bytes = Array(text.utf8)
  }

  /// - Parameter authorization: the header's whole value.
  func admits(_ authorization: String) -> Bool {
    let given = Array(authorization.utf8)
    let scheme = Array("bearer ".utf8)
    guard given.count > scheme.count, zip(given, scheme).allSatisfy({ $0 | 0x20 == $1 }) else {
      return admits(basic: authorization)
    }
    return isEqual(to: Array(given[scheme.count...]))
  }

  /// As a password, under any name: some who call hooks can be told no more than a URL (RFC 7617).
  private func admits(basic authorization: String) -> Bool {
    guard authorization.lowercased().hasPrefix("basic "),
      let pair = Data(base64Encoded: String(authorization.dropFirst(6))),
      let colon = pair.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    return isEqual(to: Array(pair[pair.index(after: colon)...]))
  }

  /// Reads all of the guess whatever it finds; only lengths differ in time.
  private func isEqual(to guess: [UInt8]) -> Bool {
    var difference = bytes.count ^ guess.count
    for (index, byte) in guess.enumerated() {
      difference |= Int(byte ^ bytes[index % bytes.count])
    }
    return difference == 0
  }

  var description: String { "****" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
