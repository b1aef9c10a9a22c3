/// Brings the arms' token counts to one meaning, OpenAI's: what is cached is part of the prompt, what is reasoned of
/// the completion.

package struct TokenUsage: Sendable, Equatable {
  /// Everything the model was given, cached or not.
  package var prompt: Int
  /// Everything the model wrote, reasoning included.
  package var completion: Int
  /// Of the prompt: read from the prompt cache.
  package var cached: Int
  /// Of the prompt: written to the prompt cache.
  package var cacheWrite: Int
  /// Of the completion: reasoning.
  package var reasoning: Int

  package init(prompt: Int, completion: Int, cached: Int = 0, cacheWrite: Int = 0, reasoning: Int = 0) {
    self.prompt = prompt
    self.completion = completion
    self.cached = cached
    self.cacheWrite = cacheWrite
    self.reasoning = reasoning
  }
}
