/// Brings the arms' token counts to one meaning, OpenAI's: what is cached is part of the prompt, what is reasoned of
/// the completion.

package struct TokenUsage: Sendable, Equatable {
  /// Everything the model was given, cached or not.
  package var prompt: Int
  /// Everything the model wrote, reasoning included.
  package var completion: Int
  /// The part of the prompt that was read from the prompt cache.
  package var cached: Int
  /// The part of the prompt that was written to the prompt cache.
  package var cacheWrite: Int
  /// The part of the completion that was reasoning.
  package var reasoning: Int

  package init(prompt: Int, completion: Int, cached: Int = 0, cacheWrite: Int = 0, reasoning: Int = 0) {
    self.prompt = prompt
    self.completion = completion
    self.cached = cached
    self.cacheWrite = cacheWrite
    self.reasoning = reasoning
  }
}
