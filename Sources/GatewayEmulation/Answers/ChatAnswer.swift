/// Chat completions, as a document and as a stream, in the three vendors' manners.
struct ChatAnswer {
  let draft: AnswerDraft

  private static let failure = #"{"code":502,"message":"Provider disconnected"}"#

  var document: String {
    let finish = finishReason
    let failure = draft.ending == .failing ? #","error":\#(Self.failure)"# : ""
    let usage =
      draft.ending == .unfinished
      ? "" : draft.usageMember(draft.usage.chat(draft.vendor, streamed: false, cost: draft.costForm))
    let calls = (toolCall.map { #","tool_calls":[\#($0.chat)]"# } ?? "") + (pictures.map { ",\($0)" } ?? "")
    let content = toolCall == nil ? "\"\(draft.text)\"" : "null"
    let message: String
    let provider: String
    switch draft.vendor {
    case .openrouter:
      provider = #""provider":"Emulated","#
      message =
        #""logprobs":null,"finish_reason":\#(finish),"native_finish_reason":\#(finish),"#
        + #""message":{"role":"assistant","content":\#(content),"refusal":null,"reasoning":null\#(calls)}"#
    case .litellm:
      provider = ""
      message =
        #""finish_reason":\#(finish),"message":{"content":\#(content),"role":"assistant"\#(calls),"#
        + #""provider_specific_fields":{"refusal":null}},"provider_specific_fields":{}"#
    case .openai:
      provider = ""
      message =
        #""message":{"role":"assistant","content":\#(content),"refusal":null\#(calls)},"#
        + #""logprobs":null,"finish_reason":\#(finish)"#
    }
    return #"{"id":"\#(draft.id("chatcmpl-"))",\#(provider)"model":\#(draft.fields.modelLiteral),"#
      + #""object":"chat.completion","created":\#(draft.created),"#
      + #""choices":[{"index":0,\#(message)\#(failure)}]\#(usage)}"#
  }

  var events: [Answer.StreamEvent] {
    var events: [Answer.StreamEvent] = []
    if draft.vendor != .openrouter {
      events.append(chunk(delta: #"{"role":"assistant"\#(draft.vendor == .openai ? #","content":"""# : "")}"#))
    }
    let role = draft.vendor == .openrouter ? #""role":"assistant","# : ""
    // OpenRouter says on every chunk that there is no content.
    let noContent = draft.vendor == .openrouter ? #""content":null,"# : ""
    for delta in toolCall?.chatDeltas ?? [] {
      events.append(chunk(delta: #"{\#(role)\#(noContent)\#(delta)}"#, isContent: true))
    }
    if let pictures { events.append(chunk(delta: "{\(role)\(noContent)\(pictures)}", isContent: true)) }
    for piece in draft.pieces {
      events.append(chunk(delta: #"{\#(role)"content":"\#(piece)"}"#, isContent: true))
    }
    switch draft.ending {
    case .unfinished: break
    case .failing: events.append(failureEvent)
    case .finished: events += closing
    }
    return events
  }

  private var closing: [Answer.StreamEvent] {
    let last = draft.vendor == .openrouter ? #"{"role":"assistant","content":""}"# : "{}"
    var events = [chunk(delta: last, finish: finishReason)]
    if draft.reportsUsage, draft.vendor == .openrouter || draft.fields.includesUsage {
      events.append(usageChunk)
    }
    return events + [AnswerDraft.event("[DONE]")]
  }

  /// One picture of one dot, where the request asks for pictures and the answer is not cut short.
  private var pictures: String? {
    guard draft.fields.wantsPicture, draft.ending == .finished, !draft.pieces.isEmpty else { return nil }
    return #""images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(Self.dot)"}}]"#
  }

  private static let dot =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

  private var toolCall: ToolCallText? { ToolCallText(draft: draft) }

  private var finishReason: String {
    switch draft.ending {
    case .finished: draft.chatFinish
    case .failing: #""error""#
    case .unfinished: "null"
    }
  }

  private var opening: String {
    let provider = draft.vendor == .openrouter ? #""provider":"Emulated","# : ""
    return #"{"id":"\#(draft.id("chatcmpl-"))",\#(provider)"model":\#(draft.fields.modelLiteral),"#
      + #""object":"chat.completion.chunk","created":\#(draft.created)"#
  }

  private func chunk(delta: String, finish: String = "null", isContent: Bool = false) -> Answer.StreamEvent {
    let rest =
      switch draft.vendor {
      case .openrouter: #","native_finish_reason":\#(finish),"logprobs":null}]}"#
      case .litellm: "}]}"
      // OpenAI puts the field on every chunk once usage was asked for.
      case .openai: #","logprobs":null}]\#(draft.fields.includesUsage ? #","usage":null"# : "")}"#
      }
    return AnswerDraft.event(
      opening + #","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)"# + rest, isContent: isContent)
  }

  private var usageChunk: Answer.StreamEvent {
    let choices = draft.vendor == .litellm ? #"[{"index":0,"delta":{}}]"# : "[]"
    let usage = draft.usage.chat(draft.vendor, streamed: true, cost: draft.costForm)
    return AnswerDraft.event(opening + #","choices":\#(choices),"usage":\#(usage)\#(draft.topLevelCost)}"#)
  }

  /// No `[DONE]` follows, as at the real gateways.
  private var failureEvent: Answer.StreamEvent {
    switch draft.vendor {
    case .openrouter:
      let error =
        #"{"code":502,"message":"Provider disconnected","#
        + #""metadata":{"error_type":"provider_unavailable","provider_code":null}}"#
      return AnswerDraft.event(
        opening + #","error":\#(error),"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#)
    case .litellm:
      return AnswerDraft.event(
        #"{"error":{"message":"litellm.APIError: Provider disconnected","type":null,"param":null,"code":"502"}}"#)
    case .openai:
      return AnswerDraft.event(
        #"{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}"#)
    }
  }
}
