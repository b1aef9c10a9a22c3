/// The operator's token, compared without telling by the time it takes how much of a guess was right.

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
    guard given.count > scheme.count, zip(given, scheme).allSatisfy({ $0 | 0x20 == $1 }) else { return false }
    return isEqual(to: Array(given[scheme.count...]))
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
