/// Lists every JSON key that means something in an answer, and finds the one that a key's text spells.

enum AnswerName: String, CaseIterable, Sendable {
  case id, model, object, type, code, status, message, msg, detail, error, metadata, reasons, patterns, choices, index
  case delta, text, content, reasoning, refusal, images, audio, usage, cost, response, output, item, part, data, reason
  case summary, thinking, function, custom, name, url, source, transcript, result, embedding, title, raw, outputs
  case errorType = "error_type"
  case flaggedInput = "flagged_input"
  case finishReason = "finish_reason"
  case stopReason = "stop_reason"
  case incompleteDetails = "incomplete_details"
  case reasoningContent = "reasoning_content"
  case reasoningDetails = "reasoning_details"
  case toolCalls = "tool_calls"
  case functionCall = "function_call"
  case contentBlock = "content_block"
  case imageURL = "image_url"
  case inputAudio = "input_audio"
  case base64JSON = "b64_json"
  case partialJSON = "partial_json"
  case promptTokens = "prompt_tokens"
  case completionTokens = "completion_tokens"
  case totalTokens = "total_tokens"
  case inputTokens = "input_tokens"
  case outputTokens = "output_tokens"
  case promptTokensDetails = "prompt_tokens_details"
  case completionTokensDetails = "completion_tokens_details"
  case inputTokensDetails = "input_tokens_details"
  case outputTokensDetails = "output_tokens_details"
  case cachedTokens = "cached_tokens"
  case cacheWriteTokens = "cache_write_tokens"
  case reasoningTokens = "reasoning_tokens"
  case cacheCreationInputTokens = "cache_creation_input_tokens"
  case cacheReadInputTokens = "cache_read_input_tokens"
  case promptCacheHitTokens = "prompt_cache_hit_tokens"
  case isBYOK = "is_byok"
  case costDetails = "cost_details"
  case upstreamInferenceCost = "upstream_inference_cost"
  case costInUSDTicks = "cost_in_usd_ticks"
  case estimatedCost = "estimated_cost"
  case totalCost = "total_cost"
  case groq = "x_groq"
  case baseResponse = "base_resp"
  case statusCode = "status_code"
  case statusMessage = "status_msg"

  /// The text of a string under this name is looked at, not only whether there is any.
  var hasTellingText: Bool {
    switch self {
    case .id, .model, .object, .type, .code, .status, .errorType, .finishReason, .stopReason, .reason, .cost,
      .statusCode:
      true
    default: false
    }
  }

  /// Prose about an error, which is looked at for what it says of an account, and never kept.
  var holdsProse: Bool {
    switch self {
    case .message, .msg, .detail, .error, .title, .raw, .statusMessage: true
    default: false
    }
  }

  @inline(__always)
  init?(_ bytes: RawSpan, _ start: Int, _ end: Int) {
    guard let name = Self.table.name(bytes, start, end) else { return nil }
    self = name
  }

  init?(_ text: borrowing ShortText) {
    let count = text.count
    guard count <= ShortText.capacity, let name = text.withBytes({ AnswerName($0, 0, count) }) else { return nil }
    self = name
  }

  private static let table = NameTable(allCases.map { ($0.rawValue, $0) })
}
