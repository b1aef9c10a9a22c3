/// `GET generation?id=`: what OpenRouter says afterwards of one answer, what it was billed above all.

/// What is remembered of an answer.
struct Generation: Sendable {
  let id: String
  let modelLiteral: String
  let usage: TokenUsage
  let streamed: Bool
  /// Since the gateway's start.
  let at: Duration
  /// Whoever asked left before it was whole.
  var isCancelled = false

  init(_ draft: AnswerDraft, streamed: Bool, at: Duration) {
    id = draft.generationID
    modelLiteral = draft.fields.modelLiteral
    usage = draft.usage
    self.streamed = streamed
    self.at = at
  }
}

/// The latest answers by their number; an id tells it.
struct GenerationBook: Sendable {
  private var generations: [Int: Generation] = [:]
  private var questions = 0
  private static let limit = 10_000

  mutating func write(_ generation: Generation, serial: Int) {
    generations[serial] = generation
    generations[serial - Self.limit] = nil
  }

  mutating func cancel(_ serial: Int) { generations[serial]?.isCancelled = true }

  enum Finding: Sendable {
    case found(Generation)
    case status(Int, retryAfter: Int? = nil)
  }

  /// - Parameter now: since the gateway's start.
  mutating func find(_ id: String, _ manners: BillManners, at now: Duration) -> Finding {
    questions += 1
    switch manners.fault {
    case .missing: return .status(404)
    case .refused: return .status(403)
    case .limited where !questions.isMultiple(of: 2): return .status(429, retryAfter: 1)
    case .limited, .silent, .none: break
    }
    let words = id.split(separator: "-")
    guard words.count == 3, let created = Int(words[1]), let found = generations[created - AnswerDraft.firstCreated],
      found.id == id, now - found.at >= manners.after
    else { return .status(404) }
    return .found(found)
  }
}

extension Generation {
  func document(_ manners: BillManners) -> String {
    let billed = usage.cost * (1 + manners.drift)
    let counts =
      #""tokens_prompt":\#(usage.prompt),"tokens_completion":\#(usage.completion),"#
      + #""native_tokens_prompt":\#(usage.prompt),"native_tokens_completion":\#(usage.completion),"#
      + #""native_tokens_cached":\#(usage.cached),"native_tokens_reasoning":0"#
    return
      #"{"data":{"id":"\#(id)","upstream_id":null,"total_cost":\#(billed),"usage":\#(billed),"cache_discount":null,"#
      + #""upstream_inference_cost":0,"is_byok":false,"provider_name":"Emulated","model":\#(modelLiteral),"#
      + #""latency":1,"moderation_latency":null,"generation_time":1,"streamed":\#(streamed),"#
      + #""cancelled":\#(isCancelled),"finish_reason":\#(isCancelled ? "null" : #""stop""#),"#
      + #""native_finish_reason":\#(isCancelled ? "null" : #""stop""#),\#(counts)}}"#
  }

  /// - Returns: the id that is asked after; nil for every other request.
  static func asked(_ request: RequestFacts) -> String? {
    guard request.method == "GET", let question = request.target.firstIndex(of: "?"),
      request.target[..<question].hasSuffix("/generation")
    else { return nil }
    let parameters = request.target[question...].dropFirst().split(separator: "&")
    return parameters.first { $0.hasPrefix("id=") }.map { String($0.dropFirst(3)) }
  }
}
