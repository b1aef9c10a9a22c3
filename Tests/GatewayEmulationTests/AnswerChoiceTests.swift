import Testing

@testable import GatewayEmulation

@Suite("AnswerChoice")
struct AnswerChoiceTests {
  @Test("status answers in the vendor's form, with Retry-After where asked for")
  func status() async throws {
    try await withGateway(scripted(.status(429, retryAfterSeconds: 7), .status(503, retryAfterSeconds: nil))) {
      gateway in
      let limited = try await exchange(gateway, Wire.chat())
      #expect(limited.head.hasPrefix("HTTP/1.1 429 Too Many Requests"))
      #expect(limited.header("Retry-After") == "7")
      #expect(limited.header("X-RateLimit-Remaining") == "0")
      #expect(
        limited.bodyText
          == #"{"error":{"code":429,"message":"Rate limit exceeded","metadata":{"error_type":"rate_limit_exceeded"}}}"#)
      let overloaded = try await exchange(gateway, Wire.chat(stream: true))
      #expect(overloaded.head.hasPrefix("HTTP/1.1 503 Service Unavailable"))
      #expect(overloaded.header("Retry-After") == nil)
    }
    try await withGateway(scripted(.status(529, retryAfterSeconds: nil))) { gateway in
      let anthropic = try await exchange(gateway, Wire.post("/v1/messages", #"{"messages":[]}"#))
      let error = try Wire.object(anthropic.bodyText)
      #expect(error["type"] as? String == "error")
      #expect((error["error"] as? [String: Any])?["type"] as? String == "overloaded_error")
    }
  }

  @Test("errorInBody is an error under 200, as JSON even for a stream")
  func errorInBody() async throws {
    try await withGateway(scripted(.errorInBody, .errorInBody)) { gateway in
      for stream in [false, true] {
        let answer = try await exchange(gateway, Wire.chat(stream: stream))
        #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
        #expect(answer.header("Content-Type") == "application/json")
        let error = try Wire.object(answer.bodyText)["error"] as? [String: Any]
        #expect(error?["code"] as? Int == 502)
      }
    }
  }

  @Test("errorEvent comes after half of the content and nothing after it", arguments: VendorShape.allCases)
  func errorEvent(vendor: VendorShape) async throws {
    try await withGateway(scripted(.errorEvent, .errorEvent, vendor: vendor)) { gateway in
      let events = Wire.events(try await exchange(gateway, Wire.chat(stream: true), until: Wire.end))
      #expect(events.filter { $0.contains(#""content":"#) && !$0.contains(#""content":"""#) }.count == 6)
      #expect(try Wire.data(events.last ?? "")["error"] != nil)
      let document = try await exchange(gateway, Wire.chat())
      #expect(document.bodyText.contains(#""finish_reason":"error""#))
    }
  }

  @Test("The other dialects' streams fail in their own words")
  func otherErrorEvents() async throws {
    try await withGateway(scripted(.errorEvent, .errorEvent, .errorEvent)) { gateway in
      let body = #"{"messages":[],"input":"","prompt":"","stream":true}"#
      let last = try await ["messages", "responses", "completions"].asyncMap { path in
        Wire.events(try await exchange(gateway, Wire.post("/v1/\(path)", body), until: Wire.end)).last ?? ""
      }
      #expect(last[0].hasPrefix("event: error\n"))
      #expect(last[1].hasPrefix("event: response.failed\n"))
      #expect(last[2].contains(#""finish_reason":"error""#))
    }
  }

  @Test("noTerminal ends in order without finish reason, usage and [DONE]")
  func noTerminal() async throws {
    try await withGateway(scripted(.noTerminal, .noTerminal)) { gateway in
      let events = Wire.events(try await exchange(gateway, Wire.chat(stream: true), until: Wire.end))
      #expect(events.count == 7)
      #expect(events.allSatisfy { !$0.contains(#""finish_reason":"stop""#) && !$0.contains("[DONE]") })
      let document = try await exchange(gateway, Wire.chat())
      #expect(document.bodyText.contains(#""finish_reason":null"#))
    }
  }

  @Test("empty finishes without a word")
  func empty() async throws {
    try await withGateway(scripted(.empty, .empty)) { gateway in
      let events = Wire.events(try await exchange(gateway, Wire.chat(stream: true), until: Wire.end))
      #expect(events.count == 4)
      #expect(events.last == "data: [DONE]")
      let document = try await exchange(gateway, Wire.chat())
      #expect(document.bodyText.contains(#""content":"","#))
      #expect(document.bodyText.contains(#""completion_tokens":0"#))
    }
  }
}

extension Array {
  func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
