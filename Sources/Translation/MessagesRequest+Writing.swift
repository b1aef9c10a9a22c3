/// Writes the parts of a messages request: tools, conversation, thinking, sampling.

import Dialects

extension MessagesRequest {
  static func write(_ tools: ChatTools, _ marks: inout CacheMarks, into out: inout [UInt8]) {
    guard !tools.tools.isEmpty else { return }
    out.write(#","tools":["#)
    for tool in tools.tools {
      out.separate()
      out += tool.open
      marks.write(tool.mark, into: &out)
      out.write("}")
    }
    out.write("]")
    if let choice = tools.choice {
      out.write(#","tool_choice":"#)
      out += choice
    }
  }

  static func write(_ conversation: ChatConversation, _ marks: inout CacheMarks, into out: inout [UInt8]) {
    if !conversation.system.isEmpty {
      out.write(#","system":"#)
      marks.write(conversation.system, into: &out)
    }
    out.write(#","messages":["#)
    for turn in conversation.turns {
      out.separate()
      out.write(turn.isUser ? #"{"role":"user","content":"# : #"{"role":"assistant","content":"#)
      marks.write(turn.all, into: &out)
      out.write("}")
    }
    out.write("]")
  }

  static func write(_ reasoning: AskedReasoning, _ format: [UInt8]?, into out: inout [UInt8]) {
    if let thinking = reasoning.thinking {
      out.write(#","thinking":"#)
      out += thinking
    }
    guard reasoning.effort != nil || format != nil else { return }
    out.write(#","output_config":{"#)
    if let effort = reasoning.effort {
      out.write(#""effort":"#)
      out.write(quoted: effort.rawValue)
    }
    if let format {
      out.separate()
      out.write(#""format":"#)
      out += format
    }
    out.write("}")
  }

  static func writeSampling(
    _ request: JSONSlice, _ policy: MessagesPolicy, _ reasoning: AskedReasoning, into out: inout [UInt8]
  ) throws(Untranslatable) {
    try writeStops(said(request["stop"]), into: &out)
    let temperature = said(request["temperature"])
    let topP = said(request["top_p"])
    let topK = said(request["top_k"])
    guard temperature != nil || topP != nil || topK != nil else { return }
    switch policy.sampling {
    case .takes: break
    case .drops: return
    case .refuses: throw .samplingRefused
    }
    // Thinking is sampled in its own way.
    guard !reasoning.isOn else { return }
    let (isWarm, isNarrow) = (temperature?.double != 1, topP?.double != 1)
    if !policy.takesBothSamplings, temperature != nil, topP != nil, isWarm, isNarrow { throw .samplingRefused }
    // A 1 means nothing: of two that do not go together the other one is sent.
    if let topP, isNarrow { write(#","top_p":"#, topP, into: &out) }
    if let temperature, policy.takesBothSamplings || isWarm || !isNarrow || topP == nil {
      // OpenAI's scale goes on to 2.
      if let degrees = temperature.double, degrees > 1 {
        out.write(#","temperature":1"#)
      } else {
        write(#","temperature":"#, temperature, into: &out)
      }
    }
    if let topK, (topK.integer ?? 0) > 0 { write(#","top_k":"#, topK, into: &out) }
  }

  private static func write(_ name: StaticString, _ value: JSONSlice, into out: inout [UInt8]) {
    out.write(name)
    out.write(value)
  }

  private static func writeStops(_ stop: JSONSlice?, into out: inout [UInt8]) throws(Untranslatable) {
    let stops = stop.map { $0.kind == .array ? $0.elements : [$0] } ?? []
    guard !stops.isEmpty else { return }
    out.write(#","stop_sequences":["#)
    for stop in stops {
      // Space alone is refused, and nothing else stops where it would.
      guard let inside = stop.inside, !isBlank(inside) else { throw .samplingRefused }
      out.separate()
      out.write(inside: inside)
    }
    out.write("]")
  }
}
