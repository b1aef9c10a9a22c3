/// The tools of a request to Anthropic, and the schemas that it can hold a model to.
struct AnthropicTools {
  let body: JSONValue

  private static let members: Set<String> = [
    "type", "name", "description", "input_schema", "cache_control", "strict", "allowed_callers", "defer_loading",
    "eager_input_streaming", "input_examples",
  ]

  func check() throws(AnthropicRefusal) {
    let tools = body["tools"]?.elements ?? []
    var names: Set<String> = []
    for (index, tool) in tools.enumerated() {
      // Those that the vendor runs have a dated type and members of their own.
      let type = tool["type"]?.string ?? "custom"
      guard let name = tool["name"]?.string else { throw .missing("tools.\(index).\(type).name") }
      try need(names.insert(name).inserted, "tools: Tool names must be unique.")
      guard type == "custom" else {
        try need(
          type.last?.isNumber ?? false,
          "tools.\(index): Input tag '\(type)' found using 'type' does not match any of the expected tags")
        continue
      }
      let place = "tools.\(index).custom"
      try tool.only(Self.members, at: place)
      try need(
        Self.isName(name, atMost: 128), "\(place).name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")
      guard let schema = tool["input_schema"] else { throw .missing("\(place).input_schema") }
      guard schema["type"] != nil else { throw .missing("\(place).input_schema.type") }
      try need(schema["type"]?.string == "object", "\(place).input_schema.type: Input should be 'object'")
      if tool["strict"]?.text == "true" { try Self.checkSchema(schema) }
    }
    try checkChoice(names)
  }

  private func checkChoice(_ names: Set<String>) throws(AnthropicRefusal) {
    guard let choice = body["tool_choice"], !choice.isNull else { return }
    let type = choice["type"]?.string ?? ""
    try need(
      ["auto", "any", "tool", "none"].contains(type),
      "tool_choice: Input tag '\(type)' found using 'type' does not match any of the expected tags")
    try need(!names.isEmpty || type == "none", "tool_choice: may only be specified while providing `tools`.")
    let members: Set<String> =
      switch type {
      case "none": ["type"]
      case "tool": ["type", "name", "disable_parallel_tool_use"]
      default: ["type", "disable_parallel_tool_use"]
      }
    try choice.only(members, at: "tool_choice.\(type)")
    if type == "tool" {
      let name = choice["name"]?.string ?? ""
      try need(names.contains(name), "tool_choice: Tool '\(name)' not found in provided tools")
    }
  }

  static func isName(_ text: String, atMost limit: Int = .max) -> Bool {
    !text.isEmpty && text.utf8.count <= limit
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static let bounds: Set<String> = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
  ]

  /// Structured outputs: objects are closed, and bounds are not among what it can hold a model to.
  static func checkSchema(_ schema: JSONValue) throws(AnthropicRefusal) {
    let type = schema["type"]?.string ?? ""
    if type == "object" {
      try need(
        schema["additionalProperties"]?.text == "false",
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false")
    }
    for member in schema.members where bounds.contains(member.name) {
      throw AnthropicRefusal(
        "output_config.format.schema: For '\(type)' type, property '\(member.name)' is not supported")
    }
    for name in ["properties", "$defs", "definitions"] {
      for member in schema[name]?.members ?? [] { try checkSchema(member.value) }
    }
    for name in ["anyOf", "allOf"] {
      for element in schema[name]?.elements ?? [] { try checkSchema(element) }
    }
    if let items = schema["items"] { try checkSchema(items) }
  }
}
