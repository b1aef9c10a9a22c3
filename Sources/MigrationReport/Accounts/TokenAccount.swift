/// What attempts consumed in tokens, where the arm said so.

import Dialects

package struct TokenAccount: Sendable, Codable {
  /// Attempts whose usage is known.
  package private(set) var count = 0
  package private(set) var prompt = 0
  package private(set) var completion = 0
  /// The part of the prompt that was read from a cache.
  package private(set) var cached = 0
  /// The part of the prompt that was written to a cache.
  package private(set) var cacheWrite = 0
  /// The prompts that had two turns or more of their conversation before them.
  package private(set) var steadyPrompt = 0
  package private(set) var steadyCached = 0
  /// The part of the completion that is reasoning.
  package private(set) var reasoning = 0

  package init() {}

  mutating func record(_ usage: TokenUsage, isSteady: Bool = false) {
    count += 1
    prompt &+= usage.prompt
    completion &+= usage.completion
    cached &+= usage.cached
    cacheWrite &+= usage.cacheWrite
    reasoning &+= usage.reasoning
    guard isSteady else { return }
    steadyPrompt &+= usage.prompt
    steadyCached &+= usage.cached
  }

  mutating func add(_ other: TokenAccount) {
    count += other.count
    prompt &+= other.prompt
    completion &+= other.completion
    cached &+= other.cached
    cacheWrite &+= other.cacheWrite
    reasoning &+= other.reasoning
    steadyPrompt &+= other.steadyPrompt
    steadyCached &+= other.steadyCached
  }

  package var total: Int { prompt &+ completion }

  /// K11: cached tokens over prompt tokens; nil without prompt tokens.
  package var cachedShare: Double? { prompt > 0 ? Double(cached) / Double(prompt) : nil }

  /// K11 without the first two turns of conversations, which no cache can hold.
  package var steadyCachedShare: Double? { steadyPrompt > 0 ? Double(steadyCached) / Double(steadyPrompt) : nil }
}
