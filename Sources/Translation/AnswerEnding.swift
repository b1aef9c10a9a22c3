/// How a model came to its end, in the words of either dialect.

import Dialects

enum AnswerEnding {
  /// A chat's `finish_reason` for a `stop_reason`.
  static func chat(_ reason: JSONSlice) -> StaticString {
    switch reason.text {
    case "max_tokens", "model_context_window_exceeded": "length"
    case "tool_use": "tool_calls"
    case "refusal": "content_filter"
    default: "stop"
    }
  }

  /// A `stop_reason` for a chat's `finish_reason`.
  /// - Parameter calls: tools were called: some gateways say `stop` all the same.
  static func messages(_ reason: JSONSlice, calls: Bool) -> StaticString {
    switch reason.text {
    case "length", "max_tokens": "max_tokens"
    case "tool_calls", "function_call", "tool_use": "tool_use"
    case "content_filter", "refusal": "refusal"
    default: calls ? "tool_use" : "end_turn"
    }
  }
}
