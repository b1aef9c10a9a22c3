/// Assembles an answer of Anthropic's Messages from its content blocks, whole or in deltas.

struct MessagesAssembly {
  private struct Block {
    var text = ""
    var reasoning = ""
    var media: [AnswerContent.Medium] = []
    var name: String?
    /// The input as the block began; deltas, where they come, say it anew.
    var input: JSONTree?
    var partialInput = ""

    var call: AnswerContent.ToolCall? {
      name.flatMap { $0.isEmpty ? nil : $0 }.map { name in
        let whole = ToolCallPieces.arguments(input)
        return AnswerContent.ToolCall(name: name, arguments: partialInput.isEmpty ? whole : partialInput)
      }
    }
  }

  private var blocks = IndexedParts<Block>()

  mutating func read(_ document: JSONTree, isWhole: Bool) {
    if isWhole { return read(content: document["content"]) }
    let index = document["index"]?.integer ?? 0
    switch document["type"]?.text {
    case "message_start": read(content: document["message"]?["content"])
    case "content_block_start":
      guard let block = document["content_block"] else { return }
      blocks.change(index, orMake: Block()) { Self.begin(block, &$0) }
    case "content_block_delta":
      guard let delta = document["delta"] else { return }
      blocks.change(index, orMake: Block()) { Self.append(delta, to: &$0) }
    default: break
    }
  }

  private mutating func read(content: JSONTree?) {
    for (index, block) in (content?.elements ?? []).enumerated() {
      blocks.change(index, orMake: Block()) { Self.begin(block, &$0) }
    }
  }

  private static func begin(_ tree: JSONTree, _ block: inout Block) {
    switch tree["type"]?.text {
    case "text": block.text += tree["text"]?.text ?? ""
    case "thinking": block.reasoning += tree["thinking"]?.text ?? ""
    // The arm's own tools are not the application's to answer.
    case "tool_use":
      block.name = tree["name"]?.text ?? ""
      block.input = tree["input"]
    case let type? where type.contains("image"): block.media += AnswerContent.Medium(picture: tree).map { [$0] } ?? []
    default: break
    }
  }

  private static func append(_ delta: JSONTree, to block: inout Block) {
    switch delta["type"]?.text {
    case "text_delta": block.text += delta["text"]?.text ?? ""
    case "thinking_delta": block.reasoning += delta["thinking"]?.text ?? ""
    case "input_json_delta": block.partialInput += delta["partial_json"]?.text ?? ""
    default: break
    }
  }

  /// Nil where nothing was said.
  func choice(finishReason: String?) -> AnswerContent.Choice? {
    guard !blocks.isEmpty || finishReason != nil else { return nil }
    var choice = AnswerContent.Choice()
    for block in blocks.inOrder {
      choice.text += block.text
      choice.reasoning += block.reasoning
      choice.media += block.media
      if let call = block.call, choice.toolCalls.count < ToolCallPieces.limit { choice.toolCalls.append(call) }
    }
    choice.finishReason = finishReason
    // It says so with its stop reason, and what it wrote is why.
    if finishReason == "refusal" { choice.refusal = choice.text }
    return choice
  }
}
