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
  /// Nothing has been noted.
  private(set) var isEmpty = true

  /// Takes one number of `usage` or of a container in it.
  mutating func note(_ name: AnswerName, in place: AnswerPlace, _ text: String) {
    isEmpty = false
    let count = Decimal.count(text)
    switch (place, name) {
    case (.usage, .promptTokens): promptTokens = count
    case (.usage, .completionTokens): completionTokens = count
    case (.usage, .totalTokens): totalTokens = count
    case (.usage, .inputTokens): inputTokens = count
    case (.usage, .outputTokens): outputTokens = count
    case (.usage, .cacheCreationInputTokens): cacheCreationInput = count
    case (.usage, .cacheReadInputTokens): cacheReadInput = count
    // Moonshot and DeepSeek have them in `usage` itself.
    case (.usage, .cachedTokens), (.usage, .promptCacheHitTokens): cached = cached ?? count
    case (.usage, .cost): cost = Decimal.parse(text)
    case (.usage, .costInUSDTicks): ticks = Decimal.parse(text)
    case (.inputDetails, .cachedTokens): cached = count
    case (.inputDetails, .cacheWriteTokens): cacheWrite = count
    case (.outputDetails, .reasoningTokens): reasoning = count
    case (.costDetails, .upstreamInferenceCost): upstreamCost = Decimal.parse(text)
    default: break
    }
  }

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

  /// USD as the arm reports it in `usage`. With the application's own provider key (BYOK), `cost` is only the gateway's
  /// fee.
  var reportedCost: Double? {
    guard let cost else { return ticks.map { $0 / 1e10 } }
    return isBYOK == true ? cost + (upstreamCost ?? 0) : cost
  }
}
