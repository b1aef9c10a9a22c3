import Testing

@testable import GatewayEmulation

@Suite("Vendor row")
struct VendorRowTests {
  /// - Returns: the status line's number and the body.
  private func asked(_ vendor: String, _ body: String) async throws -> (String, String) {
    let row = try #require(VendorRow.named(vendor))
    var status = ""
    var text = ""
    try await withGateway(GatewayBehavior(vendor: row.shape, row: row)) { gateway in
      let answer = try await exchange(gateway, Wire.post("/v1/chat/completions", body))
      status = answer.head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      text = answer.bodyText
    }
    return (status, text)
  }

  @Test(
    "A vendor refuses a field that it does not know in its own words",
    arguments: [
      ("groq", "400", "property 'provider' is unsupported"), ("mistral", "422", #""type":"extra_forbidden""#),
      ("openai", "400", "Unrecognized request argument supplied: provider"),
      ("gemini", "400", #"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name"#),
      ("siliconflow", "400", #"{"code":20015,"message":"Unknown parameter: provider","data":null}"#),
      ("together", "400", "Unrecognized request argument supplied: provider"),
    ])
  func words(vendor: String, status: String, words: String) async throws {
    let (answered, text) = try await asked(vendor, #"{"model":"m","messages":[],"provider":{}}"#)
    #expect(answered == status && text.contains(words))
  }

  @Test(
    "A vendor refuses what it does not know inside messages, and values that it has not",
    arguments: [
      ("groq", #""messages":[{"role":"user","content":"x","name":"n"}]"#),
      ("groq", #""messages":[],"n":2"#),
      ("groq", #""messages":[],"stream":true,"response_format":{"type":"json_schema"}"#),
      ("mistral", #""messages":[{"role":"assistant","content":"x","reasoning":"r"}]"#),
      ("mistral", #""messages":[],"tool_choice":"required""#), ("mistral", #""messages":[],"max_completion_tokens":1"#),
      ("deepinfra", #""messages":[],"tool_choice":{"type":"function"}"#),
      ("openai", #""messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{}}]}]"#),
      ("openai", #""messages":[],"modalities":["image","text"]"#), ("portkey", #""messages":[]"#),
    ])
  func values(vendor: String, members: String) async throws {
    let (status, _) = try await asked(vendor, #"{"model":"m",\#(members)}"#)
    #expect(status == "400" || status == "422")
  }

  @Test(
    "OpenRouter takes all of it, every vendor of text a plain chat, and one of media none",
    arguments: VendorRow.all.map(\.name))
  func plain(vendor: String) async throws {
    guard vendor != "portkey" else { return }
    let row = try #require(VendorRow.named(vendor))
    let answer = try await asked(vendor, #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#)
    // GrsAi says so under 200.
    #expect(answer.0 == (row.hasText || vendor == "grsai" ? "200" : "404"))
    #expect(answer.1.contains("choices") == row.hasText)
    let own = #"{"model":"m","messages":[],"provider":{},"n":2,"top_k":1,"reasoning":{}}"#
    #expect(try await asked("openrouter", own).0 == "200")
  }

  @Test("A vendor states its cost where it does")
  func cost() async throws {
    let body = #"{"model":"m","messages":[]}"#
    #expect(try await asked("edenai", body).1.contains(#"},"cost":"#))
    #expect(try await asked("xai", body).1.contains(#""cost_in_usd_ticks":"#))
    #expect(try await !asked("groq", body).1.contains("cost"))
  }
}
