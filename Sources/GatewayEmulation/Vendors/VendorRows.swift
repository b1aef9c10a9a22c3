/// The vendors, one row each.

extension VendorRow {
  package static let all: [VendorRow] =
    [openRouter, VendorRow("litellm", shape: .litellm, refused: [], media: .openAIImagesAndVideos)]
    + gateways + media + relays + hosts + labs

  /// Those that make pictures and videos and answer no chat.
  private static let media: [VendorRow] = [
    VendorRow("replicate", key: .scheme("Bearer"), endpoints: [], media: .replicate),
    VendorRow("grsai", key: .scheme("Bearer"), endpoints: [], media: .grsAi),
  ]

  private static let gateways: [VendorRow] = [
    VendorRow(
      "portkey",
      rules: [
        .needsHeader(
          "x-portkey-provider", message: "Either x-portkey-config or x-portkey-provider header is required")
      ],
      key: .header("x-portkey-api-key"), media: .openAIImages),
    VendorRow("edenai", cost: .topLevel, media: .openAIImagesAndVideos),
    VendorRow("wavespeed", media: .waveSpeed), VendorRow("fal", key: .scheme("Key"), media: .fal),
    VendorRow("evolink", rules: [.textOnly], media: .evoLink), VendorRow("cometapi", media: .openAIImages),
  ]

  private static let relays =
    ["poloapi", "newapi", "oneapi", "mixapi"].map {
      VendorRow($0, media: .newAPI)
    } + [VendorRow("dmxapi", media: .dmxAPI)]

  private static let hosts: [VendorRow] = [
    VendorRow(
      "together", refused: openRouterOnly.union(["max_completion_tokens"]), rules: [.textOnly], media: .together),
    VendorRow("fireworks", rules: [.textOnly]),
    VendorRow(
      "siliconflow", words: .siliconflow, refused: openRouterOnly.union(["max_completion_tokens"]), rules: [.textOnly],
      media: .siliconFlow),
    VendorRow("deepinfra", rules: [.textOnly, .toolChoices(["auto", "none"])], media: .openAIImages),
    VendorRow(
      "groq", words: .groq,
      fields: [
        "messages", "model", "frequency_penalty", "function_call", "functions", "max_completion_tokens", "max_tokens",
        "n", "parallel_tool_calls", "presence_penalty", "reasoning_effort", "reasoning_format", "response_format",
        "seed", "service_tier", "stop", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_p",
        "user",
      ], refused: [], messageMembers: common, rules: [.oneChoice, .noCacheControl, .schemaAlone]),
  ]

  /// The members of a message that every vendor knows.
  private static let common: Set<String> = ["role", "content", "tool_calls", "tool_call_id"]

  private static let openAIFields: Set<String> = [
    "messages", "model", "store", "reasoning_effort", "metadata", "frequency_penalty", "logit_bias", "logprobs",
    "top_logprobs", "max_tokens", "max_completion_tokens", "n", "modalities", "prediction", "audio", "presence_penalty",
    "response_format", "seed", "service_tier", "stop", "stream", "stream_options", "temperature", "top_p", "tools",
    "tool_choice", "parallel_tool_calls", "user", "function_call", "functions", "web_search_options", "verbosity",
    "prompt_cache_key", "safety_identifier",
  ]

  private static let labs: [VendorRow] = [
    // Its layer for chats ignores what it does not know.
    VendorRow(
      "anthropic", words: .anthropic, refused: [], rules: [.oneChoice],
      endpoints: [.messages, .chatCompletions, .models],
      models: ["claude-opus-4-7", "claude-sonnet-4-5", "claude-haiku-4-5"]),
    VendorRow(
      "openai", fields: openAIFields, refused: [],
      messageMembers: common.union(["name", "refusal", "audio", "function_call"]),
      rules: [
        .noCacheControl, .textOnly,
        .without(
          ["max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty"], models: ["gpt-5", "o3"]),
      ], media: .openAI),
    VendorRow(
      "gemini", words: .gemini,
      fields: openAIFields.subtracting([
        "seed", "store", "metadata", "service_tier", "prediction", "web_search_options", "verbosity",
        "prompt_cache_key", "safety_identifier", "logit_bias",
      ]), refused: [], messageMembers: common.union(["name"]), rules: [.noCacheControl, .textOnly], media: .openAIImages
    ),
    VendorRow("deepseek", refused: openRouterOnly.union(["max_completion_tokens"]), rules: [.textOnly]),
    VendorRow(
      "moonshot",
      rules: [
        .textOnly, .toolChoices(["auto", "none"]),
        .without(["temperature", "top_p", "presence_penalty", "frequency_penalty"], models: ["kimi-k2.6"]),
      ]),
    VendorRow(
      "mistral", words: .mistral,
      fields: [
        "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stream_options", "stop", "random_seed",
        "response_format", "tools", "tool_choice", "presence_penalty", "frequency_penalty", "parallel_tool_calls",
        "prompt_mode", "safe_prompt",
      ], refused: [], messageMembers: common,
      rules: [.noCacheControl, .toolChoices(["auto", "none", "any", "object"])]),
    VendorRow(
      "xai", messageMembers: common.union(["reasoning_content"]),
      rules: [.textOnly, .without(["stop", "frequency_penalty", "presence_penalty"], models: ["grok-4"])], cost: .ticks,
      media: .xAI),
    VendorRow(
      "zai",
      fields: [
        "model", "messages", "max_tokens", "response_format", "stream", "stream_options", "temperature", "top_p",
        "stop",
        "tools", "tool_choice", "thinking",
      ], refused: [], rules: [.textOnly], media: .zai),
    VendorRow("minimax", refused: openRouterOnly.union(["max_completion_tokens"]), rules: [.textOnly]),
    VendorRow(
      "qwen", refused: openRouterOnly.union(["max_completion_tokens"]), rules: [.textOnly], media: .dashScope),
  ]
}
