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
    self =
      switch native.lowercased() {
      case "stop", "end_turn", "stop_sequence", "eos", "eos_token", "completed", "complete": .stop
      case "tool_calls", "tool_use", "function_call", "pause_turn": .toolCalls
      case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded", "incomplete":
        .length
      case "content_filter", "refusal", "safety", "sensitive", "recitation", "prohibited_content", "blocklist", "spii":
        .contentFilter
      case "error", "failed", "abort", "cancelled", "network_error", "insufficient_system_resource": .error
      default: .other
      }
  }

  /// The model ended because it was done: what counts as success where the application reports none.
  package var isNormal: Bool { self == .stop || self == .toolCalls }
}
