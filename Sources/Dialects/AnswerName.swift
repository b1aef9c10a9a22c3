/// Lists every JSON key that means something in an answer, and finds the one that a key's text spells.

enum AnswerName: String, CaseIterable, Sendable {
  case id, model, object, type, code, status, message, msg, detail, error, metadata, reasons, patterns, choices, index
  case delta, text, content, reasoning, refusal, images, audio, usage, cost, response, output, item, part, data, reason
  case summary, thinking
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
  case groq = "x_groq"
  case baseResponse = "base_resp"
  case statusCode = "status_code"

  /// The text of a string under this name is looked at, not only whether there is any.
  var hasTellingText: Bool {
    switch self {
    case .id, .model, .object, .type, .code, .status, .errorType, .finishReason, .stopReason, .reason, .cost: true
    default: false
    }
  }

  init?(_ text: borrowing ShortText) {
    guard text.count > 0, text.count <= Spelling.capacity else { return nil }
    guard let name = Self.names.name(text) else { return nil }
    self = name
  }

  private static let names = AnswerNames()
}

/// A perfect hash of the names: one look and one comparison per key, and most keys mean nothing.
private struct AnswerNames {
  private static let size = 512
  /// Where each name is in `spellings`; empty slots hold 0, which is as good as any: the comparison decides.
  private var slots = [UInt8](repeating: 0, count: size)
  private let spellings = AnswerName.allCases.map(Spelling.init)
  private var factor: UInt = 1

  /// Tries factors until no two names fall into one slot.
  init() {
    while !isFilled() { factor += 2 }
  }

  private mutating func isFilled() -> Bool {
    slots = [UInt8](repeating: 0, count: Self.size)
    var taken = Set<Int>()
    for (index, spelling) in spellings.enumerated() {
      let slot = spelling.slot(factor)
      guard taken.insert(slot).inserted else { return false }
      slots[slot] = UInt8(index)
    }
    return true
  }

  @inline(__always)
  func name(_ text: borrowing ShortText) -> AnswerName? {
    let count = text.count
    let slot = Self.slot(count, text[0], text[count / 2], text[count - 1], factor)
    let index = Int(slots[slot])
    return spellings[index].matches(text) ? spellings[index].name : nil
  }

  @inline(__always)
  static func slot(_ count: Int, _ first: UInt8, _ middle: UInt8, _ last: UInt8, _ factor: UInt) -> Int {
    let mixed = (UInt(count) << 24 | UInt(first) << 16 | UInt(middle) << 8 | UInt(last)) &* (factor &* 0x9E37_79B9)
    return Int(truncatingIfNeeded: mixed >> 23) & (size - 1)
  }
}

/// A name's bytes in place, so that comparing follows no pointer.
private struct Spelling {
  static let capacity = 32

  let name: AnswerName
  private let length: Int
  private var bytes = InlineArray<32, UInt8>(repeating: 0)

  init(_ name: AnswerName) {
    self.name = name
    length = name.rawValue.utf8.count
    for (offset, byte) in name.rawValue.utf8.enumerated() { bytes[offset] = byte }
  }

  func slot(_ factor: UInt) -> Int { AnswerNames.slot(length, bytes[0], bytes[length / 2], bytes[length - 1], factor) }

  @inline(__always)
  func matches(_ text: borrowing ShortText) -> Bool {
    guard length == text.count else { return false }
    for offset in 0..<length where bytes[offset] != text[offset] { return false }
    return true
  }
}
