/// Assembles an answer of the Responses API: from the response itself, or where that never came from the deltas.

struct ResponsesAssembly {
  private struct Item {
    var text = ""
    var reasoning = ""
    var refusal: String?
    var call: AnswerContent.ToolCall?
    var media: [AnswerContent.Medium] = []
  }

  private var items = IndexedParts<Item>()
  /// The output of the last document, which says all that the deltas said.
  private var final: [JSONTree]?
  private var id: String?

  mutating func read(_ document: JSONTree, isWhole: Bool) {
    if !isWhole, document["type"]?.text == "response.created" { begin(document["response"]?["id"]?.text) }
    let output = (isWhole ? document : document["response"])?["output"]?.elements ?? []
    if !output.isEmpty { final = output }
    guard !isWhole, let type = document["type"]?.text, type.hasPrefix("response.") else { return }
    readEvent(document, type: type)
  }

  /// A relay may have sent a response of its own before the one that counts.
  private mutating func begin(_ id: String?) {
    if let known = self.id, known != id { self = ResponsesAssembly() }
    self.id = id ?? self.id
  }

  private mutating func readEvent(_ event: JSONTree, type: String) {
    let index = event["output_index"]?.integer ?? 0
    switch type {
    case "response.output_item.added", "response.output_item.done":
      guard let item = event["item"] else { return }
      items.change(index, orMake: Item()) { Self.merge(Self.item(item), into: &$0) }
    case "response.function_call_arguments.done":
      guard let arguments = event["arguments"]?.text else { return }
      items.change(index, orMake: Item()) { item in
        item.call = AnswerContent.ToolCall(name: item.call?.name ?? event["name"]?.text ?? "", arguments: arguments)
      }
    case _ where type.hasSuffix(".delta"):
      guard let delta = event["delta"]?.text ?? event["delta"]?["text"]?.text else { return }
      items.change(index, orMake: Item()) { Self.append(delta, of: type, to: &$0) }
    default: break
    }
  }

  private static func append(_ delta: String, of type: String, to item: inout Item) {
    switch type {
    case "response.output_text.delta", "response.content_part.delta": item.text += delta
    case "response.refusal.delta": item.refusal = (item.refusal ?? "") + delta
    case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
      item.call = AnswerContent.ToolCall(name: item.call?.name ?? "", arguments: (item.call?.arguments ?? "") + delta)
    case _ where type.contains("reasoning"): item.reasoning += delta
    default: break
    }
  }

  /// An item is begun empty and comes once more when it is done, then with all that its deltas said.
  private static func merge(_ new: Item, into item: inout Item) {
    if !new.text.isEmpty { item.text = new.text }
    if !new.reasoning.isEmpty { item.reasoning = new.reasoning }
    if let refusal = new.refusal { item.refusal = refusal }
    if !new.media.isEmpty { item.media = new.media }
    if let call = new.call {
      item.call = AnswerContent.ToolCall(
        name: call.name.isEmpty ? item.call?.name ?? "" : call.name,
        arguments: call.arguments.isEmpty ? item.call?.arguments ?? "" : call.arguments)
    }
  }

  private static func item(_ tree: JSONTree) -> Item {
    var item = Item()
    switch tree["type"]?.text {
    case "function_call", "custom_tool_call":
      item.call = AnswerContent.ToolCall(
        name: tree["name"]?.text ?? "", arguments: ToolCallPieces.arguments(tree["arguments"] ?? tree["input"]))
    case "image_generation_call":
      if let result = tree["result"]?.text, !result.isEmpty {
        let type = tree["output_format"]?.text.map { "image/\($0)" }
        item.media = [AnswerContent.Medium(isSound: false, type: type)]
      }
    case "reasoning":
      let parts = (tree["summary"]?.elements ?? []) + (tree["content"]?.elements ?? [])
      item.reasoning = parts.compactMap { $0["text"]?.text }.joined()
    case "message", nil:
      for part in tree["content"]?.elements ?? [] {
        item.text += part["text"]?.text ?? ""
        item.media += AnswerContent.Medium.of(parts: .array([part]))
        if let refusal = part["refusal"]?.text { item.refusal = (item.refusal ?? "") + refusal }
      }
    default: break
    }
    return item
  }

  /// Nil where nothing was said.
  func choice(finishReason: String?) -> AnswerContent.Choice? {
    let items = final.map { $0.prefix(AnswerContent.indexLimit).map(Self.item) } ?? items.inOrder
    guard !items.isEmpty || finishReason != nil else { return nil }
    var choice = AnswerContent.Choice()
    for item in items {
      choice.text += item.text
      choice.reasoning += item.reasoning
      choice.media += item.media
      if let refusal = item.refusal { choice.refusal = (choice.refusal ?? "") + refusal }
      if let call = item.call, !call.name.isEmpty, choice.toolCalls.count < ToolCallPieces.limit {
        choice.toolCalls.append(call)
      }
    }
    choice.finishReason = finishReason
    return choice
  }
}
