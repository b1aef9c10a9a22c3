/// Says how hard a model is to think in an arm's own words, where the application has said it in OpenRouter's.

/// The member that stands for `reasoning` at an arm.
package enum EffortForm: Sendable, Hashable {
  /// `"reasoning_effort": "high"`; a word that the arm has not becomes the one it has.
  case word(asking: [String: String])
  /// `"thinking": {"type": "enabled"}`
  case thinking
  /// `"enable_thinking": true`
  case enableThinking

  /// OpenAI's words; `max` is OpenRouter's.
  package static let reasoningEffort = EffortForm.word(asking: ["max": "xhigh"])

  /// The member's name at the arm.
  package var name: String {
    switch self {
    case .word: "reasoning_effort"
    case .thinking: "thinking"
    case .enableThinking: "enable_thinking"
    }
  }

  /// - Parameter reasoning: the value of `reasoning`.
  /// - Returns: the member with its name; nil where the request says nothing that the arm could be told.
  func member(for reasoning: Range<Int>, in body: RawSpan) -> [UInt8]? {
    let effort = JSONSyntax.value(of: Self.effortName, body, in: reasoning).flatMap { RequestReader.scalar(body, $0) }
    let enabled = JSONSyntax.value(of: Self.enabledName, body, in: reasoning)
    let isOff = effort == "none" || enabled.map { body.byte(at: $0.lowerBound) == UInt8(ascii: "f") } ?? false
    let budget = JSONSyntax.value(of: Self.budgetName, body, in: reasoning)
    guard isOff || effort != nil || budget != nil || enabled != nil else { return nil }
    switch self {
    case .word(let asking):
      guard let word = isOff ? "none" : effort else { return nil }
      return JSONText.encoded(name) + [UInt8(ascii: ":")] + JSONText.encoded(asking[word] ?? word)
    case .thinking: return Array(#""thinking":{"type":"\#(isOff ? "disabled" : "enabled")"}"#.utf8)
    case .enableThinking: return Array(#""enable_thinking":\#(!isOff)"#.utf8)
    }
  }

  private static let effortName = FieldName("effort")
  private static let enabledName = FieldName("enabled")
  private static let budgetName = FieldName("max_tokens")
}
