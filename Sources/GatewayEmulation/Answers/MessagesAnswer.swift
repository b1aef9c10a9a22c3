/// Anthropic messages: one message, or the named events that build it up.
struct MessagesAnswer {
  let draft: AnswerDraft

  static let failure = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#

  var document: String {
    let ending =
      switch draft.ending {
      case .finished: stopReason
      case .failing: #""error""#
      case .unfinished: "null"
      }
    let text = draft.pieces.isEmpty ? "" : #"{"type":"text","text":"\#(draft.text)"}"#
    let content = ToolCallText(draft: draft).map { $0.block(input: Self.input($0)) } ?? text
    return message(content: content, stopReason: ending, usage: draft.usage)
  }

  var events: [Answer.StreamEvent] {
    var start = draft.usage
    start.completion = 1
    start.completionUSD = 0
    var events = [
      event("message_start", #""message":\#(message(content: "", stopReason: "null", usage: start))"#)
    ]
    let call = ToolCallText(draft: draft)
    if hasBlock {
      let block = call.map { $0.block(input: "{}") } ?? #"{"type":"text","text":""}"#
      events.append(event("content_block_start", #""index":0,"content_block":\#(block)"#))
      events.append(AnswerDraft.event(#"{"type":"ping"}"#, name: "ping"))
    }
    let deltas =
      call?.pieces.map { #"{"type":"input_json_delta","partial_json":\#($0)}"# }
      ?? draft.pieces.map { #"{"type":"text_delta","text":"\#($0)"}"# }
    for delta in deltas {
      events.append(event("content_block_delta", #""index":0,"delta":\#(delta)"#, isContent: true))
    }
    switch draft.ending {
    case .unfinished: break
    case .failing: events.append(AnswerDraft.event(Self.failure, name: "error"))
    case .finished: events += closing
    }
    return events
  }

  private var closing: [Answer.StreamEvent] {
    let usage = draft.usageMember(draft.usage.messages(draft.vendor))
    let stop = #""delta":{"stop_reason":\#(stopReason),"stop_sequence":null}\#(usage)"#
    return (hasBlock ? [event("content_block_stop", #""index":0"#)] : []) + [
      event("message_delta", stop), AnswerDraft.event(#"{"type":"message_stop"}"#, name: "message_stop"),
    ]
  }

  private func event(_ type: String, _ members: String, isContent: Bool = false) -> Answer.StreamEvent {
    AnswerDraft.event(#"{"type":"\#(type)",\#(members)}"#, name: type, isContent: isContent)
  }

  private func message(content: String, stopReason: String, usage: TokenUsage) -> String {
    let provider = draft.vendor == .openrouter ? #""provider":"Emulated","# : ""
    return #"{"id":"msg_\#(draft.token)","type":"message","role":"assistant",\#(provider)"#
      + #""model":\#(draft.fields.modelLiteral),"content":[\#(content)],"stop_reason":\#(stopReason),"#
      + #""stop_sequence":null\#(draft.usageMember(usage.messages(draft.vendor)))}"#
  }

  private var hasBlock: Bool { !draft.pieces.isEmpty || draft.matter.call != nil }

  private var stopReason: String {
    switch draft.matter.finish {
    case .stop: #""end_turn""#
    case .length: #""max_tokens""#
    case .toolCall: #""tool_use""#
    }
  }

  /// An object even where the arguments broke off: only streams can show that they did.
  private static func input(_ call: ToolCallText) -> String {
    call.draft.ending == .finished && call.draft.matter.finish == .toolCall ? call.call.arguments : "{}"
  }
}
