/// Reads what a request declares from its body, going over the conversation in it without building it.

extension RequestExpectations {
  /// - Parameter body: as the application sent it; of one that is not JSON nothing is known.
  package init(endpoint: Endpoint, body: RawSpan) {
    self.init(endpoint: endpoint)
    var end = JSONSyntax.skipSpace(body, 0)
    guard var members = JSONMembers(body, at: end, depth: 0) else { return }
    while let key = members.nextKey(body, after: end) {
      let name = JSONText.decoded(body, key)
      guard let valueEnd = JSONSyntax.skipValue(body, members.value, depth: 1) else { return }
      read(name, body, members.value..<valueEnd)
      end = valueEnd
    }
  }

  private mutating func read(_ name: String, _ body: RawSpan, _ range: Range<Int>) {
    switch name {
    case "n": asksForChoices = asksForChoices || JSONTree(body.extracting(range))?.integer ?? 1 > 1
    case "prompt": asksForChoices = asksForChoices || Self.isListOfPrompts(body, range)
    case "messages", "input": modalities.formUnion(Self.modalities(body, in: range))
    case "tools", "functions", "response_format", "text", "output_format", "output_config", "temperature",
      "reasoning", "reasoning_effort", "thinking", "include_reasoning", "modalities":
      if let tree = JSONTree(body.extracting(range)) { read(name, tree) }
    default: break
    }
  }

  /// Texts or lists of tokens; a list of numbers is one prompt.
  private static func isListOfPrompts(_ body: RawSpan, _ range: Range<Int>) -> Bool {
    let prompts = JSONTree(body.extracting(range))?.elements ?? []
    return prompts.count > 1 && (prompts[0].text != nil || !prompts[0].elements.isEmpty)
  }

  private mutating func read(_ name: String, _ tree: JSONTree) {
    switch name {
    case "tools", "functions": tools += tree.elements.prefix(Self.toolLimit - tools.count).compactMap(Self.tool)
    case "response_format", "output_format": readFormat(tree)
    case "text", "output_config": if let format = tree["format"] { readFormat(format) }
    case "temperature": temperature = tree.double
    case "modalities":
      let words = tree.elements.compactMap(\.text)
      if words.contains("image") { modalities.insert(.images) }
      if words.contains("audio") { modalities.insert(.audio) }
    default: if Self.asksForReasoning(tree) { modalities.insert(.reasoning) }
    }
  }

  /// `{type, function: {name, parameters}}` of chat, `{name, parameters}` of Responses and of legacy functions,
  /// `{name, input_schema}` of Messages.
  private static func tool(_ tree: JSONTree) -> DeclaredTool? {
    let body = tree["function"] ?? tree["custom"] ?? tree
    guard let name = body["name"]?.text else { return nil }
    let schema = body["parameters"] ?? body["input_schema"]
    return DeclaredTool(name: name, parameters: schema.flatMap { $0.isNull ? nil : $0 })
  }

  /// `{type: json_schema, json_schema: {schema}}` of chat, `{type: json_schema, schema}` of the others.
  private mutating func readFormat(_ tree: JSONTree) {
    switch tree["type"]?.text {
    case "json_object": format = .jsonObject
    case "json_schema": format = .jsonSchema(tree["json_schema"]?["schema"] ?? tree["schema"])
    default: break
    }
  }

  private static func asksForReasoning(_ tree: JSONTree) -> Bool {
    switch tree {
    case .null, .bool(false), .string("none"): false
    case .object(let members):
      !members.isEmpty && tree["enabled"] != .bool(false) && tree["type"]?.text != "disabled"
        && tree["effort"]?.text != "none"
    default: true
    }
  }

  /// The kinds of content parts in a list of messages, or in a list of parts.
  private static func modalities(_ body: RawSpan, in range: Range<Int>) -> Set<Modality> {
    var found: Set<Modality> = []
    guard var messages = JSONElements(body, at: range.lowerBound, depth: 1) else { return found }
    var end = range.lowerBound
    while messages.next(body, after: end) {
      var content: Range<Int>?
      guard let next = JSONSyntax.skipValue(body, messages.at, depth: 2, finding: "content", &content) else { break }
      let element = messages.at..<next
      if let modality = modality(ofPart: body, element) { found.insert(modality) }
      if let content, var parts = JSONElements(body, at: content.lowerBound, depth: 3) {
        var partEnd = content.lowerBound
        while parts.next(body, after: partEnd) {
          guard let after = JSONSyntax.skipValue(body, parts.at, depth: 4) else { break }
          if let modality = modality(ofPart: body, parts.at..<after) { found.insert(modality) }
          partEnd = after
        }
      }
      end = next
    }
    return found
  }

  private static func modality(ofPart body: RawSpan, _ range: Range<Int>) -> Modality? {
    var type: Range<Int>?
    guard JSONSyntax.skipValue(body, range.lowerBound, depth: 4, finding: "type", &type) != nil, let type,
      type.count <= 32, body.byte(at: type.lowerBound) == UInt8(ascii: "\"")
    else { return nil }
    switch JSONText.decoded(body, type) {
    case "image_url", "image", "input_image": return .images
    case "input_audio", "audio", "audio_url": return .audio
    case "file", "input_file", "document": return .files
    case "video_url", "input_video", "video": return .video
    default: return nil
    }
  }
}
