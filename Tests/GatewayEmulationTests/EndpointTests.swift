import Foundation
import Testing

@testable import GatewayEmulation

@Suite("Endpoint")
struct EndpointTests {
  @Test(
    "The same endpoint answers under /v1, /api/v1, /api and no prefix", arguments: ["/v1/", "/api/v1/", "/api/", "/"])
  func prefixes(prefix: String) async throws {
    try await withGateway { gateway in
      let answer = try await exchange(gateway, Wire.post(prefix + "messages?beta=true", #"{"messages":[]}"#))
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
      #expect(gateway.received.map(\.target) == [prefix + "messages?beta=true"])
    }
  }

  @Test("What the gateway does not know is 404 in the vendor's form")
  func unknown() async throws {
    let request = "GET /v1/generation?id=1 HTTP/1.1\r\nHost: gateway\r\n\r\n"
    try await withGateway { gateway in
      let answer = try await exchange(gateway, request)
      #expect(answer.head.hasPrefix("HTTP/1.1 404 Not Found"))
      #expect(
        answer.bodyText
          == #"{"error":{"code":404,"message":"Not found","metadata":{"error_type":"not_found"}}}"#)
    }
    try await withGateway(GatewayBehavior(vendor: .litellm)) { gateway in
      let answer = try await exchange(gateway, request)
      #expect(
        answer.bodyText
          == #"{"error":{"message":"litellm: Not found","type":"invalid_request_error","param":null,"code":"404"}}"#)
    }
  }

  @Test("Models are listed with prices at OpenRouter and as a list elsewhere")
  func models() async throws {
    let request = "GET /v1/models HTTP/1.1\r\nHost: gateway\r\n\r\n"
    try await withGateway(GatewayBehavior(models: ["a/b", #"odd"name"#])) { gateway in
      let data = try Wire.object(try await exchange(gateway, request).bodyText)["data"] as? [[String: Any]]
      #expect(data?.map { $0["id"] as? String } == ["a/b", #"odd"name"#])
      #expect(data?.first?["pricing"] is [String: Any])
    }
    try await withGateway(GatewayBehavior(vendor: .openai)) { gateway in
      let list = try Wire.object(try await exchange(gateway, request).bodyText)
      #expect(list["object"] as? String == "list")
    }
  }

  @Test("A responses stream numbers its events and closes with usage in response.completed")
  func responses() async throws {
    try await withGateway(GatewayBehavior(streamEventCount: 2, answerWords: 2)) { gateway in
      let request = Wire.post("/v1/responses", #"{"model":"m","input":"hi","stream":true}"#)
      let events = Wire.events(try await exchange(gateway, request, until: Wire.end))
      let names = events.compactMap { $0.hasPrefix("event: ") ? $0.split("\n")[0].split(": ")[1] : nil }
      #expect(
        names == [
          "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
          "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
          "response.content_part.done", "response.output_item.done", "response.completed",
        ])
      let named = try events.filter { $0.hasPrefix("event: ") }.map(Wire.data)
      #expect(named.map { $0["sequence_number"] as? Int } == Array(0..<10))
      let usage = (named.last?["response"] as? [String: Any])?["usage"] as? [String: Any]
      #expect(usage?["output_tokens"] as? Int == 2)
      #expect(usage?["cost"] is Double)
      #expect(events.last == "data: [DONE]")
    }
  }

  @Test("A messages stream has Anthropic's events, cumulative usage before message_stop, and no [DONE]")
  func messages() async throws {
    try await withGateway(GatewayBehavior(vendor: .litellm, streamEventCount: 2, cachedPromptShare: 0.5)) { gateway in
      let request = Wire.post("/v1/messages", #"{"model":"m","max_tokens":9,"messages":[],"stream":true}"#)
      let events = Wire.events(try await exchange(gateway, request, until: Wire.end))
      #expect(
        events.map { $0.split("\n")[0] } == [
          "event: message_start", "event: content_block_start", "event: ping", "event: content_block_delta",
          "event: content_block_delta", "event: content_block_stop", "event: message_delta", "event: message_stop",
        ])
      let usage = try Wire.data(events[6])["usage"] as? [String: Any]
      #expect(usage?["output_tokens"] as? Int == 12)
      // The body has 58 bytes: 14 tokens, 7 of them cached and not counted as input.
      #expect(usage?["input_tokens"] as? Int == 7)
      #expect(usage?["cache_read_input_tokens"] as? Int == 7)
    }
  }

  @Test("Documents of completions, responses and messages are in their own dialect")
  func documents() async throws {
    try await withGateway { gateway in
      let completion = try await exchange(gateway, Wire.post("/v1/completions", #"{"prompt":"hi"}"#)).bodyText
      #expect(try Wire.object(completion)["object"] as? String == "text_completion")
      let response = try await exchange(gateway, Wire.post("/v1/responses", #"{"input":"hi"}"#)).bodyText
      #expect(try Wire.object(response)["status"] as? String == "completed")
      let message = try await exchange(gateway, Wire.post("/v1/messages", #"{"messages":[]}"#)).bodyText
      #expect(try Wire.object(message)["stop_reason"] as? String == "end_turn")
    }
  }

  @Test("One vector for each input, as numbers or as base64 of the same floats")
  func embeddings() async throws {
    try await withGateway(GatewayBehavior(answerSource: .prompt)) { gateway in
      func vectors(_ encoding: String) async throws -> [Any?] {
        let body = #"{"model":"m","input":["a","b","c"],"encoding_format":"\#(encoding)"}"#
        let answer = try await exchange(gateway, Wire.post("/v1/embeddings", body))
        return (try Wire.object(answer.bodyText)["data"] as? [[String: Any]] ?? []).map { $0["embedding"] }
      }
      let numbers = try await vectors("float").compactMap { $0 as? [Double] }
      let texts = try await vectors("base64").compactMap { $0 as? String }
      #expect(numbers.count == 3)
      for (numbers, text) in zip(numbers, texts) {
        let bytes = try #require(Data(base64Encoded: text))
        let floats: [Float] = bytes.withUnsafeBytes { raw in
          (0..<EmbeddingInputs.defaultDimensions).map {
            Float(bitPattern: UInt32(littleEndian: raw.load(fromByteOffset: 4 * $0, as: UInt32.self)))
          }
        }
        #expect(floats == numbers.map { Float($0) })
      }
      #expect(texts.count == 3)
    }
  }

  @Test("A key, where one is required, is taken from either header")
  func key() async throws {
    try await withGateway(GatewayBehavior(requireKey: "sk-1")) { gateway in
      func status(_ headers: String...) async throws -> String {
        let request = Wire.post("/v1/messages", #"{"messages":[]}"#, headers: headers)
        let answer = try await exchange(gateway, request)
        return String(answer.head.dropFirst(9).prefix(3))
      }
      let statuses = [
        try await status(), try await status("Authorization: Bearer sk-2"),
        try await status("Authorization: Bearer sk-1"), try await status("x-api-key: sk-1"),
      ]
      #expect(statuses == ["401", "401", "200", "200"])
    }
  }

  @Test("A body that is no JSON, lacks its field or names an unknown model is 400")
  func invalid() async throws {
    try await withGateway(GatewayBehavior(refusesUnknownModels: true)) { gateway in
      for body in [#"{"messages":[}"#, #"{"model":"deepseek/deepseek-v3.2"}"#, #"{"model":"x","messages":[]}"#] {
        let answer = try await exchange(gateway, Wire.post("/v1/chat/completions", body))
        #expect(answer.head.hasPrefix("HTTP/1.1 400 Bad Request"))
      }
      let known = try await exchange(gateway, Wire.chat())
      #expect(known.head.hasPrefix("HTTP/1.1 200"))
    }
  }
}
