/// The tokens and dollars that an answer cost, in the words of each dialect and vendor.
struct TokenUsage: Sendable, Equatable {
  var prompt: Int
  var cached: Int
  var completion: Int
  var promptUSD: Double
  var completionUSD: Double

  init(prompt: Int, completion: Int, behavior: GatewayBehavior) {
    self.prompt = prompt
    cached = min(prompt, Int(Double(prompt) * behavior.cachedPromptShare))
    self.completion = completion
    promptUSD = Double(prompt) * behavior.usdPerPromptToken
    completionUSD = Double(completion) * behavior.usdPerCompletionToken
  }

  var cost: Double { promptUSD + completionUSD }

  /// The value of `usage` in chat completions, completions and, without completion tokens, embeddings.
  func chat(_ vendor: VendorShape, streamed: Bool, cost form: VendorRow.CostForm = .ofShape) -> String {
    let total = prompt + completion
    let counts = #""prompt_tokens":\#(prompt),"completion_tokens":\#(completion),"total_tokens":\#(total)"#
    let cachedTokens = #""prompt_tokens_details":{"cached_tokens":\#(cached)}"#
    switch vendor {
    case .openrouter:
      return #"{\#(counts),\#(openRouterCost),\#(cachedTokens),"completion_tokens_details":{"reasoning_tokens":0}}"#
    case .litellm where streamed:
      return #"{\#(counts),\#(cachedTokens),"cost":\#(cost)}"#
    case .litellm, .openai:
      let ticks = form == .ticks ? #","cost_in_usd_ticks":\#(Int((cost * 1e10).rounded()))"# : ""
      return #"{\#(counts),\#(cachedTokens)\#(ticks)}"#
    }
  }

  /// The value of `usage` in `/responses`.
  func responses(_ vendor: VendorShape) -> String {
    #"{"input_tokens":\#(prompt),"input_tokens_details":{"cached_tokens":\#(cached)},"#
      + #""output_tokens":\#(completion),"output_tokens_details":{"reasoning_tokens":0},"#
      + #""total_tokens":\#(prompt + completion)\#(vendor == .openrouter ? "," + openRouterCost : "")}"#
  }

  /// The value of `usage` in `/messages`, whose input tokens exclude the cached ones.
  func messages(_ vendor: VendorShape) -> String {
    #"{"input_tokens":\#(prompt - cached),"cache_creation_input_tokens":0,"cache_read_input_tokens":\#(cached),"#
      + #""output_tokens":\#(completion)\#(vendor == .openrouter ? "," + openRouterCost : "")}"#
  }

  private var openRouterCost: String {
    #""cost":\#(cost),"is_byok":false,"cost_details":{"upstream_inference_cost":null,"#
      + #""upstream_inference_prompt_cost":\#(promptUSD),"upstream_inference_completions_cost":\#(completionUSD)}"#
  }
}
