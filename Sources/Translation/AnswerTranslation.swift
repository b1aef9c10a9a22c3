/// Says a whole answer, or a whole error, in the other dialect.

import Dialects

struct AnswerTranslation {
  let target: TranslatedAnswer.Target
  let status: Int
  let asked: TranslatedAnswer.Asked

  func document(_ body: [UInt8]) -> [UInt8] {
    guard let answer = JSONSlice(body) else {
      let message = "the answer is no JSON"
      return failure(status < 400 ? AnswerFailure(status: 502, message) : AnswerFailure(prose: body, status: status))
    }
    let isError = status >= 400 || answer.kind != .object || said(answer["error"]) != nil
    if isError { return failure(AnswerFailure(answer, status: status)) }
    switch target {
    case .chat: return chat(answer)
    case .messages: return message(answer) ?? failure(AnswerFailure(status: 502, "a tool's arguments are no JSON"))
    }
  }

  func failure(_ failure: AnswerFailure) -> [UInt8] {
    guard target == .chat else { return failure.messages }
    return Array(#"{"error":"#.utf8) + failure.chat + Array("}".utf8)
  }

  // MARK: a message as a chat's answer

  private func chat(_ answer: JSONSlice) -> [UInt8] {
    var text: [UInt8] = []
    var hasText = false
    var reasoning: [UInt8] = []
    var details: [[UInt8]] = []
    var calls: [[UInt8]] = []
    for block in answer["content"]?.elements ?? [] {
      guard let type = block["type"] else { continue }
      if type.reads("text"), let piece = block["text"]?.inside {
        text += piece
        hasText = true
      } else if type.reads("thinking") || type.reads("redacted_thinking") {
        reasoning += block["thinking"]?.inside ?? []
        details.append(ReasoningDetail(block, index: details.count).json)
      } else if type.reads("tool_use"), let call = ChatCall(block)?.json {
        calls.append(call)
      }
    }
    var out: [UInt8] = []
    ChatHead(answer, asked).write("chat.completion", into: &out)
    out.write(#","choices":[{"index":0,"message":{"role":"assistant","content":"#)
    if hasText { out.write(inside: text) } else { out.write("null") }
    out.write(#","refusal":null"#)
    if !asked.hidesReasoning, !details.isEmpty {
      if !reasoning.isEmpty {
        out.write(#","reasoning":"#)
        out.write(inside: reasoning)
      }
      out.write(#","reasoning_details":"#)
      out.write(list: details)
    }
    if !calls.isEmpty {
      out.write(#","tool_calls":"#)
      out.write(list: calls)
    }
    out.write("}")
    ChatHead.write(finish: said(answer["stop_reason"]), into: &out)
    out.write("}]")
    var counts = TokenCounts()
    counts.absorb(messages: answer["usage"])
    if let usage = counts.chat {
      out.write(#","usage":"#)
      out += usage
    }
    out.write("}")
    return out
  }

  // MARK: a chat's answer as a message

  private func message(_ answer: JSONSlice) -> [UInt8]? {
    let choice = answer["choices"]?.elements.first
    let message = choice?["message"]
    var content: [[UInt8]] = ChatReasoning(message).blocks
    let texts = said(message?["content"]).map {
      $0.inside.map { [$0] } ?? $0.elements.compactMap { $0["text"]?.inside }
    }
    for text in (texts ?? []) + [message?["refusal"]?.inside].compactMap(\.self) where !text.isEmpty {
      content.append(Array(#"{"type":"text","text":""#.utf8) + text + Array(#""}"#.utf8))
    }
    let calls = message?["tool_calls"]?.elements ?? []
    for (number, call) in calls.enumerated() {
      guard let block = Self.block(call, number) else { return nil }
      content.append(block)
    }
    var out: [UInt8] = []
    MessageEvents.writeHead(answer, content: content, into: &out)
    out.write(#","stop_reason":"#)
    if let reason = said(choice?["finish_reason"]) {
      let isRefusal = message?["refusal"]?.inside.map { !$0.isEmpty } ?? false
      out.write(#"""#)
      out.write(isRefusal ? "refusal" : AnswerEnding.messages(reason, calls: !calls.isEmpty))
      out.write(#"""#)
    } else {
      out.write("null")
    }
    var counts = TokenCounts()
    counts.absorb(chat: answer["usage"])
    out.write(#","stop_sequence":null,"usage":"#)
    out += counts.messages
    out.write("}")
    return out
  }

  private static func block(_ call: JSONSlice, _ number: Int) -> [UInt8]? {
    guard let name = call["function"]?["name"]?.inside,
      let input = try? ChatConversation.arguments(call["function"]?["arguments"])
    else { return nil }
    var out: [UInt8] = []
    MessageEvents.writeTool(call["id"].flatMap(ToolID.inside), number, name, input: input, into: &out)
    return out
  }
}
