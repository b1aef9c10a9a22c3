/// What Anthropic's messages refuse, as the vendor does: unknown fields, and what a version or a model no longer takes.
struct AnthropicRules {
  let version: String
  let body: JSONValue

  private static let versions: Set<String> = ["2023-06-01", newest]
  private static let newest = "2026-10-21"
  private static let fields: Set<String> = [
    "model", "messages", "max_tokens", "cache_control", "container", "inference_geo", "metadata", "output_config",
    "service_tier", "speed", "stop_sequences", "stream", "system", "thinking", "tool_choice", "tools", "temperature",
    "top_p", "top_k", "context_management", "mcp_servers",
  ]
  private static let sampling = ["temperature", "top_p", "top_k"]

  /// - Parameter version: the header `anthropic-version`.
  /// - Throws: the first thing that the vendor has against the request.
  static func check(_ body: JSONValue, version: String?) throws(AnthropicRefusal) {
    guard let version else { throw AnthropicRefusal("anthropic-version: header is required") }
    try need(versions.contains(version), #"anthropic-version: "\#(version)" is not a valid version"#)
    try AnthropicRules(version: version, body: body).check()
  }

  private func check() throws(AnthropicRefusal) {
    try body.only(Self.fields, at: "")
    for name in ["model", "max_tokens", "messages"] where body[name] == nil { throw .missing(name) }
    let named = body["model"]?.string ?? ""
    guard let model = AnthropicModel(named) else { throw AnthropicRefusal(404, "not_found_error", "model: \(named)") }
    let most = body["max_tokens"]?.wholeNumber ?? 0
    try need(most >= 1, "max_tokens: Input should be greater than or equal to 1")
    try need(
      most <= model.mostOutput,
      "max_tokens: \(most) > \(model.mostOutput), which is the maximum allowed number of output tokens for \(named)")
    try checkSampling(model)
    try checkThinking(model, most)
    try checkOutput(model)
    try checkSmall()
    try AnthropicTools(body: body).check()
    let marks = body.text.components(of: #""cache_control":{"#)
    try need(marks <= 4, "A maximum of 4 blocks with cache_control may be provided. Found \(marks).")
    try AnthropicConversation(body: body, model: model, isNewest: version == Self.newest).check()
  }

  private func checkSampling(_ model: AnthropicModel) throws(AnthropicRefusal) {
    let given = Self.sampling.filter { body[$0].map { !$0.isNull } ?? false }
    guard let first = given.first else { return }
    if version == Self.newest { throw .extra(first) }
    try need(model.takesSampling, "`\(first)` is deprecated for this model.")
    if let temperature = body["temperature"] {
      try need((0...1).contains(temperature.number ?? -1), "temperature: range: 0..1")
    }
    try need(
      !(model.takesTemperatureOrTopP && given.contains("temperature") && given.contains("top_p")),
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
  }

  private func checkThinking(_ model: AnthropicModel, _ most: Int) throws(AnthropicRefusal) {
    guard let thinking = body["thinking"] else { return }
    let type = thinking["type"]?.string ?? ""
    switch type {
    case "enabled":
      try thinking.only(["type", "budget_tokens", "display"], at: "thinking.enabled")
      try need(
        model.takesBudget,
        "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and "
          + "\"output_config.effort\" to control thinking behavior.")
      guard let budget = thinking["budget_tokens"]?.wholeNumber else {
        throw .missing("thinking.enabled.budget_tokens")
      }
      try need(budget >= 1024, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
      try need(most > budget, "`max_tokens` must be greater than `thinking.budget_tokens`.")
    case "adaptive", "between_tools":
      try thinking.only(["type", "display"], at: "thinking.\(type)")
      try need(model.isAdaptive, "adaptive thinking is not supported on this model")
    case "disabled":
      try thinking.only(["type"], at: "thinking.disabled")
      return
    default:
      throw AnthropicRefusal("thinking: Input tag '\(type)' found using 'type' does not match any of the expected tags")
    }
    if let temperature = body["temperature"]?.number {
      try need(temperature == 1, "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")
    }
    try need(body["top_k"] == nil, "`top_k` must be unset when thinking is enabled.")
    if let top = body["top_p"]?.number { try need(top >= 0.95, "`top_p` must be greater than or equal to 0.95") }
    let choice = body["tool_choice"]?["type"]?.string
    try need(choice != "any" && choice != "tool", "Thinking may not be enabled when tool_choice forces tool use.")
  }

  private func checkOutput(_ model: AnthropicModel) throws(AnthropicRefusal) {
    guard let output = body["output_config"] else { return }
    try output.only(["effort", "format"], at: "output_config")
    if let effort = output["effort"], !effort.isNull {
      try need(model.takesEffort, "This model does not support the effort parameter.")
      try need(
        ["low", "medium", "high", "xhigh", "max"].contains(effort.string ?? ""),
        "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'")
    }
    guard let format = output["format"], !format.isNull else { return }
    try format.only(["type", "schema"], at: "output_config.format")
    try need(model.takesSchemas, "This model does not support output format.")
    try need(format["type"]?.string == "json_schema", "output_config.format.type: Input should be 'json_schema'")
    guard let schema = format["schema"] else { throw .missing("output_config.format.schema") }
    try AnthropicTools.checkSchema(schema)
  }

  private func checkSmall() throws(AnthropicRefusal) {
    if let metadata = body["metadata"] { try metadata.only(["user_id"], at: "metadata") }
    for (index, stop) in (body["stop_sequences"]?.elements ?? []).enumerated() {
      try need(
        stop.unescaped?.contains { !$0.isWhitespace } ?? false,
        "stop_sequences: each stop sequence must contain non-whitespace (\(index))")
    }
    if let tier = body["service_tier"]?.string {
      try need(
        ["auto", "standard_only"].contains(tier), "service_tier: Input should be 'auto' or 'standard_only'")
    }
    for (index, block) in (body["system"]?.elements ?? []).enumerated() {
      try block.only(["type", "text", "cache_control", "citations"], at: "system.\(index)")
      try need(block["text"]?.string?.isEmpty == false, "system: text content blocks must be non-empty")
    }
  }
}

extension String {
  /// How often another text is in it.
  fileprivate func components(of other: String) -> Int { ranges(of: other).count }
}
