/// Tells what the arms' many words for why an answer ended mean.

package enum FinishKind: String, Sendable, Codable, CaseIterable {
  case stop
  case toolCalls = "tool_calls"
  case length
  case contentFilter = "content_filter"
  case error
  /// A word we do not know, which is no error.
  case other

  /// - Parameter native: as the arm spelled it, in any case.
  package init(native: String) {
    let utf8 = native.utf8
    self = Self.words.name(utf8.span.bytes, 0, utf8.count, ignoresCase: true) ?? .other
  }

  private static let words = NameTable(
    [
      (Self.stop, "stop end_turn stop_sequence eos eos_token completed complete"),
      (.toolCalls, "tool_calls tool_use function_call pause_turn"),
      (.length, "length max_tokens max_output_tokens model_length model_context_window_exceeded incomplete"),
      (
        .contentFilter,
        "content_filter refusal safety sensitive recitation prohibited_content blocklist spii"
      ),
      (.error, "error failed abort cancelled network_error insufficient_system_resource"),
    ].flatMap { kind, words in words.split(separator: " ").map { (String($0), kind) } })

  /// The model ended because it was done: what counts as success where the application reports none.
  package var isNormal: Bool { self == .stop || self == .toolCalls }
}
