/// Assembles the choices of chat completions and legacy completions: from whole messages or a stream's deltas.

/// Reads choices as applications do: in a stream the delta, `text` and `message` only where there has been none; in a
/// body the message; of a legacy completion the text.
struct ChatAssembly {
  private struct Building {
    var choice = AnswerContent.Choice()
    var calls = ToolCallPieces()
  }

  private let endpoint: Endpoint
  private let tellsChoicesApart: Bool
  private var building = IndexedParts<Building>()
  private var sawDelta = false
  private var sawText = false

  init(endpoint: Endpoint = .chatCompletions, tellsChoicesApart: Bool = false) {
    self.endpoint = endpoint
    self.tellsChoicesApart = tellsChoicesApart
  }

  mutating func read(_ document: JSONTree, isWhole: Bool) {
    let choices = document["choices"]?.elements ?? []
    // Whoever asked for one choice reads the first, whatever its index.
    for (position, choice) in choices.prefix(tellsChoicesApart ? choices.count : 1).enumerated() {
      let index = tellsChoicesApart ? choice["index"]?.integer ?? position : 0
      let names = names(in: choice, isWhole: isWhole)
      building.change(index, orMake: Building()) { Self.read(choice, names, into: &$0) }
    }
  }

  /// The members of a choice that an application reads.
  private mutating func names(in choice: JSONTree, isWhole: Bool) -> [String] {
    if !isWhole, choice["delta"] != nil { sawDelta = true }
    if choice["text"] != nil { sawText = true }
    if endpoint == .completions, sawText { return ["text"] }
    if sawDelta { return ["delta"] }
    return choice["message"] == nil ? ["text"] : ["message"]
  }

  /// In the order of their indices.
  var choices: [AnswerContent.Choice] {
    building.inOrder.map { building in
      var choice = building.choice
      choice.toolCalls = building.calls.calls
      return choice
    }
  }

  private static func read(_ choice: JSONTree, _ names: [String], into building: inout Building) {
    if let reason = choice["finish_reason"]?.text { building.choice.finishReason = reason }
    for name in names {
      guard let part = choice[name] else { continue }
      if let text = part.text {
        building.choice.text += text
      } else {
        read(part: part, isDelta: name == "delta", &building)
      }
    }
  }

  /// A message or a piece of one.
  private static func read(part: JSONTree, isDelta: Bool, _ building: inout Building) {
    for member in part.members {
      switch member.name {
      case "content":
        building.choice.text += text(ofContent: member.value)
        building.choice.media += AnswerContent.Medium.of(parts: member.value)
      case "images": building.choice.media += member.value.elements.compactMap(AnswerContent.Medium.init(picture:))
      case "audio": building.choice.media.addSound(member.value)
      case "refusal":
        if let text = member.value.text, !text.isEmpty {
          building.choice.refusal = (building.choice.refusal ?? "") + text
        }
      case "tool_calls":
        for (position, call) in member.value.elements.enumerated() {
          building.calls.read(call, at: position, isPiece: isDelta)
        }
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
