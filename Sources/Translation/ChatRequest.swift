/// Says a request in Anthropic's messages as chat completions, or why that cannot be done without losing something.

package import Dialects

package struct ChatRequest: Sendable, Equatable {
  package var body: [UInt8]
  package var asksForStream: Bool

  /// - Parameters:
  ///   - messages: the request's body, without what the arm is not to see.
  ///   - policy: what the arm takes.
  /// - Throws: why the request stays where it is.
  package init(messages: [UInt8], _ policy: ChatPolicy) throws(Untranslatable) {
    guard let request = JSONSlice(messages), request.kind == .object else { throw .unreadable }
    if said(request["container"]) != nil { throw .storedState }
    if let servers = request["mcp_servers"], !servers.elements.isEmpty { throw .serverTools }
    asksForStream = request["stream"]?.isTrue == true
    var chat = ChatMessages(policy)
    try chat.readSystem(request["system"])
    guard let turns = request["messages"], turns.kind == .array, !turns.elements.isEmpty else { throw .unreadable }
    for message in turns.elements { try chat.read(message) }

    var out: [UInt8] = []
    out.reserveCapacity(messages.count + 256)
    out.write(#"{"model":"#)
    out.write(quoted: policy.model)
    out.write(#","messages":"#)
    out.write(list: chat.messages)
    try Self.writeTools(request, policy, into: &out)
    Self.copy(request, into: &out)
    Self.writeReasoning(request, policy, into: &out)
    try Self.writeFormat(request["output_config"]?["format"] ?? request["output_format"], into: &out)
    if asksForStream { out.write(#","stream":true,"stream_options":{"include_usage":true}"#) }
    out.write("}")
    body = out
  }

  private static func copy(_ request: JSONSlice, into out: inout [UInt8]) {
    let names: [(StaticString, StaticString)] = [
      ("max_tokens", #","max_tokens":"#), ("temperature", #","temperature":"#), ("top_p", #","top_p":"#),
      ("top_k", #","top_k":"#),
    ]
    for (name, written) in names {
      guard let value = said(request[name]) else { continue }
      out.write(written)
      out.write(value)
    }
    if let stops = request["stop_sequences"], !stops.elements.isEmpty {
      out.write(#","stop":"#)
      out.write(stops)
    }
    if let user = request["metadata"]?["user_id"]?.inside {
      out.write(#","user":"#)
      out.write(inside: user)
    }
  }

  private static func writeReasoning(_ request: JSONSlice, _ policy: ChatPolicy, into out: inout [UInt8]) {
    let thinking = said(request["thinking"])
    let isOn = thinking?["type"].map { !$0.reads("disabled") } ?? false
    let budget = said(thinking?["budget_tokens"])
    let effort = said(request["output_config"]?["effort"])
    switch policy.reasoning {
    case .none: break
    case .effort:
      guard isOn else { return }
      out.write(#","reasoning_effort":"#)
      if let effort { out.write(effort) } else { out.write(quoted: Self.effort(of: budget?.integer)) }
    case .openRouter:
      if isOn {
        out.write(#","reasoning":{"#)
        if let budget {
          out.write(#""max_tokens":"#)
          out.write(budget)
        } else if let effort {
          out.write(#""effort":"#)
          out.write(effort)
        } else {
          out.write(#""enabled":true"#)
        }
        out.write("}")
      } else if let effort {
        // Without thinking it is what OpenRouter calls verbosity.
        out.write(#","verbosity":"#)
        out.write(effort)
      }
    }
  }

  private static func effort(of budget: Int?) -> String {
    switch budget ?? 8192 {
    case ..<4096: "low"
    case ..<16384: "medium"
    default: "high"
    }
  }

  private static func writeFormat(_ format: JSONSlice?, into out: inout [UInt8]) throws(Untranslatable) {
    guard let format = said(format) else { return }
    guard format["type"]?.reads("json_schema") == true, let schema = format["schema"] else {
      throw .schemaNotExpressible
    }
    out.write(#","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":"#)
    out.write(schema)
    out.write("}}")
  }

  private static func writeTools(
    _ request: JSONSlice, _ policy: ChatPolicy, into out: inout [UInt8]
  ) throws(Untranslatable) {
    let tools = request["tools"]?.elements ?? []
    guard !tools.isEmpty else { return }
    out.write(#","tools":["#)
    for tool in tools {
      out.separate()
      try write(tool, policy, into: &out)
    }
    out.write("]")
    guard let choice = said(request["tool_choice"]), let type = choice["type"] else { return }
    out.write(#","tool_choice":"#)
    if type.reads("tool"), let name = choice["name"] {
      out.write(#"{"type":"function","function":{"name":"#)
      out.write(name)
      out.write("}}")
    } else if type.reads("any") {
      out.write(#""required""#)
    } else {
      out.write(type)
    }
    if choice["disable_parallel_tool_use"]?.isTrue == true { out.write(#","parallel_tool_calls":false"#) }
  }

  private static func write(
    _ tool: JSONSlice, _ policy: ChatPolicy, into out: inout [UInt8]
  ) throws(Untranslatable) {
    if let type = said(tool["type"]), !type.reads("custom") {
      // The application runs some of Anthropic's own tools and the vendor others; nobody else knows either kind.
      let isClients = ["bash", "text_editor", "computer", "memory"].contains { type.text?.hasPrefix($0) == true }
      throw isClients ? .schemaNotExpressible : .serverTools
    }
    guard let name = tool["name"], let schema = tool["input_schema"] else { throw .unreadable }
    out.write(#"{"type":"function","function":{"name":"#)
    out.write(name)
    if let description = said(tool["description"]) {
      out.write(#","description":"#)
      out.write(description)
    }
    out.write(#","parameters":"#)
    out.write(schema)
    if tool["strict"]?.isTrue == true { out.write(#","strict":true"#) }
    out.write("}")
    if policy.keepsCacheControl, let mark = said(tool["cache_control"]) {
      out.write(#","cache_control":"#)
      out.write(mark)
    }
    out.write("}")
  }
}
