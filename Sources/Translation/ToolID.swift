/// Spells a tool call's id so that Anthropic takes it: letters, digits, `_` and `-`.

import Dialects

enum ToolID {
  /// The string's inside. What may not stand in an id becomes `_` and its two digits, the same in a call and its result;
  /// ids that are fine, as nearly all are, stay as they are.
  static func inside(_ id: JSONSlice) -> [UInt8]? {
    guard let text = id.textBytes, !text.isEmpty else { return nil }
    guard !text.allSatisfy(isPlain) else { return text }
    var spelled: [UInt8] = []
    for byte in text {
      if isPlain(byte) {
        spelled.append(byte)
      } else {
        let digits = String(byte, radix: 16)
        spelled += Array("_\(digits.count == 1 ? "0" : "")\(digits)".utf8)
      }
    }
    return spelled
  }

  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
