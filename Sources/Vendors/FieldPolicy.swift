/// What becomes of a request's fields towards one vendor: OpenRouter ignores what it does not know, others answer 400.

package import Dialects
package import TrafficSplit

package struct FieldPolicy: Sendable, Equatable {
  /// Top-level fields cut out.
  package var drop: [String]
  /// The only fields that are sent, of a vendor that refuses what it does not know; nil: all but `drop`.
  package var only: [String]?
  package var renames: [FieldRename]
  /// Texts of a field that it has another word for.
  package var values: [ValueRename]
  /// What `reasoning` becomes; nil: as the other rules say.
  package var effort: EffortForm?
  /// What a picture's size becomes; nil: as the other rules say.
  package var form: PictureForm?
  package var messages: MessagePolicy
  /// On top, for some of its models; globs of its own ids.
  package var byModel: [ModelFields]

  package init(
    drop: [String] = [], only: [String]? = nil, renames: [FieldRename] = [], values: [ValueRename] = [],
    effort: EffortForm? = nil, form: PictureForm? = nil, messages: MessagePolicy = MessagePolicy(),
    byModel: [ModelFields] = []
  ) {
    self.form = form
    self.drop = drop
    self.only = only
    self.renames = renames
    self.values = values
    self.effort = effort
    self.messages = messages
    self.byModel = byModel
  }

  /// The same with some parts changed.
  package func with(_ change: (inout FieldPolicy) -> Void) -> FieldPolicy {
    var policy = self
    change(&policy)
    return policy
  }
}

/// What is dropped and renamed beyond the candidate's own policy for the models that a glob matches: the candidate's id or
/// the application's, with or without what stands before its last `/`.
package struct ModelFields: Sendable, Equatable {
  package var models: Glob
  package var drop: [String]
  package var renames: [FieldRename]
  package var effort: EffortForm?
  /// What these models have not, though others of the vendor's have: a request for it stays on the baseline.
  package var lacks: [Capability]

  package init(
    models: Glob, drop: [String] = [], renames: [FieldRename] = [], effort: EffortForm? = nil, lacks: [Capability] = []
  ) {
    self.lacks = lacks
    self.models = models
    self.drop = drop
    self.renames = renames
    self.effort = effort
  }

  package func concerns(_ model: String) -> Bool { models.concerns(model) }
}

extension FieldPolicy {
  /// Known to OpenRouter alone, whatever the endpoint.
  package static let openRouterOnly = [
    "provider", "route", "transforms", "plugins", "models", "preset", "debug", "trace", "session_id",
    "stop_server_tools_when", "usage", "include_reasoning", "prompt_cache_options",
  ]

  static let openRouter = FieldPolicy()

  /// Members of an assistant's message that OpenRouter writes and other gateways do not read.
  private static let answersOnly = ["reasoning", "reasoning_details", "images", "annotations", "refusal"]

  /// OpenAI-shaped gateways that tolerate sampling fields of open models.
  static let openModels = FieldPolicy(
    drop: openRouterOnly + [
      "reasoning", "image_config", "metadata", "prompt_cache_key", "service_tier", "cache_control",
    ],
    messages: MessagePolicy(drop: answersOnly, keepsCacheControl: false))

  /// OpenAI-shaped gateways in general.
  static let lenient = openModels.with { $0.drop += ["top_k", "min_p", "top_a", "repetition_penalty"] }

  /// Gateways that nothing is known about: what a chat says is theirs to read.
  static let unknown = lenient.with { $0.messages = MessagePolicy() }

  /// Gateways that pass prompt-cache marks on to vendors that know them.
  static let caching = lenient.with { $0.messages.keepsCacheControl = true }

  /// OpenAI-shaped labs that refuse a field or a message's member that they do not know.
  static let strict = FieldPolicy(
    drop: lenient.drop, only: openAIShape, messages: MessagePolicy(only: [], keepsCacheControl: false))

  /// OpenAI's own.
  static let openAI = strict.with {
    $0.only = openAIShape + ["metadata", "prompt_cache_key", "service_tier", "prediction", "verbosity", "store"]
    $0.drop.removeAll { ["metadata", "prompt_cache_key", "service_tier"].contains($0) }
    $0.effort = .reasoningEffort
    $0.messages.only = ["name", "refusal", "audio"]
    $0.byModel = ["o1*", "o3*", "o4*", "gpt-5*"].map {
      ModelFields(
        models: Glob($0), drop: sampling + ["logit_bias"],
        renames: [FieldRename(from: "max_tokens", to: "max_completion_tokens")])
    }
  }

  /// Anthropic's own messages carry `metadata`, `service_tier`, `cache_control` and `top_k`.
  static let anthropic = FieldPolicy(
    drop: openRouterOnly + ["reasoning", "image_config", "prompt_cache_key", "min_p", "top_a", "repetition_penalty"],
    byModel: withoutSampling.map { ModelFields(models: Glob($0), drop: sampling + ["top_k"]) })

  /// LiteLLM refuses what the vendor behind it does not take, or leaves it out, as it is set up; of Claude's models it is known
  /// what that is, by OpenRouter's ids.
  static let liteLLM = caching.with {
    $0.effort = .reasoningEffort
    let asOpenRouter = ["claude-opus-4.7*", "claude-opus-4.8*", "claude-haiku-5.5*"]
    $0.byModel =
      (withoutSampling + asOpenRouter).map { ModelFields(models: Glob($0), drop: ["temperature", "top_p"]) } + [
        ModelFields(
          models: Glob("claude-*"), drop: ["frequency_penalty", "presence_penalty", "logit_bias", "seed"],
          lacks: [.choices, .logprobs, .pictures])
      ]
  }

  static let sampling = ["temperature", "top_p", "frequency_penalty", "presence_penalty"]

  /// Claude's models that refuse sampling parameters, whatever their values.
  package static let withoutSampling = [
    "claude-opus-4-7*", "claude-opus-4-8*", "claude-opus-5*", "claude-sonnet-5*", "claude-haiku-5-5*",
    "claude-fable-5*", "claude-mythos-*",
  ]

  /// The fields of a chat, a completion or an embedding that OpenAI's clients write and strict labs know.
  static let openAIShape = [
    "model", "messages", "prompt", "input", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls",
    "functions", "function_call", "temperature", "top_p", "n", "stop", "seed", "max_tokens", "max_completion_tokens",
    "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "response_format",
    "reasoning_effort", "modalities", "audio", "user", "dimensions", "encoding_format", "suffix", "echo",
  ]

  static let maxTokens = [FieldRename(from: "max_completion_tokens", to: "max_tokens")]
}
