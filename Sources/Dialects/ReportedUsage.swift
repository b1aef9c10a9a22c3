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
    isBYOK = later.isBYOK ?? isBYOK
  }

  @inline(__always)
  private static func merge<Number: Numeric>(_ later: Number?, into field: inout Number?) {
    if let later, later != 0 || field == nil { field = later }
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
