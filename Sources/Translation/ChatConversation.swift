/// Gathers a chat's messages into Anthropic's turns: system apart, one turn after another, each tool's result behind its
/// call.

import Dialects

struct ChatConversation {
  struct Turn {
    let isUser: Bool
    /// Results of the tools that the turn before called, in the order of their calls' results; they go first.
    var results: [(id: [UInt8], block: MessageBlock)] = []
    var blocks: [MessageBlock] = []
    /// The ids of an assistant's calls.
    var calls: [[UInt8]] = []
    /// Reasoning of it was there, and its signed blocks were not.
    var lostReasoning = false
    var hasThinking = false

    var isEmpty: Bool { results.isEmpty && blocks.isEmpty }
    var all: [MessageBlock] { results.map(\.block) + blocks }
  }

  private(set) var system: [MessageBlock] = []
  private(set) var turns: [Turn] = []

  /// - Parameter messages: the chat's list.
  init(_ messages: JSONSlice?) throws(Untranslatable) {
    guard let messages, messages.kind == .array else { throw .unreadable }
    for message in messages.elements { try read(message) }
    turns.removeAll(where: \.isEmpty)
    guard let first = turns.first else { throw .unreadable }
    guard first.isUser else { throw .prefill }
    try checkResults()
  }

  private mutating func read(_ message: JSONSlice) throws(Untranslatable) {
    guard let role = message["role"] else { throw .unreadable }
    let mark = said(message["cache_control"])
    if role.reads("system") || role.reads("developer") {
      system += marking(mark, try ContentParts.textBlocks(message["content"]))
    } else if role.reads("user") {
      let blocks = marking(mark, try ContentParts.blocks(message["content"]))
      change(isUser: true) { $0.blocks += blocks }
    } else if role.reads("assistant") {
      try readAssistant(message, mark)
    } else if role.reads("tool") {
      try readResult(message, mark)
    } else {
      // `function`, which names no call that it answers.
      throw .orphanToolResult
    }
  }

  /// A mark that stands on a message stands at its end.
  private func marking(_ mark: JSONSlice?, _ blocks: [MessageBlock]) -> [MessageBlock] {
    guard let mark, mark.kind == .object, let last = blocks.indices.last else { return blocks }
    var blocks = blocks
    blocks[last].mark = mark
    return blocks
  }

  private mutating func change(isUser: Bool, _ change: (inout Turn) -> Void) {
    if turns.last?.isUser != isUser { turns.append(Turn(isUser: isUser)) }
    change(&turns[turns.count - 1])
  }

  // MARK: the assistant

  private mutating func readAssistant(_ message: JSONSlice, _ mark: JSONSlice?) throws(Untranslatable) {
    if said(message["audio"]) != nil || said(message["function_call"]) != nil { throw .contentPart }
    if let images = message["images"], !images.elements.isEmpty { throw .contentPart }
    let thinking = SignedThinking(of: message)
    var blocks = thinking.blocks
    blocks += try ContentParts.textBlocks(message["content"])
    if let refusal = message["refusal"]?.inside, !isBlank(refusal) { blocks.append(.text(refusal)) }
    var calls: [[UInt8]] = []
    for call in message["tool_calls"]?.elements ?? [] {
      let (id, block) = try Self.call(call)
      calls.append(id)
      blocks.append(block)
    }
    if let mark, mark.kind == .object, let last = blocks.indices.last, blocks[last].kind != .thinking {
      blocks[last].mark = mark
    }
    change(isUser: false) { turn in
      turn.blocks += blocks
      turn.calls += calls
      turn.lostReasoning = turn.lostReasoning || thinking.isLost
      turn.hasThinking = turn.hasThinking || !thinking.blocks.isEmpty
    }
  }

  private static func call(_ call: JSONSlice) throws(Untranslatable) -> ([UInt8], MessageBlock) {
    guard let id = call["id"].flatMap(ToolID.inside) else { throw .orphanToolResult }
    guard let function = call["function"], let name = function["name"]?.inside else { throw .schemaNotExpressible }
    guard name.allSatisfy(ToolID.isPlain), !name.isEmpty else { throw .schemaNotExpressible }
    var open: [UInt8] = []
    open.write(#"{"type":"tool_use","id":"#)
    open.write(inside: id)
    open.write(#","name":"#)
    open.write(inside: name)
    open.write(#","input":"#)
    open += try arguments(function["arguments"])
    return (id, MessageBlock(.toolUse, open, mark: call["cache_control"]))
  }

  /// The object that a call's arguments are, as the model wrote it; `{}` where there are none.
  static func arguments(_ value: JSONSlice?) throws(Untranslatable) -> [UInt8] {
    guard let value = said(value) else { return Array("{}".utf8) }
    if value.kind == .object { return Array(value.raw) }
    guard let text = value.textBytes else { throw .toolArguments }
    if isBlank(text) { return Array("{}".utf8) }
    guard let arguments = JSONSlice(text), arguments.kind == .object else { throw .toolArguments }
    return Array(arguments.raw)
  }

  // MARK: results

  /// A later result of the same call stands in an earlier one's place.
  private mutating func readResult(_ message: JSONSlice, _ mark: JSONSlice?) throws(Untranslatable) {
    guard let id = message["tool_call_id"].flatMap(ToolID.inside) else { throw .orphanToolResult }
    let caller = turns.last?.isUser == true ? turns.dropLast().last : turns.last
    guard let caller, caller.calls.contains(id) else { throw .orphanToolResult }
    let block = try ContentParts.result(of: id, message, mark)
    change(isUser: true) { turn in
      if let place = turn.results.firstIndex(where: { $0.id == id }) {
        turn.results[place].block = block
      } else {
        turn.results.append((id, block))
      }
    }
  }

  /// Each call of a turn has one result in the next, and no two calls have one id.
  private func checkResults() throws(Untranslatable) {
    for (index, turn) in turns.enumerated() where !turn.calls.isEmpty {
      guard index + 1 < turns.count else { throw .orphanToolResult }
      let results = turns[index + 1].results
      guard results.count == turn.calls.count, Set(turn.calls).count == turn.calls.count else {
        throw .orphanToolResult
      }
    }
  }

  var usesTools: Bool { turns.contains { !$0.calls.isEmpty } }

  var markCount: Int { (system + turns.flatMap(\.all)).count { $0.mark != nil } }
}
