/// Tells when the arguments of a tool call that come in pieces are whole: then its block may close for the next one.

struct ArgumentsBalance {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// The outermost object has closed.
  private(set) var isWhole = false

  /// - Parameter text: the next piece, decoded.
  mutating func read(_ text: [UInt8]) {
    for byte in text {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth <= 0 { isWhole = true }
        default: break
        }
      }
    }
  }
}
