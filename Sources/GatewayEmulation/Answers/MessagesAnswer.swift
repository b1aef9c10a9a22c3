/// Anthropic messages: one message, or the named events that build it up.
struct MessagesAnswer {
  let draft: AnswerDraft

  static let failure = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#

  /// A block of the message, whole and as a stream tells it.
  private struct Block {
    var whole: String
    var begun: String
    var deltas: [String]
  }

  var document: String {
    let ending =
      switch draft.ending {
      case .finished: stopReason
      case .failing: #""error""#
      case .unfinished: "null"
      }
    return message(
      content: blocks.map(\.whole).joined(separator: ","), stopReason: ending, usage: draft.usage)
  }

  var events: [Answer.StreamEvent] {
    var start = draft.usage
    start.completion = 1
    start.completionUSD = 0
    var events = [
      event("message_start", #""message":\#(message(content: "", stopReason: "null", usage: start))"#)
    ]
    let blocks = blocks
    for (index, block) in blocks.enumerated() {
      events.append(event("content_block_start", #""index":\#(index),"content_block":\#(block.begun)"#))
      if index == 0 { events.append(AnswerDraft.event(#"{"type":"ping"}"#, name: "ping")) }
      for delta in block.deltas {
        events.append(event("content_block_delta", #""index":\#(index),"delta":\#(delta)"#, isContent: true))
      }
      // What breaks off breaks off inside its last block.
      if draft.ending == .finished || index < blocks.count - 1 {
        events.append(event("content_block_stop", #""index":\#(index)"#))
      }
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
    return [event("message_delta", stop), AnswerDraft.event(#"{"type":"message_stop"}"#, name: "message_stop")]
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

  // MARK: Blocks

  private var blocks: [Block] { (draft.thought.map(thinking) ?? []) + said }

  private func thinking(_ thought: SignedThought) -> [Block] {
    let text = JSONText.literal(thought.text)
    let pieces = thought.text.isEmpty ? [] : TextPieces.of(thought.text, count: nil)
    let block = Block(
      whole: #"{"type":"thinking","thinking":\#(text),"signature":"\#(thought.signature)"}"#,
      begun: #"{"type":"thinking","thinking":"","signature":""}"#,
      deltas: pieces.map { #"{"type":"thinking_delta","thinking":\#(JSONText.literal($0))}"# }
        + [#"{"type":"signature_delta","signature":"\#(thought.signature)"}"#])
    guard let data = thought.redacted else { return [block] }
    let redacted = #"{"type":"redacted_thinking","data":"\#(data)"}"#
    return [block, Block(whole: redacted, begun: redacted, deltas: [])]
  }

  /// The text or the call; nothing where the answer is empty.
  private var said: [Block] {
    if let call = ToolCallText(draft: draft) {
      return [
        Block(
          whole: call.block(input: Self.input(call)), begun: call.block(input: "{}"),
          deltas: call.pieces.map { #"{"type":"input_json_delta","partial_json":\#($0)}"# })
      ]
    }
    guard !draft.pieces.isEmpty else { return [] }
    return [
      Block(
        whole: #"{"type":"text","text":"\#(draft.text)"}"#, begun: #"{"type":"text","text":""}"#,
        deltas: draft.pieces.map { #"{"type":"text_delta","text":"\#($0)"}"# })
    ]
  }

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
