/// Which answer a request asks for, read from its method and path alone.
enum Endpoint: Sendable, Equatable, CaseIterable {
  case chatCompletions, completions, responses, messages, embeddings, models

  /// Those of the vendors' base URLs; the longer one first where one begins with the other.
  private static let prefixes = [
    "/api/v1/", "/v1/openai/", "/v1/", "/api/paas/v4/", "/api/", "/openai/v1/", "/inference/v1/", "/v1beta/openai/",
    "/compatible-mode/v1/", "/openrouter/router/openai/v1/", "/v3/", "/",
  ]

  /// Nil is a 404. The query is ignored; the prefix may be that of any vendor's base URL, or none.
  init?(method: String, target: String) {
    let path = target.prefix { $0 != "?" }
    guard let prefix = Self.prefixes.first(where: { path.hasPrefix($0) }) else { return nil }
    switch (method, path.dropFirst(prefix.count)) {
    case ("POST", "chat/completions"): self = .chatCompletions
    case ("POST", "completions"): self = .completions
    case ("POST", "responses"): self = .responses
    case ("POST", "messages"): self = .messages
    case ("POST", "embeddings"): self = .embeddings
    case ("GET", "models"): self = .models
    default: return nil
    }
  }

  /// The body field without which a request is refused.
  var requiredField: String? {
    switch self {
    case .chatCompletions, .messages: "messages"
    case .completions: "prompt"
    case .responses, .embeddings: "input"
    case .models: nil
    }
  }
}
