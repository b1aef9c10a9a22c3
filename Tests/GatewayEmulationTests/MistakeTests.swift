import Testing

@testable import GatewayEmulation

/// One answer as text, arguments and usage, from each dialect, as a document and as a stream.
private struct Told: Equatable {
  var text = ""
  var tool: String?
  var arguments = ""
  var finish: String?
  var hasUsage = false
}

@Suite("Mistake")
struct MistakeTests {
  private static let tool =
    #"{"type":"object","properties":{"city":{"type":"string"},"n":{"type":"integer"}},"required":["city","n"]}"#
  private static let tools = [
    "chat/completions": #"[{"type":"function","function":{"name":"find","parameters":\#(tool)}}]"#,
    "responses": #"[{"type":"function","name":"find","parameters":\#(tool)}]"#,
    "messages": #"[{"name":"find","input_schema":\#(tool)}]"#,
  ]
  private static let structure =
    #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"]}"#
  private static let dialects = ["chat/completions", "responses", "messages"]

  private func ask(
    _ path: String, stream: Bool, tools: Bool = false, json: Bool = false, _ behavior: GatewayBehavior
  ) async throws -> Told {
    var fields = [
      #""model":"m""#, #""stream":\#(stream)"#, #""stream_options":{"include_usage":true}"#,
      path == "responses" ? #""input":"hello""# : #""messages":[{"role":"user","content":"hello"}]"#,
    ]
    if tools { fields.append(#""tools":\#(Self.tools[path]!)"#) }
    if json {
      let format = #"{"type":"json_schema","schema":\#(Self.structure),"json_schema":{"schema":\#(Self.structure)}}"#
      switch path {
      case "responses": fields.append(#""text":{"format":\#(format)}"#)
      case "messages": fields.append(#""output_config":{"format":\#(format)}"#)
      default: fields.append(#""response_format":\#(format)"#)
      }
    }
    var told = Told()
    try await withGateway(behavior) { gateway in
      let request = Wire.post("/v1/\(path)", "{\(fields.joined(separator: ","))}")
      let received = try await exchange(gateway, request, until: stream ? Wire.end : nil)
      let events = stream ? Wire.events(received).filter { $0.contains("data: {") } : []
      for event in events { told.add(try Wire.data(event), path) }
      if !stream { told.add(try Wire.object(received.bodyText), path) }
    }
    return told
  }

  private func ask(
    _ path: String, stream: Bool, tools: Bool = false, json: Bool = false, mistake: Mistake? = nil,
    vendor: VendorShape = .openrouter
  ) async throws -> Told {
    try await ask(
      path, stream: stream, tools: tools, json: json,
      GatewayBehavior(
        vendor: vendor, answerSource: .prompt, mistakes: mistake.map { [MistakeShare($0, share: 1)] } ?? []))
  }

  @Test("A tool is called alike in a document and in a stream, by every vendor", arguments: dialects)
  func calls(path: String) async throws {
    let first = try await ask(path, stream: false, tools: true)
    #expect(first.tool == "find" && first.text.isEmpty && first.hasUsage)
    let arguments = try Wire.object(first.arguments)
    #expect(arguments["city"] is String && arguments["n"] is Int)
    #expect(["tool_calls", "tool_use", "completed"].contains(first.finish))
    for vendor in VendorShape.allCases {
      for stream in [false, true] {
        #expect(try await ask(path, stream: stream, tools: true, vendor: vendor) == first)
      }
    }
  }

  @Test("JSON of the declared form comes alike in a document and in a stream", arguments: dialects)
  func structured(path: String) async throws {
    let first = try await ask(path, stream: false, json: true)
    let object = try Wire.object(first.text)
    #expect(Set(object.keys) == ["a", "b"] && object["a"] is String && object["b"] is Int)
    #expect(try await ask(path, stream: true, json: true, vendor: .litellm) == first)
  }

  @Test("drop-tool-arguments and drop-tool-call spoil calls and nothing else", arguments: dialects)
  func spoiledCalls(path: String) async throws {
    for stream in [false, true] {
      let dropped = try await ask(path, stream: stream, tools: true, mistake: .dropToolArguments)
      #expect(dropped.tool == "find" && dropped.arguments == "{}")
      let words = try await ask(path, stream: stream, tools: true, mistake: .dropToolCall)
      #expect(words.tool == nil && words.text.hasSuffix("."))
      let (spoiled, plain) = (
        try await ask(path, stream: stream, mistake: .dropToolArguments), try await ask(path, stream: stream)
      )
      #expect(spoiled == plain)
    }
  }

  @Test("break-json no longer parses, break-schema lacks its first member", arguments: dialects)
  func spoiledJSON(path: String) async throws {
    for stream in [false, true] {
      let broken = try await ask(path, stream: stream, json: true, mistake: .breakJSON)
      #expect(broken.text.hasPrefix("Here is the JSON:\n```json\n{"))
      let lacking = try await ask(path, stream: stream, json: true, mistake: .breakSchema)
      #expect(Array(try Wire.object(lacking.text).keys) == ["b"])
    }
  }

  @Test("other-language, cut-short and no-usage", arguments: dialects)
  func others(path: String) async throws {
    for stream in [false, true] {
      let plain = try await ask(path, stream: stream)
      let foreign = try await ask(path, stream: stream, mistake: .otherLanguage)
      let (words, others) = (Set(plain.text.split(" ")), Set(foreign.text.split(" ")))
      #expect(foreign.finish == plain.finish && words.intersection(others).count < words.count / 4)
      let short = try await ask(path, stream: stream, mistake: .cutShort)
      #expect(plain.text.hasPrefix(short.text) && short.text.count < plain.text.count)
      #expect(["length", "max_tokens", "incomplete"].contains(short.finish))
      #expect(plain.hasUsage && short.hasUsage)
      let unpriced = try await ask(path, stream: stream, mistake: .noUsage)
      #expect(!unpriced.hasUsage && unpriced.text == plain.text)
    }
  }

  @Test("Each strikes its share, independently of the others")
  func shares() {
    let behavior = GatewayBehavior(mistakes: [
      MistakeShare(.breakJSON, share: 0.05), MistakeShare(.noUsage, share: 0.5),
    ])
    let plans = (1...20_000).map { RequestPlan(behavior: behavior, number: $0).mistakes }
    // Binomial with n = 20,000: four standard deviations are 123, 283 and 88.
    #expect(abs(plans.count { $0.contains(.breakJSON) } - 1000) < 123)
    #expect(abs(plans.count { $0.contains(.noUsage) } - 10_000) < 283)
    #expect(abs(plans.count { $0.count == 2 } - 500) < 88)
    let alone = GatewayBehavior(mistakes: [MistakeShare(.breakJSON, share: 0.05)])
    for (number, mistakes) in zip(1..., plans.prefix(500)) {
      let struck = RequestPlan(behavior: alone, number: number).mistakes
      #expect(struck.contains(.breakJSON) == mistakes.contains(.breakJSON))
    }
  }

  @Test("With variety the words vary from request to request, and calls do not")
  func variety() async throws {
    var texts: Set<String> = []
    var calls: Set<String> = []
    let behavior = GatewayBehavior(answerSource: .prompt, variety: 0.7)
    try await withGateway(behavior) { gateway in
      for _ in 0..<5 {
        let words = try await exchange(gateway, Wire.chat())
        let choices = try Wire.object(words.bodyText)["choices"] as? [[String: Any]]
        texts.insert((choices?.first?["message"] as? [String: Any])?["content"] as? String ?? "")
        let body = #"{"messages":[{"role":"user","content":"x"}],"tools":\#(Self.tools["messages"]!)}"#
        let call = try Wire.object(try await exchange(gateway, Wire.post("/v1/messages", body)).bodyText)
        let block = (call["content"] as? [[String: Any]])?.first
        calls.insert("\((block?["input"] as? [String: Any])?["city"] ?? "")")
      }
    }
    #expect(texts.count > 2)
    #expect(calls.count == 1)
  }
}

extension Told {
  fileprivate mutating func add(_ part: [String: Any], _ path: String) {
    if part["usage"] is [String: Any] { hasUsage = true }
    switch path {
    case "chat/completions": addChat(part)
    case "responses": addResponse(part)
    default: addMessage(part)
    }
  }

  private mutating func addChat(_ part: [String: Any]) {
    guard let choice = (part["choices"] as? [[String: Any]])?.first else { return }
    finish = choice["finish_reason"] as? String ?? finish
    let content = choice["message"] as? [String: Any] ?? choice["delta"] as? [String: Any] ?? [:]
    text += content["content"] as? String ?? ""
    let function = (content["tool_calls"] as? [[String: Any]])?.first?["function"] as? [String: Any]
    tool = function?["name"] as? String ?? tool
    arguments += function?["arguments"] as? String ?? ""
  }

  /// The last event brings the whole.
  private mutating func addResponse(_ part: [String: Any]) {
    let whole = part["response"] as? [String: Any] ?? part
    guard let status = whole["status"] as? String, status != "in_progress" else { return }
    finish = status
    if whole["usage"] is [String: Any] { hasUsage = true }
    guard let item = (whole["output"] as? [[String: Any]])?.first else { return }
    text = ((item["content"] as? [[String: Any]])?.first?["text"] as? String) ?? ""
    tool = item["name"] as? String
    arguments = item["arguments"] as? String ?? ""
  }

  private mutating func addMessage(_ part: [String: Any]) {
    if let message = part["message"] as? [String: Any] { return addMessage(message) }
    let delta = part["delta"] as? [String: Any]
    finish = part["stop_reason"] as? String ?? delta?["stop_reason"] as? String ?? finish
    text += delta?["text"] as? String ?? ""
    arguments += delta?["partial_json"] as? String ?? ""
    for block in part["content"] as? [[String: Any]] ?? [] { addBlock(block, isWhole: true) }
    if let block = part["content_block"] as? [String: Any] { addBlock(block, isWhole: false) }
  }

  private mutating func addBlock(_ block: [String: Any], isWhole: Bool) {
    tool = block["name"] as? String ?? tool
    text += block["text"] as? String ?? ""
    if isWhole, let input = block["input"] as? [String: Any] {
      let city = input["city"] as? String, number = input["n"] as? Int
      arguments = city.map { #"{"city":"\#($0)","n":\#(number ?? 0)}"# } ?? "{}"
    }
  }
}
