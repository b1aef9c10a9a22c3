/// `/responses`: one object, or the numbered events that build it up.
struct ResponsesAnswer {
  let draft: AnswerDraft

  private static let failure = #"{"code":"server_error","message":"Provider disconnected"}"#

  var document: String {
    switch draft.ending {
    case .finished: response(status: ending, isWhole: true, usage: draft.usage.responses(draft.vendor))
    case .failing: response(status: "failed", isWhole: true, error: Self.failure)
    case .unfinished: response(status: "in_progress", isWhole: true)
    }
  }

  var events: [Answer.StreamEvent] {
    var numbered = Numbered()
    numbered.add("response.created", #""response":\#(response(status: "in_progress"))"#)
    numbered.add("response.in_progress", #""response":\#(response(status: "in_progress"))"#)
    if let call = ToolCallText(draft: draft) {
      addCall(call, &numbered)
    } else {
      addText(&numbered)
    }
    switch draft.ending {
    case .unfinished: break
    case .failing: numbered.add("response.failed", #""response":\#(document)"#)
    case .finished:
      numbered.add("response.\(ending)", #""response":\#(document)"#)
      if draft.vendor == .openrouter { numbered.events.append(AnswerDraft.event("[DONE]")) }
    }
    return numbered.events
  }

  private func addText(_ numbered: inout Numbered) {
    guard !draft.pieces.isEmpty else { return }
    let item = #"{"type":"message","id":"\#(itemID)","status":"in_progress","role":"assistant","content":[]}"#
    numbered.add("response.output_item.added", #""output_index":0,"item":\#(item)"#)
    numbered.add("response.content_part.added", #"\#(place),"part":\#(part(""))"#)
    for piece in draft.pieces {
      numbered.add("response.output_text.delta", #"\#(place),"delta":"\#(piece)","logprobs":[]"#, isContent: true)
    }
    guard draft.ending == .finished else { return }
    numbered.add("response.output_text.done", #"\#(place),"text":"\#(draft.text)","logprobs":[]"#)
    numbered.add("response.content_part.done", #"\#(place),"part":\#(part(draft.text))"#)
    numbered.add("response.output_item.done", #""output_index":0,"item":\#(output)"#)
  }

  private func addCall(_ call: ToolCallText, _ numbered: inout Numbered) {
    let place = #""item_id":"\#(call.itemID)","output_index":0"#
    let item = call.item(status: "in_progress", arguments: #""""#)
    numbered.add("response.output_item.added", #""output_index":0,"item":\#(item)"#)
    for piece in call.pieces {
      numbered.add("response.function_call_arguments.delta", #"\#(place),"delta":\#(piece)"#, isContent: true)
    }
    guard draft.ending == .finished else { return }
    numbered.add("response.function_call_arguments.done", #"\#(place),"arguments":\#(call.arguments)"#)
    numbered.add("response.output_item.done", #""output_index":0,"item":\#(output)"#)
  }

  private struct Numbered {
    var events: [Answer.StreamEvent] = []

    mutating func add(_ type: String, _ members: String, isContent: Bool = false) {
      let data = #"{"type":"\#(type)","sequence_number":\#(events.count),\#(members)}"#
      events.append(AnswerDraft.event(data, name: type, isContent: isContent))
    }
  }

  private var itemID: String { "msg_" + draft.token }
  private var place: String { #""item_id":"\#(itemID)","output_index":0,"content_index":0"# }

  /// The status of a whole answer, and the name of the event that brings it.
  private var ending: String { draft.matter.finish == .length ? "incomplete" : "completed" }

  private func part(_ text: String) -> String {
    #"{"type":"output_text","text":"\#(text)","annotations":[]}"#
  }

  /// The one item of `output`; empty where nothing was said.
  private var output: String {
    if let call = ToolCallText(draft: draft) { return call.item(status: ending, arguments: call.arguments) }
    guard !draft.pieces.isEmpty else { return "" }
    return #"{"type":"message","id":"\#(itemID)","status":"\#(ending)","role":"assistant","#
      + #""content":[\#(part(draft.text))]}"#
  }

  private func response(
    status: String, isWhole: Bool = false, usage: String = "null", error: String = "null"
  ) -> String {
    let details = status == "incomplete" ? #"{"reason":"max_output_tokens"}"# : "null"
    return #"{"id":"\#(draft.id("resp_"))","object":"response","created_at":\#(draft.created),"status":"\#(status)","#
      + #""error":\#(error),"incomplete_details":\#(details),"model":\#(draft.fields.modelLiteral),"#
      + #""output":[\#(isWhole ? output : "")]\#(draft.usageMember(usage))}"#
  }
}
