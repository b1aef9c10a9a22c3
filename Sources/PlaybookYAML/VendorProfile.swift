/// What one vendor needs to be called by an application that speaks OpenRouter: where, how, without which fields.

package import Dialects
package import RolloutJudge
package import TrafficSplit

/// A row of data; the playbook overrides every part of it.
package struct VendorProfile: Sendable {
  package var name: String
  /// What a request's path after `/v1/` is appended to; nil where every installation has its own.
  package var baseURL: String?
  package var authentication: Authentication
  /// The environment variable its key usually is in; for messages only, nothing is read from it.
  package var keyVariable: String?
  /// Fixed headers it needs, none of them secret.
  package var headers: [(name: String, value: String)]
  /// Top-level body fields cut out of requests towards it.
  package var dropFields: [String]
  /// Whether its answers state their cost in USD; without, the playbook's `prices` are needed.
  package var reportsCost: Bool
  /// What it has of what some vendors have not; a request that needs more stays on the baseline.
  package var carries: Set<Capability>
  /// Endpoints that there are none of at its base URL.
  package var absent: [Endpoint]
  /// What an operator should know before the first request.
  package var remark: String?

  package init(
    _ name: String, _ baseURL: String?, authentication: Authentication = .bearer, keyVariable: String?,
    headers: [(name: String, value: String)] = [], dropFields: [String], reportsCost: Bool = false,
    carries: Set<Capability> = Capability.usual, absent: [Endpoint] = [], remark: String? = nil
  ) {
    self.name = name
    self.baseURL = baseURL
    self.authentication = authentication
    self.keyVariable = keyVariable
    self.headers = headers
    self.dropFields = dropFields
    self.reportsCost = reportsCost
    self.carries = carries
    self.absent = absent
    self.remark = remark
  }
}

/// Which request fields go where: OpenRouter ignores what it does not know, others answer 400 to it.
enum FieldPolicy {
  /// Known to OpenRouter alone.
  static let openRouterOnly = [
    "provider", "route", "transforms", "plugins", "models", "preset", "debug", "trace", "session_id",
    "stop_server_tools_when", "usage", "include_reasoning", "prompt_cache_options",
  ]

  /// OpenAI-shaped gateways that tolerate sampling fields of open models.
  static let openModels =
    openRouterOnly + ["reasoning", "image_config", "metadata", "prompt_cache_key", "service_tier", "cache_control"]

  /// OpenAI-shaped gateways in general.
  static let lenient = openModels + ["top_k", "min_p", "top_a", "repetition_penalty"]

  /// OpenAI itself knows `metadata`, `prompt_cache_key` and `service_tier`.
  static let openAI =
    openRouterOnly + [
      "reasoning", "image_config", "cache_control", "top_k", "min_p", "top_a", "repetition_penalty",
    ]

  /// Anthropic's own messages carry `metadata`, `service_tier`, `cache_control` and `top_k`.
  static let anthropic =
    openRouterOnly + ["reasoning", "image_config", "prompt_cache_key", "min_p", "top_a", "repetition_penalty"]
}
