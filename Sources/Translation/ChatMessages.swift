/// Says Anthropic's turns as a chat's messages: each tool's result a message of its own, before what the user says.

import Dialects

struct ChatMessages {
  private let policy: ChatPolicy
  private(set) var messages: [[UInt8]] = []
  /// The ids of the last assistant's calls that have no result yet.
  private var calls: [[UInt8]] = []

  init(_ policy: ChatPolicy) { self.policy = policy }

  mutating func readSystem(_ system: JSONSlice?) throws(Untranslatable) {
    guard let system = said(system) else { return }
    var parts = ChatParts(keepsMarks: policy.keepsCacheControl, joint: #"\n\n"#)
    if let text = system.inside { parts.add(text, mark: nil) }
    for block in system.elements {
      guard let text = block["text"]?.inside else { throw .contentPart }
      // Claude Code's, and new with every request.
      if !text.starts(with: "x-anthropic-billing-header:".utf8) { parts.add(text, mark: block["cache_control"]) }
    }
    add(role: "system", parts)
  }

  mutating func read(_ message: JSONSlice) throws(Untranslatable) {
    guard let role = message["role"], let content = message["content"] else { throw .unreadable }
    if role.reads("user") {
      try readUser(content)
    } else if role.reads("assistant") {
      if !calls.isEmpty { throw .orphanToolResult }
      try readAssistant(content)
    } else if role.reads("system") {
      try readSystem(content)
    } else {
      throw .unreadable
    }
  }

  private mutating func add(role: StaticString, _ parts: ChatParts) {
    guard let content = parts.content else { return }
    var out: [UInt8] = []
    out.write(#"{"role":""#)
    out.write(role)
    out.write(#"","content":"#)
    out += content
    out.write("}")
    messages.append(out)
  }

  // MARK: the user

  private mutating func readUser(_ content: JSONSlice) throws(Untranslatable) {
    var parts = ChatParts(keepsMarks: policy.keepsCacheControl)
    if let text = content.inside { parts.add(text, mark: nil) }
    for block in content.elements {
      if block["type"]?.reads("tool_result") == true { try readResult(block) } else { try parts.read(block) }
    }
    if !calls.isEmpty { throw .orphanToolResult }
    add(role: "user", parts)
  }

  private mutating func readResult(_ block: JSONSlice) throws(Untranslatable) {
    guard let id = block["tool_use_id"]?.inside.map(Array.init), let place = calls.firstIndex(of: id) else {
      throw .orphanToolResult
    }
    calls.remove(at: place)
    var parts = ChatParts(keepsMarks: policy.keepsCacheControl)
    let content = said(block["content"])
    if let text = content?.inside { parts.add(text, mark: block["cache_control"]) }
    for part in content?.elements ?? [] {
      // A chat's tools answer in text alone.
      guard part["type"]?.reads("text") == true else { throw .contentPart }
      try parts.read(part)
    }
    var out: [UInt8] = []
    out.write(#"{"role":"tool","tool_call_id":"#)
    out.write(inside: id)
    out.write(#","content":"#)
    out += parts.content ?? Array(#""""#.utf8)
    out.write("}")
    messages.append(out)
  }

  // MARK: the assistant

  private mutating func readAssistant(_ content: JSONSlice) throws(Untranslatable) {
    var parts = ChatParts(keepsMarks: policy.keepsCacheControl)
    var toolCalls: [[UInt8]] = []
    var details: [[UInt8]] = []
    if let text = content.inside { parts.add(text, mark: nil) }
    for block in content.elements {
      guard let type = block["type"] else { throw .unreadable }
      if type.reads("tool_use") {
        toolCalls.append(try call(block))
      } else if type.reads("thinking") || type.reads("redacted_thinking") {
        details.append(Self.detail(block, index: details.count))
      } else if type.reads("text") {
        try parts.read(block)
      } else {
        throw type.text?.contains("tool") == true ? .serverTools : .contentPart
      }
    }
    var out: [UInt8] = []
    out.write(#"{"role":"assistant","content":"#)
    out += parts.content ?? Array("null".utf8)
    if policy.reasoning == .openRouter, !details.isEmpty {
      out.write(#","reasoning_details":"#)
      out.write(list: details)
    }
    if !toolCalls.isEmpty {
      out.write(#","tool_calls":"#)
      out.write(list: toolCalls)
    }
    out.write("}")
    if parts.content != nil || !toolCalls.isEmpty { messages.append(out) }
  }

  private mutating func call(_ block: JSONSlice) throws(Untranslatable) -> [UInt8] {
    guard let id = block["id"]?.inside, let name = block["name"]?.inside, let input = block["input"] else {
      throw .unreadable
    }
    calls.append(Array(id))
    return ChatCall(id: id, name: name, arguments: Array(input.raw)).json
  }

  private static func detail(_ block: JSONSlice, index: Int) -> [UInt8] {
    var out: [UInt8] = []
    if let data = block["data"] {
      out.write(#"{"type":"reasoning.encrypted","data":"#)
      out.write(data)
    } else {
      out.write(#"{"type":"reasoning.text","text":"#)
      out.write(inside: block["thinking"]?.inside ?? [])
      if let signature = said(block["signature"]) {
        out.write(#","signature":"#)
        out.write(signature)
      }
    }
    out.write(#","format":"anthropic-claude-v1","index":"#)
    out.write(index)
    out.write("}")
    return out
  }
}
