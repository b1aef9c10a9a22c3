/// Lists the members that requests are made of, so that reading one keeps no text for their names.

enum RequestName: String, CaseIterable, Sendable {
  case model, stream, messages, input, prompt, system, instructions, tools, functions
  case streamOptions = "stream_options"
  case sessionID = "session_id"
  case promptCacheKey = "prompt_cache_key"
  case maxTokens = "max_tokens"
  case maxCompletionTokens = "max_completion_tokens"
  case maxOutputTokens = "max_output_tokens"

  // Known by name only.
  case temperature, stop, seed, user, metadata, logprobs, reasoning, provider, models, transforms, usage, plugins
  case store, thinking, include, truncation, text, modalities, audio, prediction, verbosity, dimensions, suffix, echo
  case route, preset, debug, background, n
  case topP = "top_p"
  case topK = "top_k"
  case topA = "top_a"
  case minP = "min_p"
  case topLogprobs = "top_logprobs"
  case toolChoice = "tool_choice"
  case responseFormat = "response_format"
  case presencePenalty = "presence_penalty"
  case frequencyPenalty = "frequency_penalty"
  case repetitionPenalty = "repetition_penalty"
  case logitBias = "logit_bias"
  case parallelToolCalls = "parallel_tool_calls"
  case reasoningEffort = "reasoning_effort"
  case includeReasoning = "include_reasoning"
  case serviceTier = "service_tier"
  case stopSequences = "stop_sequences"
  case previousResponseID = "previous_response_id"
  case safetyIdentifier = "safety_identifier"
  case cacheControl = "cache_control"
  case imageConfig = "image_config"
  case encodingFormat = "encoding_format"
  case conversation, container
  // Pictures and videos.
  case size, quality, style, resolution, duration, moderation, image
  case aspectRatio = "aspect_ratio"
  case inputReferences = "input_references"
  case outputFormat = "output_format"
  case outputCompression = "output_compression"
  case partialImages = "partial_images"
  case frameImages = "frame_images"
  case generateAudio = "generate_audio"
  case negativePrompt = "negative_prompt"
  case callbackURL = "callback_url"
  case mcpServers = "mcp_servers"
  case webSearchOptions = "web_search_options"

  /// Its place among all cases, below 127: an enum without payloads is its case's number in memory.
  @inline(__always)
  var number: UInt8 { unsafeBitCast(self, to: UInt8.self) }

  /// - Parameter key: with its quotes; an escaped one is none of these.
  @inline(__always)
  init?(_ bytes: RawSpan, _ key: Range<Int>) {
    guard let name = Self.table.name(bytes, key.lowerBound &+ 1, key.upperBound &- 1) else { return nil }
    self = name
  }

  /// - Parameter text: a member's name.
  init?(text: String) {
    let utf8 = text.utf8
    guard let name = Self.table.name(utf8.span.bytes, 0, utf8.count) else { return nil }
    self = name
  }

  private static let table = NameTable(allCases.map { ($0.rawValue, $0) })
}
