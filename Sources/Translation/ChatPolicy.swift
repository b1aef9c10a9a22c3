/// The properties of an arm that speaks chat completions which decide how an Anthropic request is said to it.

package struct ChatPolicy: Sendable, Equatable {
  /// How thinking is asked for.
  package enum Reasoning: Sendable, Equatable {
    case none
    /// `reasoning_effort`
    case effort
    /// OpenRouter's `reasoning`, and its `reasoning_details` in messages.
    case openRouter
  }

  /// The candidate's own id.
  package var model: String
  package var reasoning: Reasoning
  /// `cache_control` on parts of a message and on tools.
  package var keepsCacheControl: Bool

  package init(model: String, reasoning: Reasoning = .none, keepsCacheControl: Bool = false) {
    self.model = model
    self.reasoning = reasoning
    self.keepsCacheControl = keepsCacheControl
  }
}
