/// Joins characters of which a stream brought each half in a chunk of its own, as JavaScript does by adding strings.

/// A text of Swift cannot hold half a character, so a private one stands in for it until all has been put together.
enum SurrogateHalves {
  /// U+10F800 and up: the end of the last private plane, which no text uses.
  private static let base: UInt32 = 0x10F800

  /// - Parameter half: a surrogate.
  static func stand(in half: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(base + (half & 0x7FF)) ?? "\u{FFFD}"
  }

  /// The text with its halves joined; what stays alone becomes U+FFFD.
  static func joined(_ text: String) -> String {
    // Every scalar of that plane begins with this byte.
    guard text.utf8.contains(0xF4) else { return text }
    var joined = String.UnicodeScalarView()
    var high: UInt32?
    for scalar in text.unicodeScalars {
      let half = scalar.value >= base ? scalar.value - base : nil
      if let first = high {
        high = nil
        if let half, half >= 0x400, let whole = Unicode.Scalar(0x10000 + first << 10 + (half - 0x400)) {
          joined.append(whole)
          continue
        }
        joined.append("\u{FFFD}")
      }
      switch half {
      case nil: joined.append(scalar)
      case let half? where half < 0x400: high = half
      case .some: joined.append("\u{FFFD}")
      }
    }
    if high != nil { joined.append("\u{FFFD}") }
    return String(joined)
  }
}

extension AnswerContent.Choice {
  mutating func joinHalves() {
    text = SurrogateHalves.joined(text)
    reasoning = SurrogateHalves.joined(reasoning)
    refusal = refusal.map(SurrogateHalves.joined)
    for index in toolCalls.indices {
      toolCalls[index].arguments = SurrogateHalves.joined(toolCalls[index].arguments)
    }
  }
}
