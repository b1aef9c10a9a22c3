/// Chooses the answer to one request: the planned refusal, what the request itself deserves, or the endpoint's answer.
import NIOCore

struct AnswerChoice {
  var plan: RequestPlan
  let serial: Int
  let request: RequestFacts

  /// - Parameters:
  ///   - body: as far as it was read.
  ///   - desk: where media are made; nil: nowhere.
  mutating func answer(body: ByteBuffer, desk: MediaDesk? = nil) -> Answer {
    if plan.fault != .earlyResponse, let desk, let media = media(body, desk) { return answer(media, desk) }
    switch plan.fault {
    case .status(let status, let retryAfterSeconds):
      return refusal(status, retryAfterSeconds: retryAfterSeconds)
    case .earlyResponse:
      return refusal(413)
    default:
      break
    }
    let row = plan.behavior.row
    if plan.behavior.vendor == .openrouter, let desk, let id = Generation.asked(request) {
      return answer(after: id, desk)
    }
    guard let endpoint = request.endpoint, row?.endpoints.contains(endpoint) ?? true else { return refusal(404) }
    if let key = plan.behavior.requireKey, !(row?.accepts(request, key: key) ?? request.carries(key: key)) {
      return refusal(401)
    }
    if endpoint == .models {
      return Answer(headers: headers(), body: .document(ModelsAnswer(behavior: plan.behavior).document))
    }
    guard let fields = RequestFields(body: body) else { return refusal(400, message: "Invalid JSON") }
    if endpoint == .messages, isAnthropic, let refusal = refusal(ofMessages: body) { return refusal }
    if let name = endpoint.requiredField, !fields.names.contains(name) {
      return refusal(400, message: "Missing field: \(name)")
    }
    if endpoint == .chatCompletions, let row, let complaint = row.complaint(about: body, request) {
      let (status, document) = row.words.refusal(of: complaint)
      return Answer(status: status, headers: headers(), body: .document(document))
    }
    if plan.behavior.refusesUnknownModels, !knows(fields.modelLiteral) {
      return refusal(400, message: "Unknown model")
    }
    return answer(endpoint, fields, body, desk)
  }

  /// What an answer was billed, which no model has to think about.
  private mutating func answer(after id: String, _ desk: MediaDesk) -> Answer {
    plan.delay = .zero
    if plan.behavior.bills.fault == .silent { plan.fault = .hangBeforeHead }
    if let key = plan.behavior.requireKey, !request.carries(key: key) { return refusal(401) }
    switch desk.find(id, plan.behavior.bills) {
    case .found(let generation):
      return Answer(headers: headers(), body: .document(generation.document(plan.behavior.bills)))
    case .status(let status, let retryAfter): return refusal(status, retryAfterSeconds: retryAfter)
    }
  }

  /// What Anthropic has against the messages; nil where it answers.
  private func refusal(ofMessages body: ByteBuffer) -> Answer? {
    do throws(AnthropicRefusal) {
      guard let tree = FormBody.value(of: body, type: nil) else { return nil }
      try AnthropicRules.check(tree, version: request.first("anthropic-version"))
      return nil
    } catch {
      return Answer(
        status: error.status, headers: headers(), body: .document(error.document(request: "req_\(serial)")))
    }
  }

  /// Nil where the request is for text, or the vendor makes nothing else.
  private func media(_ body: ByteBuffer, _ desk: MediaDesk) -> MediaChoice? {
    guard let vendor = plan.behavior.row, let row = vendor.media else { return nil }
    let endpoint = request.endpoint
    guard !vendor.hasText || endpoint == nil || endpoint == row.shared else { return nil }
    let body = FormBody.value(of: body, type: request.first("content-type"))
    guard let place = MediaPlace(row, request, body: body) ?? (vendor.hasText ? nil : .nowhere) else { return nil }
    return MediaChoice(
      vendor: vendor, row: row, place: place, plan: plan, serial: serial, request: request, body: body,
      scheme: desk.scheme)
  }

  private mutating func answer(_ media: MediaChoice, _ desk: MediaDesk) -> Answer {
    let outcome = desk.answer(media)
    plan.delay += outcome.wait
    if let fault = outcome.fault { plan.fault = fault }
    return outcome.answer
  }

  private mutating func answer(
    _ endpoint: Endpoint, _ fields: RequestFields, _ body: ByteBuffer, _ desk: MediaDesk?
  ) -> Answer {
    let canStream = endpoint != .embeddings
    var fields = fields
    if endpoint == .completions { fields.form = AskedForm() }
    if plan.isInBodyError, fields.streams, canStream { plan.fault = .errorEvent }
    if plan.fault == .errorEvent, !canStream { plan.fault = .errorInBody }
    if plan.fault == .errorInBody {
      var error = refusal(502)
      error.status = 200
      return error
    }
    let draft = AnswerDraft(plan: plan, serial: serial, fields: fields)
    if draft.vendor == .openrouter { desk?.write(draft, streamed: fields.streams && canStream, serial: serial) }
    guard fields.streams, canStream else {
      return Answer(headers: headers(draft), body: .document(Self.document(endpoint, draft, body)))
    }
    return Answer(
      headers: headers(draft, streamed: true),
      body: .stream(preamble: draft.preamble, events: Self.events(endpoint, draft)))
  }

  private static func document(_ endpoint: Endpoint, _ draft: AnswerDraft, _ body: ByteBuffer) -> String {
    switch endpoint {
    case .chatCompletions: ChatAnswer(draft: draft).document
    case .completions: CompletionAnswer(draft: draft).document
    case .responses: ResponsesAnswer(draft: draft).document
    case .messages: MessagesAnswer(draft: draft).document
    case .embeddings, .models: EmbeddingsAnswer(draft: draft, inputs: EmbeddingInputs(body: body)).document
    }
  }

  private static func events(_ endpoint: Endpoint, _ draft: AnswerDraft) -> [Answer.StreamEvent] {
    switch endpoint {
    case .chatCompletions: ChatAnswer(draft: draft).events
    case .completions: CompletionAnswer(draft: draft).events
    case .responses: ResponsesAnswer(draft: draft).events
    case .messages: MessagesAnswer(draft: draft).events
    case .embeddings, .models: []
    }
  }

  private var isAnthropic: Bool { plan.behavior.row?.words == .anthropic }

  private func knows(_ modelLiteral: String) -> Bool {
    plan.behavior.models.contains { JSONText.literal($0) == modelLiteral }
  }

  private func refusal(_ status: Int, retryAfterSeconds: Int? = nil, message: String? = nil) -> Answer {
    let vendor = plan.behavior.vendor
    var headers = self.headers()
    if let seconds = retryAfterSeconds { headers.append(.init(name: "Retry-After", value: "\(seconds)")) }
    if status == 429, vendor == .openrouter {
      headers += [
        .init(name: "X-RateLimit-Limit", value: "20"), .init(name: "X-RateLimit-Remaining", value: "0"),
        .init(name: "X-RateLimit-Reset", value: "\((AnswerDraft.firstCreated + serial) * 1000)"),
      ]
    }
    if vendor == .litellm { headers.append(.init(name: "x-litellm-response-cost", value: "0")) }
    let error = ErrorAnswer(
      vendor: vendor, endpoint: request.endpoint, status: status, message: message, isAnthropic: isAnthropic)
    return Answer(status: status, headers: headers, body: .document(error.document))
  }

  /// - Parameter draft: nil for answers that generated nothing.
  private func headers(_ draft: AnswerDraft? = nil, streamed: Bool = false) -> [Answer.Header] {
    var headers = [
      Answer.Header(name: "Content-Type", value: streamed ? "text/event-stream" : "application/json")
    ]
    if isAnthropic { headers.append(.init(name: "request-id", value: "req_\(serial)")) }
    if streamed { headers.append(.init(name: "Cache-Control", value: "no-cache")) }
    guard let draft else { return headers }
    switch draft.vendor {
    case .openrouter:
      headers.append(.init(name: "X-Generation-Id", value: draft.generationID))
    case .openai:
      headers.append(.init(name: "x-request-id", value: "req_\(draft.token)"))
    case .litellm:
      let cost = streamed ? "0.0" : "\(draft.usage.cost)"
      headers += [
        .init(name: "x-litellm-call-id", value: draft.token), .init(name: "x-litellm-version", value: "1.106.2"),
        .init(name: "x-litellm-attempted-retries", value: "0"),
        .init(name: "x-litellm-attempted-fallbacks", value: "0"),
        .init(name: "x-litellm-response-cost-original", value: cost),
      ]
      if !streamed { headers.append(.init(name: "x-litellm-response-cost", value: cost)) }
    }
    return headers
  }
}
