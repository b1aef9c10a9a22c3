/// Says a chat request's tools, and how they are to be chosen, in Anthropic's words.

import Dialects

struct ChatTools {
  /// The objects as far as they go, and the marks on them.
  private(set) var tools: [(open: [UInt8], mark: JSONSlice?)] = []
  /// The value of `tool_choice`; nil where there is none.
  private(set) var choice: [UInt8]?
  /// A tool has to be called, which thinking does not go with.
  private(set) var forcesCall = false

  init(_ request: JSONSlice, takesSchemas: Bool) throws(Untranslatable) {
    // The form before tools: its answer is another one as well.
    if let functions = request["functions"], !functions.elements.isEmpty { throw .schemaNotExpressible }
    for tool in request["tools"]?.elements ?? [] { tools.append(try Self.tool(tool, takesSchemas)) }
    guard !tools.isEmpty else { return }
    try readChoice(said(request["tool_choice"]), isParallel: request["parallel_tool_calls"]?.isFalse != true)
  }

  var markCount: Int { tools.count { $0.mark != nil } }

  private static func tool(_ tool: JSONSlice, _ takesSchemas: Bool) throws(Untranslatable) -> ([UInt8], JSONSlice?) {
    guard tool["type"]?.reads("function") == true, let function = tool["function"] else {
      throw tool["type"]?.reads("custom") == true ? .schemaNotExpressible : .serverTools
    }
    guard let name = function["name"]?.inside, !name.isEmpty, name.count <= 128, name.allSatisfy(ToolID.isPlain) else {
      throw .schemaNotExpressible
    }
    var open: [UInt8] = []
    open.write(#"{"name":"#)
    open.write(inside: name)
    if let description = function["description"]?.inside, !description.isEmpty {
      open.write(#","description":"#)
      open.write(inside: description)
    }
    open.write(#","input_schema":"#)
    open += try schema(said(function["parameters"]))
    if takesSchemas, function["strict"]?.isTrue == true, let parameters = said(function["parameters"]),
      AnswerSchema.isExpressible(parameters)
    {
      open.write(#","strict":true"#)
    }
    let mark = said(tool["cache_control"]) ?? said(function["cache_control"])
    return (open, mark?.kind == .object ? mark : nil)
  }

  /// An object's: a choice between several at its top is refused.
  private static func schema(_ parameters: JSONSlice?) throws(Untranslatable) -> [UInt8] {
    guard let parameters else { return Array(#"{"type":"object","properties":{}}"#.utf8) }
    guard parameters.kind == .object,
      !["oneOf", "anyOf", "allOf"].contains(where: { (name: StaticString) in parameters[name] != nil })
    else { throw .schemaNotExpressible }
    if let type = parameters["type"] {
      guard type.reads("object") else { throw .schemaNotExpressible }
      return Array(parameters.raw)
    }
    var schema: [UInt8] = []
    schema.write(#"{"type":"object""#)
    parameters.forEachMember { key, value in
      schema.separate()
      schema.write(key)
      schema.write(":")
      schema.write(value)
    }
    schema.write("}")
    return schema
  }

  private mutating func readChoice(_ asked: JSONSlice?, isParallel: Bool) throws(Untranslatable) {
    var choice: [UInt8] = []
    if let name = asked?["function"]?["name"]?.inside, asked?["type"]?.reads("function") == true {
      choice.write(#"{"type":"tool","name":"#)
      choice.write(inside: name)
      forcesCall = true
    } else if asked?.reads("required") == true {
      choice.write(#"{"type":"any""#)
      forcesCall = true
    } else if asked?.reads("none") == true {
      // Nothing is called, one by one or at once.
      return self.choice = Array(#"{"type":"none"}"#.utf8)
    } else if asked.map({ $0.reads("auto") }) ?? !isParallel {
      choice.write(#"{"type":"auto""#)
    } else if asked == nil {
      return
    } else {
      throw .schemaNotExpressible
    }
    if !isParallel { choice.write(#","disable_parallel_tool_use":true"#) }
    choice.write("}")
    self.choice = choice
  }
}
