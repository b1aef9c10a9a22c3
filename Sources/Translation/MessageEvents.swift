/// Says the chunks of a chat's stream as the events of a message: one block open at a time, each of one kind.

import Dialects

/// A chat may bring its tools' arguments by turns. A tool that is not whole keeps its block open, and what else comes
/// waits for a block of its own.
struct MessageEvents {
  private var hasBegun = false
  private var blocks = BlockQueue()
  /// The call that the pieces under an index belong to.
  private var calls: [Int: Call] = [:]
  private var callCount = 0
  private var finishReason: JSONSlice?
  private var isRefusal = false
  private var counts = TokenCounts()

  private struct Call {
    var number: Int
    var id: [UInt8]?
  }

  /// - Returns: whether nothing comes after it.
  mutating func read(_ name: String, _ data: [UInt8], into out: inout [UInt8]) -> Bool {
    if data.starts(with: "[DONE]".utf8) {
      finish(into: &out)
      return true
    }
    guard let chunk = JSONSlice(data), chunk.kind == .object else {
      guard name != "error" else { return fail(AnswerFailure(prose: data, status: 502), into: &out) }
      return fail(AnswerFailure(status: 502, "an event of the answer is no JSON"), into: &out)
    }
    if name == "error" || said(chunk["error"]) != nil { return fail(AnswerFailure(chunk, status: 200), into: &out) }
    counts.absorb(chat: chunk["usage"])
    guard let choice = chunk["choices"]?.elements.first else { return false }
    if !hasBegun {
      hasBegun = true
      Self.write("message_start", into: &out) {
        $0.write(#","message":"#)
        Self.writeHead(chunk, content: [], into: &$0)
        $0.write(#","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}"#)
      }
    }
    if let delta = said(choice["delta"]) ?? said(choice["message"]) { read(delta, into: &out) }
    if let error = said(choice["error"]) { return fail(AnswerFailure(error, status: 200), into: &out) }
    if let reason = said(choice["finish_reason"]), reason.inside?.isEmpty == false {
      if reason.reads("error") { return fail(AnswerFailure(status: 502, "the answer ended in an error"), into: &out) }
      finishReason = reason
    }
    if blocks.isTooLong { return fail(AnswerFailure(status: 502, "more of the answer waits than is kept"), into: &out) }
    return false
  }

  private mutating func fail(_ failure: AnswerFailure, into out: inout [UInt8]) -> Bool {
    Self.write(failure, into: &out)
    return true
  }

  // MARK: what a chunk brings

  private mutating func read(_ delta: JSONSlice, into out: inout [UInt8]) {
    for piece in ChatReasoning(delta).pieces {
      switch piece {
      case .text(let text): blocks.add(text, to: .thinking, into: &out)
      case .signature(let signature): blocks.sign(signature, into: &out)
      case .redacted(let data): blocks.add(data, to: .redacted, into: &out)
      }
    }
    if let text = delta["content"]?.inside {
      blocks.add(text, to: .text, into: &out)
    } else {
      for part in delta["content"]?.elements ?? [] {
        if let text = part["text"]?.inside { blocks.add(text, to: .text, into: &out) }
      }
    }
    if let refusal = delta["refusal"]?.inside, !refusal.isEmpty {
      isRefusal = true
      blocks.add(refusal, to: .text, into: &out)
    }
    for (position, piece) in (delta["tool_calls"]?.elements ?? []).enumerated() {
      readCall(piece, at: position, into: &out)
    }
  }

  /// The index tells calls apart, and another id under the same index does so as well.
  private mutating func readCall(_ piece: JSONSlice, at position: Int, into out: inout [UInt8]) {
    let index = piece["index"]?.integer ?? position
    let id = piece["id"].flatMap(ToolID.inside)
    let name = piece["function"]?["name"]?.inside
    if let known = calls[index], id == nil || known.id == nil || known.id == id || name?.isEmpty != false {
      calls[index]?.id = known.id ?? id
    } else {
      guard callCount < Self.callLimit else { return }
      calls[index] = Call(number: callCount, id: id)
      callCount += 1
    }
    guard let call = calls[index] else { return }
    let arguments = piece["function"]?["arguments"]
    blocks.call(
      call.number, id: call.id, name: name,
      arguments: arguments?.inside ?? (arguments?.kind == .object ? JSONText.escaped(arguments?.raw ?? [])[...] : []),
      into: &out)
  }

  private static let callLimit = 256

  /// The arm's stream has ended: with a finish reason so has its answer.
  mutating func finish(into out: inout [UInt8]) {
    guard let finishReason else { return }
    blocks.finish(into: &out)
    let (counts, isRefusal, calls) = (counts, isRefusal, callCount > 0)
    Self.write("message_delta", into: &out) {
      $0.write(#","delta":{"stop_reason":""#)
      $0.write(isRefusal ? "refusal" : AnswerEnding.messages(finishReason, calls: calls))
      $0.write(#"","stop_sequence":null},"usage":"#)
      $0 += counts.messages
    }
    Self.write("message_stop", into: &out) { _ in }
  }
}

// MARK: events

extension MessageEvents {
  static func write(_ name: StaticString, into out: inout [UInt8], _ members: (inout [UInt8]) -> Void) {
    out.write("event: ")
    out.write(name)
    out.write("\ndata: {\"type\":\"")
    out.write(name)
    out.write("\"")
    members(&out)
    out.write("}\n\n")
  }

  static func write(_ failure: AnswerFailure, into out: inout [UInt8]) {
    out.write("event: error\ndata: ")
    out += failure.messages
    out.write("\n\n")
  }

  /// A message as far as its content.
  static func writeHead(_ answer: JSONSlice, content: [[UInt8]], into out: inout [UInt8]) {
    out.write(#"{"id":"#)
    out.write(inside: answer["id"]?.inside ?? [])
    out.write(#","type":"message","role":"assistant","model":"#)
    out.write(inside: answer["model"]?.inside ?? [])
    out.write(#","content":"#)
    out.write(list: content)
  }

  /// - Parameter id: nil where the arm names none.
  static func writeTool(
    _ id: [UInt8]?, _ number: Int, _ name: ArraySlice<UInt8>, input: [UInt8], into out: inout [UInt8]
  ) {
    out.write(#"{"type":"tool_use","id":"#)
    out.write(inside: id ?? Array("toolu_\(number)".utf8))
    out.write(#","name":"#)
    out.write(inside: name)
    out.write(#","input":"#)
    out += input
    out.write("}")
  }
}
