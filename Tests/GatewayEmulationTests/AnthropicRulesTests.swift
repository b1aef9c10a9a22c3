import Foundation
import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("Anthropic's rules")
struct AnthropicRulesTests {
  private static let hello = #""messages":[{"role":"user","content":"hello"}]"#
  private static let tool = #""tools":[{"name":"w","input_schema":{"type":"object"}}]"#

  private func refusal(_ members: String, model: String = "claude-opus-4-7", version: String? = "2023-06-01")
    -> AnthropicRefusal?
  {
    let body = #"{"model":"\#(model)","max_tokens":4096,\#(members)}"#
    do throws(AnthropicRefusal) {
      let tree = FormBody.value(of: .init(string: body), type: nil)
      try AnthropicRules.check(tree ?? .object([]), version: version)
      return nil
    } catch {
      return error
    }
  }

  private func turns(_ turns: [(String, String)]) -> String {
    let texts = turns.map { #"{"role":"\#($0.0)","content":\#($0.1)}"# }
    return #""messages":[\#(texts.joined(separator: ","))],\#(Self.tool)"#
  }

  private static let call = #"[{"type":"tool_use","id":"a","name":"w","input":{}}]"#
  private static let result = #"[{"type":"tool_result","tool_use_id":"a","content":"sun"}]"#

  @Test(
    "A field that it does not know, or that a model does not take, is refused in its words",
    arguments: [
      (#""provider":{}"#, "provider: Extra inputs are not permitted"), (#""n":1"#, "n: Extra inputs are not permitted"),
      (#""temperature":0.5"#, "`temperature` is deprecated for this model."),
      (#""thinking":{"type":"enabled","budget_tokens":2000}"#, "\"thinking.type.enabled\" is not supported"),
      (#""thinking":{"type":"adaptive"},\#(tool),"tool_choice":{"type":"any"}"#, "Thinking may not be enabled"),
      (#""thinking":{"type":"on"}"#, "Input tag 'on'"), (#""metadata":{"trace":"t"}"#, "metadata.trace: Extra"),
      (#""output_config":{"effort":"minimal"}"#, "output_config.effort: Input should be"),
      (#""output_config":{"format":{"type":"json_object"}}"#, "Input should be 'json_schema'"),
      (
        #""output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{}}}}"#,
        "'additionalProperties' must be explicitly set to false"
      ),
      (#""stop_sequences":["\n"]"#, "non-whitespace"), (#""tool_choice":{"type":"auto"}"#, "while providing `tools`"),
      (#""tools":[{"type":"function","function":{"name":"w"}}]"#, "name: Field required"),
      (#""tools":[{"name":"w","parameters":{}}]"#, "tools.0.custom.parameters: Extra inputs"),
      (#""tools":[{"name":"w","input_schema":{}}]"#, "input_schema.type: Field required"),
      (#""tools":[{"name":"a b","input_schema":{"type":"object"}}]"#, "String should match pattern"),
      (#"\#(tool),"tool_choice":{"type":"tool","name":"x"}"#, "Tool 'x' not found"),
      (#""system":[{"type":"text","text":""}]"#, "text content blocks must be non-empty"),
    ])
  func fields(member: String, words: String) throws {
    let told = try #require(refusal("\(Self.hello),\(member)"))
    #expect(told.status == 400 && told.message.contains(words), "\(told.message)")
  }

  @Test("What the older model takes, the newer does not, and the newest version takes no sampling from any")
  func models() throws {
    let sampling = #"\#(Self.hello),"temperature":0.5"#
    #expect(refusal(sampling, model: "claude-sonnet-4-5") == nil)
    #expect(refusal(sampling, model: "claude-opus-4-6") == nil)
    #expect(
      refusal(sampling, model: "claude-sonnet-4-5", version: "2026-10-21")?.message
        == "temperature: Extra inputs are not permitted")
    for model in ["claude-opus-4-8", "claude-opus-5", "claude-sonnet-5-5", "claude-mythos-preview"] {
      #expect(refusal(sampling, model: model) != nil)
    }
    #expect(refusal(sampling + #","top_p":0.9"#, model: "claude-sonnet-4-5") != nil)
    let budget = #"\#(Self.hello),"thinking":{"type":"enabled","budget_tokens":2000}"#
    let adaptive = #"\#(Self.hello),"thinking":{"type":"adaptive"}"#
    #expect(refusal(budget, model: "claude-sonnet-4-5-20250929") == nil)
    #expect(refusal(adaptive, model: "claude-sonnet-4-5") != nil)
    for model in ["claude-opus-4-6", "claude-sonnet-4-6"] {
      #expect(refusal(budget, model: model) == nil && refusal(adaptive, model: model) == nil)
    }
    #expect(
      refusal(#"\#(Self.hello),"thinking":{"type":"enabled","budget_tokens":512}"#, model: "claude-sonnet-4-5") != nil)
    #expect(refusal(Self.hello, model: "gpt-5")?.status == 404)
    #expect(refusal(Self.hello, version: nil)?.message == "anthropic-version: header is required")
    #expect(refusal(Self.hello, version: "2020-01-01") != nil)
    #expect(refusal("\"max_tokens\":200000," + Self.hello) != nil)
  }

  @Test("A missing field is named")
  func missing() {
    func check(_ text: String) -> String? {
      do throws(AnthropicRefusal) {
        try AnthropicRules.check(
          FormBody.value(of: .init(string: text), type: nil) ?? .object([]), version: "2023-06-01")
        return nil
      } catch {
        return error.message
      }
    }
    #expect(check(#"{"model":"claude-opus-4-7",\#(Self.hello)}"#) == "max_tokens: Field required")
    #expect(check(#"{"max_tokens":1,\#(Self.hello)}"#) == "model: Field required")
    #expect(check(#"{"model":"claude-opus-4-7","max_tokens":1}"#) == "messages: Field required")
  }

  @Test("Calls are answered at once, all of them, before any text, and once each")
  func calls() {
    let user = ("user", #""weather?""#)
    #expect(refusal(turns([user, ("assistant", Self.call), ("user", Self.result)])) == nil)
    let refused: [([(String, String)], String)] = [
      ([user, ("assistant", Self.call), ("user", #""sun""#)], "ids were found without `tool_result`"),
      ([user, ("assistant", Self.call)], "ids were found without `tool_result`"),
      (
        [user, ("assistant", Self.call), ("user", #"[{"type":"text","text":"x"},\#(Self.result.dropFirst())"#)],
        "ids were found without"
      ),
      ([("user", Self.result)], "unexpected `tool_use_id`"),
      ([user, ("assistant", #""hm""#), ("user", Self.result)], "unexpected `tool_use_id`"),
      (
        [user, ("assistant", Self.call), ("user", #"\#(Self.result.dropLast()),\#(Self.result.dropFirst())"#)],
        "single result"
      ),
      ([("assistant", #""x""#), user], "first message must use"),
      ([user, ("assistant", #""Once""#)], "prefill"), ([("user", #""""#)], "non-empty content"),
      ([("user", #"[{"type":"text","text":" "}]"#)], "non-whitespace"),
      ([("user", #"[{"type":"image_url","image_url":{}}]"#)], "Input tag 'image_url'"),
      ([("user", #"[{"type":"text","text":"x","name":"n"}]"#)], "Extra inputs are not permitted"),
      ([("tool", #""x""#)], "must use the"), ([user, ("system", #""x""#), user], "role: Input should be"),
      (
        [("user", #"[{"type":"image","source":{"type":"url","url":"http://a"}}]"#)], "Only HTTPS"
      ),
    ]
    for (conversation, words) in refused {
      let message = refusal(turns(conversation))?.message
      #expect(message?.contains(words) == true, "\(words): \(message ?? "taken")")
    }
    #expect(refusal(turns([user, ("assistant", #""Once""#)]), model: "claude-sonnet-4-5") == nil)
  }

  @Test("Thinking comes back as it was signed, or not at all")
  func thinking() {
    let text = #"Let me see: "é" 💡"#
    let signature = SignedThought.sign(text)
    func turn(_ block: String) -> String {
      turns([("user", #""x""#), ("assistant", #"[\#(block),\#(Self.call.dropFirst())"#), ("user", Self.result)])
    }
    let thought = JSONText.literal(text)
    let escaped = #""Let me see: \"\u00e9\" \ud83d\udca1""#
    for good in [thought, escaped, #""""#] {
      #expect(refusal(turn(#"{"type":"thinking","thinking":\#(good),"signature":"\#(signature)"}"#)) == nil)
    }
    let refused = [
      (#"{"type":"thinking","thinking":"other","signature":"\#(signature)"}"#, "cannot be modified"),
      (#"{"type":"thinking","thinking":\#(thought)}"#, "signature: Field required"),
      (#"{"type":"thinking","thinking":\#(thought),"signature":"c2ln"}"#, "Invalid `signature`"),
      (
        #"{"type":"thinking","thinking":\#(thought),"signature":"\#(signature)","cache_control":{"type":"ephemeral"}}"#,
        "cache_control: Extra"
      ),
      (#"{"type":"redacted_thinking","data":"AAAA"}"#, "Invalid `data`"),
    ]
    for (block, words) in refused {
      #expect(refusal(turn(block))?.message.contains(words) == true)
    }
    // With a budget a turn that called tools begins with its thinking.
    let bare = turns([("user", #""x""#), ("assistant", Self.call), ("user", Self.result)])
    let budget = bare + #","thinking":{"type":"enabled","budget_tokens":2000}"#
    #expect(refusal(budget, model: "claude-sonnet-4-5")?.message.contains("Expected `thinking`") == true)
    #expect(refusal(bare + #","thinking":{"type":"adaptive"}"#) == nil)
  }

  @Test("Four marks for the cache, not five")
  func marks() {
    func marked(_ count: Int) -> String {
      let block = #"{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}"#
      return
        #""messages":[{"role":"user","content":[\#(Array(repeating: block, count: count).joined(separator: ","))]}]"#
    }
    #expect(refusal(marked(4)) == nil)
    #expect(refusal(marked(5))?.message == "A maximum of 4 blocks with cache_control may be provided. Found 5.")
  }

  @Test("Escapes are undone")
  func escapes() {
    #expect(JSONText.unescaped(#"a\n\"\\\/\u00e9\ud83d\udca1"#) == "a\n\"\\/é💡")
    #expect(JSONText.unescaped(#"\u12"#) == "\u{12}")
  }

  @Test("The answer thinks in blocks of their own, whole and streamed, and signs them")
  func answer() async throws {
    let row = try #require(VendorRow.named("anthropic"))
    let body =
      #"{"model":"claude-sonnet-4-5","max_tokens":4096,\#(Self.hello),\#(Self.tool),"stream":STREAM,"#
      + #""thinking":{"type":"enabled","budget_tokens":2000}}"#
    try await withGateway(GatewayBehavior(vendor: .openai, row: row, answerSource: .prompt)) { gateway in
      let version = "anthropic-version: 2023-06-01\r\n"
      func post(_ text: String) -> String {
        "POST /v1/messages HTTP/1.1\r\nHost: gateway\r\n\(version)Content-Length: \(text.utf8.count)\r\n\r\n\(text)"
      }
      let whole = try Wire.object(
        try await exchange(gateway, post(body.replacingOccurrences(of: "STREAM", with: "false"))).bodyText)
      let blocks = try #require(whole["content"] as? [[String: Any]])
      #expect(blocks.map { $0["type"] as? String } == ["thinking", "tool_use"])
      let thought = try #require(blocks[0]["thinking"] as? String)
      #expect(SignedThought.verdict(blocks[0]["signature"] as? String ?? "", of: thought) == .good)
      let streamed = try await exchange(
        gateway, post(body.replacingOccurrences(of: "STREAM", with: "true")), until: Wire.end)
      let events = try Wire.events(streamed).map(Wire.data)
      let starts = events.filter { $0["type"] as? String == "content_block_start" }.map { $0["index"] as? Int }
      #expect(starts == [0, 1])
      let deltas = events.compactMap { $0["delta"] as? [String: Any] }
      #expect(deltas.compactMap { $0["thinking"] as? String }.joined() == thought)
      #expect(deltas.compactMap { $0["signature"] as? String } == [blocks[0]["signature"] as? String])
      #expect(events.count { $0["type"] as? String == "content_block_stop" } == 2)
    }
  }
}
