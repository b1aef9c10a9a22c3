/// Assembles the choices of chat completions and legacy completions: from whole messages or a stream's deltas.

struct ChatAssembly {
  private struct Building {
    var choice = AnswerContent.Choice()
    var calls = ToolCallPieces()
  }

  private var building = IndexedParts<Building>()

  mutating func read(_ document: JSONTree) {
    for (position, choice) in (document["choices"]?.elements ?? []).enumerated() {
      building.change(choice["index"]?.integer ?? position, orMake: Building()) { Self.read(choice, into: &$0) }
    }
  }

  /// In the order of their indices.
  var choices: [AnswerContent.Choice] {
    building.inOrder.map { building in
      var choice = building.choice
      choice.toolCalls = building.calls.calls
      return choice
    }
  }

  private static func read(_ choice: JSONTree, into building: inout Building) {
    if let text = choice["text"]?.text { building.choice.text += text }
    if let reason = choice["finish_reason"]?.text { building.choice.finishReason = reason }
    for name in ["delta", "message"] {
      if let part = choice[name] { read(part: part, into: &building) }
    }
  }

  /// A message or a piece of one.
  private static func read(part: JSONTree, into building: inout Building) {
    for member in part.members {
      switch member.name {
      case "content": building.choice.text += text(ofContent: member.value)
      case "refusal":
        if let text = member.value.text, !text.isEmpty {
          building.choice.refusal = (building.choice.refusal ?? "") + text
        }
      case "tool_calls":
        for (position, call) in member.value.elements.enumerated() { building.calls.read(call, at: position) }
      case "function_call": building.calls.readFunction(member.value)
      default: break
      }
    }
    building.choice.reasoning += reasoning(of: part)
  }

  /// Text, or parts of which some are text.
  private static func text(ofContent content: JSONTree) -> String {
    if let text = content.text { return text }
    return content.elements.compactMap { $0["text"]?.text }.joined()
  }

  /// Gateways say the same under up to three names at once.
  private static func reasoning(of part: JSONTree) -> String {
    for name in ["reasoning", "reasoning_content"] {
      if let text = part[name]?.text, !text.isEmpty { return text }
    }
    let details = part["reasoning_details"]?.elements ?? []
    return details.compactMap { $0["text"]?.text ?? $0["summary"]?.text }.joined()
  }
}
