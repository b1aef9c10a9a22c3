/// Says the events of a message as the chunks of a chat's stream.

import Dialects

struct ChatEvents {
  private struct Block {
    enum Kind { case tool, thinking, other }
    var kind: Kind
    /// Among tools, or among blocks of thinking: never among all blocks.
    var number = 0
    /// A tool's input as its block began, where that held something.
    var input: [UInt8] = []
    var hasArguments = false
    var signature: [UInt8] = []
  }

  private let asked: TranslatedAnswer.Asked
  private var head: ChatHead
  private var hasBegun = false
  private var open: [Int: Block] = [:]
  private var toolCount = 0
  private var thinkingCount = 0
  private var counts = TokenCounts()
  private var stopReason: JSONSlice?

  /// Blocks that are open at once: more is no message.
  private static let openLimit = 256

  init(_ asked: TranslatedAnswer.Asked) {
    self.asked = asked
    head = ChatHead(nil, asked)
  }

  /// - Returns: whether nothing comes after it.
  mutating func read(_ name: String, _ data: [UInt8], into out: inout [UInt8]) -> Bool {
    // Relays end every stream so; a message has its own end.
    if data.starts(with: "[DONE]".utf8) { return false }
    guard let event = JSONSlice(data), event.kind == .object else {
      guard name != "error" else { return fail(AnswerFailure(prose: data, status: 502), into: &out) }
      return fail(AnswerFailure(status: 502, "an event of the answer is no JSON"), into: &out)
    }
    let kind = event["type"]?.text ?? name
    switch kind {
    case "message_start": begin(event["message"], into: &out)
    case "content_block_start": beginBlock(event, into: &out)
    case "content_block_delta": readDelta(event, into: &out)
    case "content_block_stop": endBlock(event["index"]?.integer ?? 0, into: &out)
    case "message_delta":
      stopReason = said(event["delta"]?["stop_reason"]) ?? stopReason
      counts.absorb(messages: event["usage"])
    case "message_stop":
      finish(into: &out)
      return true
    case "error": return fail(AnswerFailure(event, status: 200), into: &out)
    default: if said(event["error"]) != nil { return fail(AnswerFailure(event, status: 200), into: &out) }
    }
    return false
  }

  private func fail(_ failure: AnswerFailure, into out: inout [UInt8]) -> Bool {
    write(failure, into: &out)
    return true
  }

  /// A relay that begins anew begins the same answer.
  private mutating func begin(_ message: JSONSlice?, into out: inout [UInt8]) {
    counts.absorb(messages: message?["usage"])
    guard !hasBegun else { return }
    hasBegun = true
    head = ChatHead(message, asked)
    write(delta: Array(#""role":"assistant","content":"""#.utf8), into: &out)
  }

  // MARK: blocks

  private mutating func beginBlock(_ event: JSONSlice, into out: inout [UInt8]) {
    guard let block = event["content_block"], let type = block["type"] else { return }
    var begun = Block(kind: .other)
    if type.reads("tool_use") {
      begun = Block(kind: .tool, number: toolCount)
      toolCount += 1
      if let input = said(block["input"]), input.kind == .object { begun.input = Array(input.raw) }
      write(call: block, begun.number, into: &out)
    } else if type.reads("thinking") || type.reads("redacted_thinking") {
      begun = Block(kind: .thinking, number: thinkingCount)
      thinkingCount += 1
      begun.signature = block["signature"]?.inside.map(Array.init) ?? []
      if let data = block["data"]?.inside {
        write(detail: ReasoningDetail(data: data, index: begun.number), into: &out)
      }
      write(reasoning: block["thinking"]?.inside, begun.number, into: &out)
    } else if type.reads("text") {
      write(text: block["text"]?.inside, into: &out)
    }
    guard open.count < Self.openLimit else { return }
    open[event["index"]?.integer ?? 0] = begun
  }

  private mutating func readDelta(_ event: JSONSlice, into out: inout [UInt8]) {
    guard let delta = event["delta"], let type = delta["type"] else { return }
    let index = event["index"]?.integer ?? 0
    if type.reads("text_delta") {
      write(text: delta["text"]?.inside, into: &out)
    } else if type.reads("thinking_delta") {
      write(reasoning: delta["thinking"]?.inside, open[index]?.number ?? 0, into: &out)
    } else if type.reads("signature_delta"), let signature = delta["signature"]?.inside {
      let isShort = (open[index]?.signature.count ?? 0) + signature.count <= WholeEvents.limit
      if isShort { open[index]?.signature += signature }
    } else if type.reads("input_json_delta"), let piece = delta["partial_json"]?.inside, !piece.isEmpty,
      let block = open[index], block.kind == .tool
    {
      open[index]?.hasArguments = true
      write(arguments: piece, block.number, into: &out)
    }
  }

  private mutating func endBlock(_ index: Int, into out: inout [UInt8]) {
    guard let block = open.removeValue(forKey: index) else { return }
    switch block.kind {
    case .tool where !block.hasArguments:
      // All that it was called with stood at its beginning, or it was called with nothing.
      let input = block.input.isEmpty ? Array("{}".utf8) : block.input
      write(arguments: JSONText.escaped(input)[...], block.number, into: &out)
    case .thinking where !block.signature.isEmpty:
      write(detail: ReasoningDetail(text: [], signature: block.signature[...], index: block.number), into: &out)
    case .tool, .thinking, .other: break
    }
  }

  private mutating func finish(into out: inout [UInt8]) {
    for index in open.keys.sorted() { endBlock(index, into: &out) }
    // Without a reason it has stopped, and not ended.
    guard let stopReason else { return }
    write(delta: [], finish: stopReason, into: &out)
    if asked.wantsUsage, let usage = counts.chat {
      out.write("data: ")
      head.write("chat.completion.chunk", into: &out)
      out.write(#","choices":[],"usage":"#)
      out += usage
      out.write("}\n\n")
    }
    out.write("data: [DONE]\n\n")
  }
}

// MARK: chunks

extension ChatEvents {
  private func write(delta: [UInt8], finish: JSONSlice? = nil, into out: inout [UInt8]) {
    out.write("data: ")
    head.write("chat.completion.chunk", into: &out)
    out.write(#","choices":[{"index":0,"delta":{"#)
    out += delta
    out.write("}")
    ChatHead.write(finish: finish, into: &out)
    out.write("}]}\n\n")
  }

  private func write(text: ArraySlice<UInt8>?, into out: inout [UInt8]) {
    guard let text, !text.isEmpty else { return }
    var delta: [UInt8] = []
    delta.write(#""content":"#)
    delta.write(inside: text)
    write(delta: delta, into: &out)
  }

  private func write(reasoning text: ArraySlice<UInt8>?, _ number: Int, into out: inout [UInt8]) {
    guard let text, !text.isEmpty, !asked.hidesReasoning else { return }
    var delta: [UInt8] = []
    delta.write(#""reasoning":"#)
    delta.write(inside: text)
    delta.write(#","reasoning_details":["#)
    delta += ReasoningDetail(text: text, signature: [], index: number).json
    delta.write("]")
    write(delta: delta, into: &out)
  }

  private func write(detail: ReasoningDetail, into out: inout [UInt8]) {
    guard !asked.hidesReasoning else { return }
    write(delta: Array(#""reasoning_details":["#.utf8) + detail.json + Array("]".utf8), into: &out)
  }

  private func write(call block: JSONSlice, _ number: Int, into out: inout [UInt8]) {
    var delta: [UInt8] = []
    delta.write(#""tool_calls":[{"index":"#)
    delta.write(number)
    delta.write(#","id":"#)
    delta.write(inside: block["id"]?.inside ?? [])
    delta.write(#","type":"function","function":{"name":"#)
    delta.write(inside: block["name"]?.inside ?? [])
    delta.write(#","arguments":""}}]"#)
    write(delta: delta, into: &out)
  }

  private func write(arguments piece: ArraySlice<UInt8>, _ number: Int, into out: inout [UInt8]) {
    var delta: [UInt8] = []
    delta.write(#""tool_calls":[{"index":"#)
    delta.write(number)
    delta.write(#","function":{"arguments":"#)
    delta.write(inside: piece)
    delta.write("}}]")
    write(delta: delta, into: &out)
  }

  /// As OpenRouter ends a stream that fails: nothing comes after it.
  func write(_ failure: AnswerFailure, into out: inout [UInt8]) {
    out.write("data: ")
    head.write("chat.completion.chunk", into: &out)
    out.write(#","error":"#)
    out += failure.chat
    out.write(#","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#)
    out.write("\n\n")
  }
}
