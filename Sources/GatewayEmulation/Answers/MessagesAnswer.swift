/// Anthropic messages: one message, or the named events that build it up.
struct MessagesAnswer {
  let draft: AnswerDraft

  static let failure = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#

  var document: String {
    let stopReason =
      switch draft.ending {
      case .finished: #""end_turn""#
      case .failing: #""error""#
      case .unfinished: "null"
      }
    let content = draft.pieces.isEmpty ? "" : #"{"type":"text","text":"\#(draft.text)"}"#
    return message(content: content, stopReason: stopReason, usage: draft.usage)
  }

  var events: [Answer.StreamEvent] {
    var start = draft.usage
    start.completion = 1
    start.completionUSD = 0
    var events = [
      event("message_start", #""message":\#(message(content: "", stopReason: "null", usage: start))"#)
    ]
    if !draft.pieces.isEmpty {
      events.append(event("content_block_start", #""index":0,"content_block":{"type":"text","text":""}"#))
      events.append(AnswerDraft.event(#"{"type":"ping"}"#, name: "ping"))
    }
    for piece in draft.pieces {
      events.append(
        event("content_block_delta", #""index":0,"delta":{"type":"text_delta","text":"\#(piece)"}"#, isContent: true))
    }
    switch draft.ending {
    case .unfinished: break
    case .failing: events.append(AnswerDraft.event(Self.failure, name: "error"))
    case .finished: events += closing
    }
    return events
  }

  private var closing: [Answer.StreamEvent] {
    let usage = draft.usage.messages(draft.vendor)
    let stop = #""delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":\#(usage)"#
    return (draft.pieces.isEmpty ? [] : [event("content_block_stop", #""index":0"#)]) + [
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
      + #""stop_sequence":null,"usage":\#(usage.messages(draft.vendor))}"#
  }
}
