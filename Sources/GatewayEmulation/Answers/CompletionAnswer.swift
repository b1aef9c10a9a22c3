/// Legacy completions: the chat stream's manners around a bare text.
struct CompletionAnswer {
  let draft: AnswerDraft

  var document: String {
    let usage = draft.ending == .unfinished ? "" : draft.usageMember(draft.usage.chat(draft.vendor, streamed: false))
    return #"{\#(opening),"choices":[\#(choice(draft.text, finish: finishReason))]\#(usage)}"#
  }

  var events: [Answer.StreamEvent] {
    var events = draft.pieces.map {
      AnswerDraft.event(#"{\#(opening),"choices":[\#(choice($0, finish: "null"))]}"#, isContent: true)
    }
    switch draft.ending {
    case .unfinished:
      break
    case .failing:
      events.append(
        AnswerDraft.event(
          #"{\#(opening),"error":{"code":502,"message":"Provider disconnected"},"#
            + #""choices":[\#(choice("", finish: #""error""#))]}"#))
    case .finished:
      events.append(AnswerDraft.event(#"{\#(opening),"choices":[\#(choice("", finish: finishReason))]}"#))
      if draft.reportsUsage, draft.vendor == .openrouter || draft.fields.includesUsage {
        let usage = draft.usage.chat(draft.vendor, streamed: true)
        events.append(AnswerDraft.event(#"{\#(opening),"choices":[],"usage":\#(usage)}"#))
      }
      events.append(AnswerDraft.event("[DONE]"))
    }
    return events
  }

  private var opening: String {
    #""id":"\#(draft.id("cmpl-"))","object":"text_completion","created":\#(draft.created),"#
      + #""model":\#(draft.fields.modelLiteral)"#
  }

  private func choice(_ text: String, finish: String) -> String {
    #"{"text":"\#(text)","index":0,"logprobs":null,"finish_reason":\#(finish)}"#
  }

  private var finishReason: String {
    switch draft.ending {
    case .finished: draft.chatFinish
    case .failing: #""error""#
    case .unfinished: "null"
    }
  }
}
