/// Gathers what an arm counts and charges, under whichever names, over all events of its answer.

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
  /// `estimated_cost`, as open-model hosts have it, or `total_cost`: what is asked where there is no `cost`.
  var estimatedCost: Double?
  /// Nothing has been noted.
  private(set) var isEmpty = true

  /// Takes one number of `usage` or of a container in it.
  /// - Parameters:
  ///   - integer: the number where it is known already.
  ///   - text: the number where it is not.
  mutating func note(_ name: AnswerName, in place: AnswerPlace, _ integer: Int?, _ text: borrowing ShortText) {
    isEmpty = false
    switch (place, name) {
    case (.usage, .promptTokens): promptTokens = integer ?? Decimal.count(text)
    case (.usage, .completionTokens): completionTokens = integer ?? Decimal.count(text)
    case (.usage, .totalTokens): totalTokens = integer ?? Decimal.count(text)
    case (.usage, .inputTokens): inputTokens = integer ?? Decimal.count(text)
    case (.usage, .outputTokens): outputTokens = integer ?? Decimal.count(text)
    case (.usage, .cacheCreationInputTokens): cacheCreationInput = integer ?? Decimal.count(text)
    case (.usage, .cacheReadInputTokens): cacheReadInput = integer ?? Decimal.count(text)
    // Moonshot and DeepSeek have them in `usage` itself.
    case (.usage, .cachedTokens), (.usage, .promptCacheHitTokens): cached = cached ?? integer ?? Decimal.count(text)
    case (.usage, .cost): cost = integer.map { Double($0) } ?? Decimal.parse(text)
    case (.usage, .estimatedCost), (.usage, .totalCost):
      estimatedCost = integer.map { Double($0) } ?? Decimal.parse(text)
    case (.usage, .costInUSDTicks): ticks = integer.map { Double($0) } ?? Decimal.parse(text)
    case (.inputDetails, .cachedTokens): cached = integer ?? Decimal.count(text)
    case (.inputDetails, .cacheWriteTokens): cacheWrite = integer ?? Decimal.count(text)
    case (.outputDetails, .reasoningTokens): reasoning = integer ?? Decimal.count(text)
    case (.costDetails, .upstreamInferenceCost): upstreamCost = integer.map { Double($0) } ?? Decimal.parse(text)
    default: break
    }
  }

  mutating func absorb(_ later: ReportedUsage) {
    Self.merge(later.promptTokens, into: &promptTokens)
    Self.merge(later.completionTokens, into: &completionTokens)
    Self.merge(later.totalTokens, into: &totalTokens)
    Self.merge(later.inputTokens, into: &inputTokens)
    Self.merge(later.outputTokens, into: &outputTokens)
    Self.merge(later.cached, into: &cached)
    Self.merge(later.cacheWrite, into: &cacheWrite)
    Self.merge(later.reasoning, into: &reasoning)
    Self.merge(later.cacheCreationInput, into: &cacheCreationInput)
    Self.merge(later.cacheReadInput, into: &cacheReadInput)
    Self.merge(later.cost, into: &cost)
    Self.merge(later.upstreamCost, into: &upstreamCost)
    Self.merge(later.ticks, into: &ticks)
    Self.merge(later.estimatedCost, into: &estimatedCost)
    isBYOK = later.isBYOK ?? isBYOK
  }

  @inline(__always)
  private static func merge<Number: Numeric>(_ later: Number?, into field: inout Number?) {
    if let later, later != 0 || field == nil { field = later }
  }

  /// The counts in one meaning. The total bounds the parts, and what is unknown is not zero.
  /// - Parameters:
  ///   - endpoint: embeddings have no output.
  ///   - showedContent: the answer held something that a model has written.
  /// - Returns: nil where the arm has counted nothing, or leaves open how much of it was input or output.
  func normalized(for endpoint: Endpoint?, showedContent: Bool) -> TokenUsage? {
    guard let (prompt, written) = parts(for: endpoint) else { return nil }
    let reasoning = reasoning ?? 0
    var completion = written
    if let totalTokens, totalTokens > prompt + completion {
      // xAI counts reasoning beside the completion, and Gemini's thoughts stand nowhere but in the total.
      completion = totalTokens - prompt
    } else if reasoning > completion {
      // Part of a completion that is less than it: then it was counted beside.
      completion += reasoning
    }
    let isEmbedding = endpoint == .embeddings
    if !isEmbedding, prompt == 0, completion > 0 { return nil }
    if !isEmbedding, prompt > 0, completion == 0, showedContent { return nil }
    return TokenUsage(
      prompt: prompt, completion: completion, cached: cached ?? cacheReadInput ?? 0,
      cacheWrite: cacheWrite ?? cacheCreationInput ?? 0, reasoning: reasoning)
  }

  /// Input and output, each from its own count or from what the total leaves for it.
  private func parts(for endpoint: Endpoint?) -> (prompt: Int, completion: Int)? {
    switch (input, completionTokens ?? outputTokens) {
    case (let prompt?, let completion?): return (prompt, completion)
    case (let prompt?, nil):
      if endpoint == .embeddings { return (prompt, 0) }
      return totalTokens.flatMap { $0 > prompt ? (prompt, $0 - prompt) : nil }
    case (nil, let completion?): return totalTokens.flatMap { $0 > completion ? ($0 - completion, completion) : nil }
    // Embeddings have no output, so that all of it is input.
    case (nil, nil): return endpoint == .embeddings ? totalTokens.map { ($0, 0) } : nil
    }
  }

  /// Anthropic's input_tokens leave out what the cache has read or written; others' counts include it.
  private var input: Int? {
    if let promptTokens { return promptTokens }
    guard inputTokens != nil || cacheReadInput != nil || cacheCreationInput != nil else { return nil }
    return (inputTokens ?? 0) + (cacheReadInput ?? 0) + (cacheCreationInput ?? 0)
  }

  /// Whether tokens went into something that is not shown: counted as reasoning, in nothing but the total, or as the
  /// whole of an answer that ran into its limit without a word.
  func tellsReasoning(showedContent: Bool, finish: FinishKind?) -> Bool {
    if let reasoning, reasoning > 0 { return true }
    guard !showedContent else { return false }
    let written = completionTokens ?? outputTokens ?? 0
    if let totalTokens, let input, totalTokens > input + written { return true }
    return finish == .length && written > 0
  }

  /// USD as the arm reports it in `usage`. With the application's own provider key (BYOK), `cost` is only the gateway's
  /// fee.
  var reportedCost: Double? {
    guard let cost else { return ticks.map { $0 / 1e10 } ?? estimatedCost }
    return isBYOK == true ? cost + (upstreamCost ?? 0) : cost
  }
}
