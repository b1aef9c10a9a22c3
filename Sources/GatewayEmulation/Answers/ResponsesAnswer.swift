/// `/responses`: one object, or the numbered events that build it up.
struct ResponsesAnswer {
  let draft: AnswerDraft

  private static let failure = #"{"code":"server_error","message":"Provider disconnected"}"#

  var document: String {
    switch draft.ending {
    case .finished: response(status: "completed", text: draft.text, usage: draft.usage.responses(draft.vendor))
    case .failing: response(status: "failed", text: draft.text, usage: "null", error: Self.failure)
    case .unfinished: response(status: "in_progress", text: draft.text, usage: "null")
    }
  }

  var events: [Answer.StreamEvent] {
    var numbered = Numbered()
    numbered.add("response.created", #""response":\#(response(status: "in_progress", text: "", usage: "null"))"#)
    numbered.add("response.in_progress", #""response":\#(response(status: "in_progress", text: "", usage: "null"))"#)
    if !draft.pieces.isEmpty {
      let item = #"{"type":"message","id":"\#(itemID)","status":"in_progress","role":"assistant","content":[]}"#
      numbered.add("response.output_item.added", #""output_index":0,"item":\#(item)"#)
      numbered.add("response.content_part.added", #"\#(place),"part":\#(part(""))"#)
    }
    for piece in draft.pieces {
      numbered.add("response.output_text.delta", #"\#(place),"delta":"\#(piece)","logprobs":[]"#, isContent: true)
    }
    switch draft.ending {
    case .unfinished: break
    case .failing: numbered.add("response.failed", #""response":\#(document)"#)
    case .finished: finish(&numbered)
    }
    return numbered.events
  }

  private func finish(_ numbered: inout Numbered) {
    if !draft.pieces.isEmpty {
      numbered.add("response.output_text.done", #"\#(place),"text":"\#(draft.text)","logprobs":[]"#)
      numbered.add("response.content_part.done", #"\#(place),"part":\#(part(draft.text))"#)
      numbered.add("response.output_item.done", #""output_index":0,"item":\#(item(draft.text))"#)
    }
    numbered.add("response.completed", #""response":\#(document)"#)
    if draft.vendor == .openrouter { numbered.events.append(AnswerDraft.event("[DONE]")) }
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

  private func part(_ text: String) -> String {
    #"{"type":"output_text","text":"\#(text)","annotations":[]}"#
  }

  private func item(_ text: String) -> String {
    #"{"type":"message","id":"\#(itemID)","status":"completed","role":"assistant","content":[\#(part(text))]}"#
  }

  private func response(status: String, text: String, usage: String, error: String = "null") -> String {
    #"{"id":"\#(draft.id("resp_"))","object":"response","created_at":\#(draft.created),"status":"\#(status)","#
      + #""error":\#(error),"incomplete_details":null,"model":\#(draft.fields.modelLiteral),"#
      + #""output":[\#(text.isEmpty ? "" : item(text))],"usage":\#(usage)}"#
  }
}
