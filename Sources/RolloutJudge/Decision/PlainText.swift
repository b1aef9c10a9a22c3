/// Text of other people's making as it may stand on a terminal: what moves a cursor, ends a line or turns text around is
/// made visible.

extension String {
  /// Controls, line separators and bidirectional marks as U+FFFD: a reason cannot print a line that was never written.
  package var plainText: String {
    guard unicodeScalars.contains(where: \.movesText) else { return self }
    var plain = UnicodeScalarView()
    for scalar in unicodeScalars { plain.append(scalar.movesText ? "\u{FFFD}" : scalar) }
    return String(plain)
  }
}

extension [UInt8] {
  /// JSON in which such characters are written as `\u` escapes; they can stand inside strings only, and mean the same.
  package var plainJSON: [UInt8] {
    guard contains(where: { $0 >= 0x7F }) else { return self }
    var plain = ""
    for scalar in String(decoding: self, as: UTF8.self).unicodeScalars {
      if scalar.movesText, scalar != "\n" {
        let digits = String(scalar.value, radix: 16)
        plain += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    return Array(plain.utf8)
  }
}

extension Unicode.Scalar {
  fileprivate var movesText: Bool {
    guard value < 0x20 || value >= 0x7F else { return false }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    default: return properties.isBidiControl
    }
  }
}
