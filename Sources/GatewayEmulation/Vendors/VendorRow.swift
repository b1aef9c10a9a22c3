/// What one vendor refuses of a chat that OpenRouter takes, in which words, and where it states its cost: as its
/// documentation, its client and other gateways' adapters for it have it.

/// One object for each vendor, because every request's plan carries it.
package final class VendorRow: Sendable, Equatable {
  package let name: String
  package let shape: VendorShape
  let words: RefusalWords
  /// The only fields of a chat that it knows; nil: it ignores what it does not know.
  let fields: Set<String>?
  /// Fields that it refuses although it ignores others.
  let refused: Set<String>
  /// The only members of a message that it knows; nil: any.
  let messageMembers: Set<String>?
  let rules: [Rule]
  let cost: CostForm
  let key: KeyForm
  /// The endpoints of text that are answered.
  let endpoints: Set<Endpoint>
  /// Chats, messages, embeddings and the list of models are answered.
  var hasText: Bool { !endpoints.isEmpty }
  /// What it lists unless it is told otherwise; nil: as all gateways do.
  package let models: [String]?
  /// Pictures and videos; nil: none.
  let media: MediaRow?

  /// A rule that goes beyond names.
  enum Rule: Sendable, Equatable {
    /// `cache_control` anywhere in messages or tools.
    case noCacheControl
    case oneChoice
    /// `tool_choice` is one of these words.
    case toolChoices([String])
    /// Fields that models which begin so refuse.
    case without([String], models: [String])
    /// A schema goes neither with tools nor with a stream.
    case schemaAlone
    /// `image` is in `modalities`.
    case textOnly
    case needsHeader(String, message: String)
  }

  enum CostForm: Sendable, Equatable {
    case ofShape
    /// `cost`, beside `usage`.
    case topLevel
    /// `usage.cost_in_usd_ticks`, 10^10 of which are a dollar.
    case ticks
  }

  enum KeyForm: Sendable, Equatable {
    case any
    case scheme(String)
    case header(String)
  }

  init(
    _ name: String, shape: VendorShape = .openai, words: RefusalWords = .openAI, fields: Set<String>? = nil,
    refused: Set<String> = VendorRow.openRouterOnly, messageMembers: Set<String>? = nil, rules: [Rule] = [],
    cost: CostForm = .ofShape, key: KeyForm = .any, endpoints: Set<Endpoint> = Set(Endpoint.allCases),
    models: [String]? = nil, media: MediaRow? = nil
  ) {
    self.name = name
    self.shape = shape
    self.words = words
    self.fields = fields
    self.refused = refused
    self.messageMembers = messageMembers
    self.rules = rules
    self.cost = cost
    self.key = key
    self.endpoints = endpoints
    self.models = models
    self.media = media
  }

  package static func == (a: VendorRow, b: VendorRow) -> Bool { a === b }

  package static let openRouter = VendorRow("openrouter", shape: .openrouter, refused: [], media: .openRouter)

  /// Where its base URL ends: what a playbook's `url` has after the host.
  package var base: String { hasText ? (shape == .openrouter ? "/api/v1" : "/v1") : media?.base ?? "" }

  /// - Parameter name: as `crossfade vendors` has it.
  package static func named(_ name: String) -> VendorRow? { all.first { $0.name == name } }

  static let openRouterOnly: Set<String> = [
    "provider", "route", "transforms", "plugins", "models", "preset", "usage", "include_reasoning", "reasoning",
    "session_id", "trace", "debug", "image_config",
  ]
}

/// The words in which a vendor refuses a request.
enum RefusalWords: Sendable, Equatable {
  case openAI, groq, mistral, gemini, anthropic, siliconflow, plain

  /// - Returns: status and document.
  func refusal(of complaint: Complaint) -> (status: Int, document: String) {
    let name = JSONText.escaped(complaint.place)
    switch (self, complaint.kind) {
    case (.mistral, .unknown):
      return (
        422,
        #"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","\#(name)"],"#
          + #""msg":"Extra inputs are not permitted","input":null}]},"type":"invalid_request_error","param":null,"code":null}"#
      )
    case (.gemini, .unknown):
      return (400, geminiError(#"Invalid JSON payload received. Unknown name \"\#(name)\": Cannot find field."#))
    case (.gemini, .value(let message)): return (400, geminiError(JSONText.escaped(message)))
    case (.groq, .unknown): return (400, openAIError("property '\(name)' is unsupported"))
    case (.siliconflow, .unknown):
      return (400, #"{"code":20015,"message":"Unknown parameter: \#(name)","data":null}"#)
    case (.siliconflow, .value(let message)):
      return (400, #"{"code":20015,"message":"\#(JSONText.escaped(message))","data":null}"#)
    case (_, .unknown): return (400, openAIError("Unrecognized request argument supplied: \(name)"))
    case (_, .missing): return (400, openAIError("Missing required parameter: '\(name)'."))
    case (_, .value(let message)): return (400, openAIError(JSONText.escaped(message)))
    }
  }

  private func openAIError(_ text: String) -> String {
    #"{"error":{"message":"\#(text)","type":"invalid_request_error","param":null,"code":null}}"#
  }

  private func geminiError(_ text: String) -> String {
    #"[{"error":{"code":400,"message":"\#(text)","status":"INVALID_ARGUMENT","details":[]}}]"#
  }
}

/// What a vendor has against a request.
struct Complaint: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// A field or a member of a message that it does not know.
    case unknown
    case missing
    case value(String)
  }
  var place: String
  var kind: Kind
}
