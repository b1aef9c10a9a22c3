import Testing

@testable import GatewayEmulation

@Suite("ChatAnswer")
struct ChatAnswerTests {
  @Test("OpenRouter's document has a gen- id in body and header, echoes the model and always reports cost")
  func openRouterDocument() async throws {
    try await withGateway { gateway in
      let answer = try await exchange(gateway, Wire.chat())
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
      let body = try Wire.object(answer.bodyText)
      let id = try #require(body["id"] as? String)
      #expect(id.hasPrefix("gen-1795360001-"))
      #expect(answer.header("X-Generation-Id") == id)
      #expect(body["model"] as? String == "deepseek/deepseek-v3.2")
      let choice = try #require((body["choices"] as? [[String: Any]])?.first)
      #expect(choice["finish_reason"] as? String == "stop")
      let content = (choice["message"] as? [String: Any])?["content"] as? String
      #expect(content?.split(separator: " ").count == 12)
      let usage = try #require(body["usage"] as? [String: Any])
      #expect(usage["completion_tokens"] as? Int == 12)
      let prompt = try #require(usage["prompt_tokens"] as? Int)
      let cost = try #require(usage["cost"] as? Double)
      let expected = Double(prompt) * 1e-6 + 48e-6
      #expect(abs(cost - expected) < 1e-12)
    }
  }

  @Test("OpenRouter's stream: comment, role on every chunk, finish, usage though nobody asked, [DONE]")
  func openRouterStream() async throws {
    try await withGateway(GatewayBehavior(streamEventCount: 3)) { gateway in
      let answer = try await exchange(gateway, Wire.chat(stream: true), until: Wire.end)
      #expect(answer.header("Content-Type") == "text/event-stream")
      let events = Wire.events(answer)
      #expect(events.count == 7)
      #expect(events.first == ": OPENROUTER PROCESSING")
      #expect(events.last == "data: [DONE]")
      let finish = try Wire.data(events[4])
      #expect((finish["choices"] as? [[String: Any]])?.first?["finish_reason"] as? String == "stop")
      let usage = try Wire.data(events[5])
      #expect((usage["choices"] as? [Any])?.isEmpty == true)
      #expect((usage["usage"] as? [String: Any])?["cost"] is Double)
    }
  }

  @Test("LiteLLM's stream carries usage only for those who asked, on a chunk with an empty delta")
  func liteLLMStream() async throws {
    try await withGateway(GatewayBehavior(vendor: .litellm)) { gateway in
      let plain = Wire.events(try await exchange(gateway, Wire.chat(stream: true), until: Wire.end))
      #expect(plain.allSatisfy { !$0.contains("usage") && !$0.hasPrefix(":") })
      #expect(plain.last == "data: [DONE]")
      let asked = Wire.events(try await exchange(gateway, Wire.chat(stream: true, usage: true), until: Wire.end))
      #expect(asked.count == plain.count + 1)
      let usage = asked[asked.count - 2]
      #expect(usage.contains(#""choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":"#))
      #expect(usage.contains(#""cost":"#))
    }
  }

  @Test("LiteLLM's cost is in a header of documents, and in none of streams")
  func liteLLMCostHeader() async throws {
    try await withGateway(GatewayBehavior(vendor: .litellm)) { gateway in
      let document = try await exchange(gateway, Wire.chat())
      #expect((document.header("x-litellm-response-cost").flatMap { Double($0) } ?? 0) > 0)
      #expect(!document.bodyText.contains("cost"))
      let stream = try await exchange(gateway, Wire.chat(stream: true), until: Wire.end)
      #expect(stream.header("x-litellm-response-cost") == nil)
      #expect(stream.header("x-litellm-response-cost-original") == "0.0")
    }
  }

  @Test("OpenAI says usage:null on every other chunk once usage was asked for, and never a cost")
  func openAIStream() async throws {
    try await withGateway(GatewayBehavior(vendor: .openai)) { gateway in
      let events = Wire.events(try await exchange(gateway, Wire.chat(stream: true, usage: true), until: Wire.end))
      #expect(events.dropLast(2).allSatisfy { $0.hasSuffix(#""usage":null}"#) })
      #expect(events[events.count - 2].contains(#""choices":[],"usage":{"prompt_tokens""#))
      #expect(events.allSatisfy { !$0.contains("cost") })
    }
  }

  @Test("Every event of every stream is JSON", arguments: VendorShape.allCases)
  func eventsAreJSON(vendor: VendorShape) async throws {
    try await withGateway(GatewayBehavior(vendor: vendor)) { gateway in
      for path in ["chat/completions", "completions", "responses", "messages"] {
        let body = #"{"model":"m","messages":[],"prompt":"","input":"","stream":true}"#
        let answer = try await exchange(gateway, Wire.post("/v1/\(path)", body), until: Wire.end)
        for event in Wire.events(answer) where !event.hasPrefix(":") && event != "data: [DONE]" {
          #expect(try !Wire.data(event).isEmpty)
        }
      }
    }
  }
}
