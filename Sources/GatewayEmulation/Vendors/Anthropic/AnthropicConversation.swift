/// The messages of a request to Anthropic: their blocks, the calls that must be answered at once, and signed thinking.
struct AnthropicConversation {
  let body: JSONValue
  let model: AnthropicModel
  /// Under the newest version of the API.
  let isNewest: Bool

  private static let blocks: [String: Set<String>] = [
    "text": ["text", "citations"], "image": ["source"], "document": ["source", "title", "context", "citations"],
    "tool_use": ["id", "name", "input", "caller"], "tool_result": ["tool_use_id", "content", "is_error"],
    "thinking": ["thinking", "signature"], "redacted_thinking": ["data"],
    "search_result": ["source", "title", "content", "citations"],
  ]
  /// Those that the vendor itself has made.
  private static let served: Set<String> = [
    "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
    "container_upload",
  ]

  func check() throws(AnthropicRefusal) {
    let messages = body["messages"]?.elements ?? []
    try need(!messages.isEmpty, "messages: at least one message is required")
    try need(messages[0]["role"]?.string == "user", #"messages: first message must use the "user" role"#)
    var called: [String] = []
    for (index, message) in messages.enumerated() {
      let place = "messages.\(index)"
      try message.only(["role", "content"], at: place)
      let role = message["role"]?.string ?? ""
      try need(["user", "assistant"].contains(role), "\(place).role: Input should be 'user' or 'assistant'")
      guard let content = message["content"] else { throw .missing("\(place).content") }
      let isLast = index == messages.count - 1
      let blocks = content.string.map { [Self.textBlock($0)] } ?? content.elements
      try need(
        !blocks.isEmpty && content.string != "" || (isLast && role == "assistant"),
        "\(place): all messages must have non-empty content except for the optional final assistant message")
      for (number, block) in blocks.enumerated() {
        try check(block, role, at: "\(place).content.\(number)")
      }
      try checkResults(blocks, called, index)
      called = blocks.filter { $0["type"]?.string == "tool_use" }.compactMap { $0["id"]?.string }
      if isLast { try checkEnd(role, blocks, called, index) }
    }
  }

  private static func textBlock(_ text: String) -> JSONValue {
    .object([
      .init(name: "type", value: .scalar(#""text""#)), .init(name: "text", value: .scalar("\"\(text)\"")),
    ])
  }

  // MARK: Blocks

  private func check(_ block: JSONValue, _ role: String, at place: String) throws(AnthropicRefusal) {
    let type = block["type"]?.string ?? ""
    guard let members = Self.blocks[type] else {
      try need(
        Self.served.contains(type),
        "\(place): Input tag '\(type)' found using 'type' does not match any of the expected tags")
      return
    }
    let isThinking = type == "thinking" || type == "redacted_thinking"
    try block.only(members.union(isThinking ? ["type"] : ["type", "cache_control"]), at: "\(place).\(type)")
    switch type {
    case "text": try checkText(block, role, at: place)
    case "image": try checkPicture(block["source"], at: "\(place).image.source")
    case "document" where isNewest && role == "assistant":
      throw AnthropicRefusal("\(place): document blocks are not permitted in assistant messages")
    case "tool_use": try checkCall(block, role, at: "\(place).tool_use")
    case "tool_result": try checkResult(block, role, at: "\(place).tool_result")
    case "thinking", "redacted_thinking": try checkThinking(block, type, role, at: place)
    default: break
    }
  }

  private func checkText(_ block: JSONValue, _ role: String, at place: String) throws(AnthropicRefusal) {
    guard let text = block["text"]?.unescaped else { throw .missing("\(place).text.text") }
    try need(!text.isEmpty, "messages: text content blocks must be non-empty")
    try need(text.contains { !$0.isWhitespace }, "messages: text content blocks must contain non-whitespace text")
    if isNewest, role == "user", block["citations"].map({ !$0.isNull }) ?? false {
      throw .extra("\(place).text.citations")
    }
  }

  private func checkPicture(_ source: JSONValue?, at place: String) throws(AnthropicRefusal) {
    guard let source else { throw .missing(place) }
    switch source["type"]?.string {
    case "base64":
      try source.only(["type", "media_type", "data"], at: "\(place).base64")
      try need(
        ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(source["media_type"]?.string ?? ""),
        "\(place).base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'")
      try need(source["data"]?.string?.isEmpty == false, "\(place).base64.data: Field required")
    case "url":
      try source.only(["type", "url"], at: "\(place).url")
      try need(
        source["url"]?.unescaped?.hasPrefix("https://") ?? false, "\(place).url.url: Only HTTPS URLs are supported.")
    case "file": try source.only(["type", "file_id"], at: "\(place).file")
    default:
      throw AnthropicRefusal("\(place): Input tag does not match any of the expected tags: 'base64', 'url', 'file'")
    }
  }

  private func checkCall(_ block: JSONValue, _ role: String, at place: String) throws(AnthropicRefusal) {
    try need(role == "assistant", "`tool_use` blocks can only be in `assistant` messages")
    try need(
      AnthropicTools.isName(block["id"]?.string ?? ""), "\(place).id: String should match pattern '^[a-zA-Z0-9_-]+$'")
    try need(
      AnthropicTools.isName(block["name"]?.string ?? "", atMost: 200), "\(place).name: String should match pattern")
    guard case .object? = block["input"] else {
      throw AnthropicRefusal("\(place).input: Input should be a valid dictionary")
    }
    try need(
      body["tools"]?.elements.isEmpty == false,
      "Requests which include `tool_use` or `tool_result` blocks must define tools")
  }

  private func checkResult(_ block: JSONValue, _ role: String, at place: String) throws(AnthropicRefusal) {
    try need(role == "user", "`tool_result` blocks can only be in `user` messages")
    for (index, part) in (block["content"]?.elements ?? []).enumerated() {
      let type = part["type"]?.string ?? ""
      try need(
        ["text", "image", "document", "search_result", "tool_reference"].contains(type),
        "\(place).content.\(index): Input tag '\(type)' found using 'type' does not match any of the expected tags")
    }
  }

  private func checkThinking(
    _ block: JSONValue, _ type: String, _ role: String, at place: String
  ) throws(AnthropicRefusal) {
    try need(role == "assistant", "`\(type)` blocks can only be in `assistant` messages")
    let name = type == "thinking" ? "signature" : "data"
    guard let signature = block[name]?.unescaped else { throw .missing("\(place).\(type).\(name)") }
    if type == "thinking", block["thinking"]?.string == nil { throw .missing("\(place).thinking.thinking") }
    let thought = type == "thinking" ? block["thinking"]?.unescaped : nil
    switch SignedThought.verdict(signature, of: thought) {
    case .good: break
    case .forged: throw AnthropicRefusal("\(place): Invalid `\(name)` in `\(type)` block")
    case .modified:
      throw AnthropicRefusal(
        "\(place): `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "
          + "These blocks must remain as they were in the original response.")
    }
  }

  // MARK: Turns

  /// - Parameter called: the calls of the message before.
  private func checkResults(_ blocks: [JSONValue], _ called: [String], _ index: Int) throws(AnthropicRefusal) {
    let first = blocks.prefix { $0["type"]?.string == "tool_result" }.compactMap { $0["tool_use_id"]?.string }
    let all = blocks.filter { $0["type"]?.string == "tool_result" }.compactMap { $0["tool_use_id"]?.string }
    if let absent = called.first(where: { !first.contains($0) }) {
      throw AnthropicRefusal(
        "messages.\(index - 1): `tool_use` ids were found without `tool_result` blocks immediately after: \(absent). "
          + "Each `tool_use` block must have a corresponding `tool_result` block in the next message.")
    }
    if let stray = all.first(where: { !called.contains($0) }) {
      throw AnthropicRefusal(
        "messages.\(index).content: unexpected `tool_use_id` found in `tool_result` blocks: \(stray). Each "
          + "`tool_result` block must have a corresponding `tool_use` block in the previous message.")
    }
    try need(
      Set(all).count == all.count,
      "messages.\(index).content: each tool_use must have a single result. Found multiple `tool_result` blocks")
  }

  private func checkEnd(
    _ role: String, _ blocks: [JSONValue], _ called: [String], _ index: Int
  ) throws(AnthropicRefusal) {
    try checkResults([], called, index + 1)
    try checkThinkingTurn()
    guard role == "assistant" else { return }
    try need(
      model.takesPrefill,
      "This model does not support assistant message prefill. The conversation must end with a user message.")
    let text = blocks.last?["text"]?.unescaped ?? ""
    try need(
      text.last.map { !$0.isWhitespace } ?? true,
      "messages: final assistant content cannot end with trailing whitespace")
  }

  /// With a budget, the turn that called tools begins with its thinking.
  private func checkThinkingTurn() throws(AnthropicRefusal) {
    guard body["thinking"]?["type"]?.string == "enabled" else { return }
    let messages = body["messages"]?.elements ?? []
    guard let index = messages.lastIndex(where: { $0["role"]?.string == "assistant" }) else { return }
    let blocks = messages[index]["content"]?.elements ?? []
    guard blocks.contains(where: { $0["type"]?.string == "tool_use" }) else { return }
    let first = blocks.first?["type"]?.string ?? ""
    try need(
      first == "thinking" || first == "redacted_thinking",
      "messages.\(index).content.0.type: Expected `thinking` or `redacted_thinking`, but found `\(first)`. When "
        + "`thinking` is enabled, a final `assistant` message must start with a thinking block.")
  }
}
