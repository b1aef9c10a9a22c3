/// An arm's own id of its answer, as its head gave it: kept in place, since hardly any is ever made a text of.

struct AnswerID {
  private static let capacity = 64
  private var bytes = InlineArray<64, UInt8>(repeating: 0)
  private var count = 0

  init() {}

  /// - Parameter text: one that is too long is none.
  init(_ text: RawSpan) {
    guard text.byteCount <= Self.capacity else { return }
    count = text.byteCount
    text.withUnsafeBytes { text in
      for offset in 0..<count { bytes[offset] = text[offset] }
    }
  }

  /// Nil where there is none.
  var text: String? {
    guard count > 0 else { return nil }
    return bytes.span.bytes.text(0..<count)
  }
}
