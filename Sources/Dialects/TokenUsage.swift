/// Brings the arms' token counts to one meaning, OpenAI's: what is cached is part of the prompt, what is reasoned of the completion.

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

/// `usage` as the arm wrote it, over all events of an answer: of each field the last value counts, but a zero does not
/// undo an earlier value (some relays repeat Anthropic's `input_tokens` as 0 at the end).
struct ReportedUsage: Sendable {
  var promptTokens: Int?
  var completionTokens: Int?
  var totalTokens: Int?
  var inputTokens: Int?
  var outputTokens: Int?
  var cached: Int?
  var cacheWrite: Int?
  var reasoning: Int?
  var cacheCreationInput: Int?
  var cacheReadInput: Int?
  var cost: Double?
  var isBYOK: Bool?
  var upstreamCost: Double?
  var ticks: Double?

  mutating func absorb(_ later: ReportedUsage) {
    func merge<T: Numeric>(_ field: WritableKeyPath<ReportedUsage, T?>) {
      if let value = later[keyPath: field], value != 0 || self[keyPath: field] == nil { self[keyPath: field] = value }
    }
    merge(\.promptTokens)
    merge(\.completionTokens)
    merge(\.totalTokens)
    merge(\.inputTokens)
    merge(\.outputTokens)
    merge(\.cached)
    merge(\.cacheWrite)
    merge(\.reasoning)
    merge(\.cacheCreationInput)
    merge(\.cacheReadInput)
    merge(\.cost)
    merge(\.upstreamCost)
    merge(\.ticks)
    isBYOK = later.isBYOK ?? isBYOK
  }

  /// - Returns: nil where the arm has counted nothing.
  var normalized: TokenUsage? {
    guard promptTokens ?? completionTokens ?? inputTokens ?? outputTokens ?? totalTokens != nil else { return nil }
    let (read, write) = (cacheReadInput ?? 0, cacheCreationInput ?? 0)
    // Anthropic's input_tokens leave out what the cache has read or written; others' include it.
    let prompt = promptTokens ?? ((inputTokens ?? 0) + read + write)
    var completion = completionTokens ?? outputTokens ?? 0
    let reasoning = reasoning ?? 0
    // xAI counts reasoning beside the completion; its total tells.
    if reasoning > 0, let totalTokens, totalTokens == prompt + completion + reasoning { completion += reasoning }
    return TokenUsage(
      prompt: prompt, completion: completion, cached: cached ?? read, cacheWrite: cacheWrite ?? write,
      reasoning: reasoning)
  }

  /// USD as the arm reports it in `usage`. With the application's own provider key (BYOK), `cost` is only the gateway's fee.
  var reportedCost: Double? {
    guard let cost else { return ticks.map { $0 / 1e10 } }
    return isBYOK == true ? cost + (upstreamCost ?? 0) : cost
  }
}
