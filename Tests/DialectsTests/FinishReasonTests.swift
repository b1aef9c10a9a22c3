import Testing

@testable import Dialects

@Suite("FinishReason")
struct FinishReasonTests {
  @Test(
    "each vendor's word means one of six things",
    arguments: [
      (FinishKind.stop, ["stop", "STOP", "end_turn", "stop_sequence", "eos", "completed"]),
      (.toolCalls, ["tool_calls", "tool_use", "function_call", "pause_turn"]),
      (.length, ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_context_window_exceeded"]),
      (.contentFilter, ["content_filter", "refusal", "SAFETY", "sensitive"]),
      (.error, ["error", "failed", "insufficient_system_resource", "network_error"]),
      (.other, ["", "banana"]),
    ])
  func kinds(kind: FinishKind, words: [String]) {
    for word in words { #expect(FinishKind(native: word) == kind, "\(word)") }
    #expect(kind.isNormal == (kind == .stop || kind == .toolCalls))
  }
}
