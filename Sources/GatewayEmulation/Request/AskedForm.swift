/// The form that a request wants besides words: a call of one of its tools, or JSON of a form that it declares.
struct AskedForm: Sendable, Equatable {
  struct Tool: Sendable, Equatable {
    /// Between the quotes, as written.
    var name: String
    /// A JSON schema of the arguments; nil takes none.
    var parameters: JSONValue?
  }

  enum ToolChoice: Sendable, Equatable {
    /// Also where a call is required: an emulated gateway calls whenever it may.
    case free
    case never
    case named(String)
  }

  enum Structure: Sendable, Equatable {
    case anyObject
    case schema(JSONValue)
  }

  var tools: [Tool] = []
  var toolChoice = ToolChoice.free
  var structure: Structure?
  /// The last message is what a tool returned, so that words are due.
  var answersToolResult = false

  init() {}

  init(_ bytes: Span<UInt8>, _ members: [String: JSONScan.Extent]) {
    func value(_ name: String) -> JSONValue? { members[name].flatMap { JSONValue(bytes, $0) } }
    tools = value("tools")?.elements.compactMap(Self.tool) ?? []
    structure = Self.structure(
      value("response_format") ?? value("text")?["format"] ?? value("output_config")?["format"]
        ?? value("output_format"))
    guard !tools.isEmpty else { return }
    toolChoice = Self.toolChoice(value("tool_choice"))
    for name in ["messages", "input"] {
      guard let extent = members[name], let last = JSONScan.array(in: bytes, extent: extent)?.last else { continue }
      answersToolResult = JSONValue(bytes, last).map(Self.isToolResult) ?? false
    }
  }

  /// The tool to call, if one is to be called.
  /// - Parameter random: draws among several.
  func tool(using random: inout SeededRandom) -> Tool? {
    guard !tools.isEmpty, !answersToolResult else { return nil }
    switch toolChoice {
    case .never: return nil
    case .named(let name): return tools.first { $0.name == name } ?? tools[0]
    case .free: return tools[random.below(tools.count)]
    }
  }

  /// Tools that the gateway itself would run, such as a web search, have no schema and are never called.
  private static func tool(_ value: JSONValue) -> Tool? {
    if let function = value["function"] {
      return function["name"]?.string.map { Tool(name: $0, parameters: function["parameters"]) }
    }
    guard let name = value["name"]?.string else { return nil }
    let parameters = value["input_schema"] ?? value["parameters"]
    return parameters == nil && value["type"]?.string != "function" ? nil : Tool(name: name, parameters: parameters)
  }

  private static func toolChoice(_ value: JSONValue?) -> ToolChoice {
    guard let value else { return .free }
    if (value.string ?? value["type"]?.string) == "none" { return .never }
    guard let name = value["function"]?["name"]?.string ?? value["name"]?.string else { return .free }
    return .named(name)
  }

  private static func structure(_ format: JSONValue?) -> Structure? {
    switch format?["type"]?.string {
    case "json_object": .anyObject
    case "json_schema": (format?["json_schema"]?["schema"] ?? format?["schema"]).map { .schema($0) } ?? .anyObject
    default: nil
    }
  }

  private static func isToolResult(_ message: JSONValue) -> Bool {
    message["role"]?.string == "tool" || message["type"]?.string == "function_call_output"
      || message["content"]?.elements.contains { $0["type"]?.string == "tool_result" } ?? false
  }
}
