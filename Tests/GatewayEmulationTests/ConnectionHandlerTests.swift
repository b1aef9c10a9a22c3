import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("ConnectionHandler")
struct ConnectionHandlerTests {
  @Test("Requests sent at once are answered in order, streams too")
  func pipelining() async throws {
    try await withGateway(GatewayBehavior(streamEventCount: 2, answerWords: 1)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      let models = (0..<20).map { "m\($0)" }
      client.send(models.map { Wire.chat(stream: true, model: $0) }.joined())
      let answers = await client.receive { $0.text.components("[DONE]") == 20 }
      let found = models.map { answers.text.firstRange(of: #""model":"\#($0)""#)?.lowerBound }
      #expect(found.compactMap(\.self).count == 20)
      #expect(found.compactMap(\.self) == found.compactMap(\.self).sorted())
      client.close()
    }
  }

  @Test("A request cut at every byte is answered the same")
  func requestInPieces() async throws {
    let request = Wire.post("/v1/messages", #"{"messages":[],"model":"é"}"#)
    try await withGateway(GatewayBehavior(answerSource: .prompt)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      var bodies: Set<Int> = []
      for cut in 1..<request.utf8.count {
        client.send(Array(request.utf8.prefix(cut)))
        client.send(Array(request.utf8.dropFirst(cut)))
        bodies.insert(await client.receiveAnswer().body.count)
      }
      #expect(bodies.count == 1)
      #expect(Set(gateway.received.map(\.bodyText)) == [#"{"messages":[],"model":"é"}"#])
      client.close()
    }
  }

  @Test("A chunked request body is read")
  func chunkedRequest() async throws {
    try await withGateway { gateway in
      let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n"
      let answer = try await exchange(gateway, head + "5\r\n{\"mes\r\na\r\nsages\":[]}\r\n0\r\n\r\n")
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
      #expect(gateway.received.map(\.bodyText) == [#"{"messages":[]}"#])
    }
  }

  @Test("Expect: 100-continue gets its 100 before the body is sent")
  func expectContinue() async throws {
    try await withGateway { gateway in
      let client = try await RawClient.connect(gateway.port)
      let request = Wire.post("/v1/messages", #"{"messages":[]}"#, headers: ["Expect: 100-continue"])
      let parts = request.split("\r\n\r\n")
      client.send(parts[0] + "\r\n\r\n")
      #expect(await client.receive(upTo: "\r\n\r\n").text == "HTTP/1.1 100 Continue\r\n\r\n")
      client.send(parts[1])
      let answer = await client.receive { $0.text.contains("200 OK") }
      #expect(answer.text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
      client.close()
    }
  }

  @Test("HTTP/1.0 and Connection: close get their close, without chunks in HTTP/1.0")
  func closing() async throws {
    try await withGateway { gateway in
      let body = #"{"messages":[],"stream":true}"#
      let old = "POST /v1/messages HTTP/1.0\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
      let stream = try await exchangeToEnd(gateway, old)
      #expect(stream.head.hasPrefix("HTTP/1.0 200 OK"))
      #expect(stream.header("Transfer-Encoding") == nil)
      #expect(stream.bodyText.hasSuffix("{\"type\":\"message_stop\"}\n\n"))
      let closing = try await exchangeToEnd(gateway, Wire.post("/v1/messages", body, headers: ["Connection: close"]))
      #expect(closing.header("Connection") == "close")
      #expect(Wire.dechunk(closing.body) != nil)
    }
  }

  @Test("A large body is read whole and a larger one refused from its length alone")
  func bodyLimit() async throws {
    try await withGateway { gateway in
      let large = #"{"messages":[],"pad":""# + String(repeating: "x", count: 8 << 20) + #""}"#
      let answer = try await exchange(gateway, Wire.post("/v1/messages", large))
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
      #expect(gateway.received.first?.body.readableBytes == large.utf8.count)
      let head = "POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nContent-Length: \((64 << 20) + 1)\r\n\r\n"
      let refused = try await exchangeToEnd(gateway, head)
      #expect(refused.head.hasPrefix("HTTP/1.1 413"))
    }
  }

  @Test("A chunked body is refused once it passes the limit")
  func chunkedBodyLimit() async throws {
    try await withGateway { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send("POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = Array("1000000\r\n".utf8) + Array(repeating: 0x20, count: 16 << 20) + Array("\r\n".utf8)
      for _ in 0..<5 { client.send(chunk) }
      let refused = await client.receiveAll()
      #expect(refused.head.hasPrefix("HTTP/1.1 413"))
      #expect(gateway.received.map(\.bodyIsWhole) == [false])
    }
  }

  @Test("What is no HTTP gets 400 and is counted")
  func malformed() async throws {
    try await withGateway { gateway in
      let answer = try await exchangeToEnd(gateway, "no http\r\n\r\n")
      #expect(answer.head.hasPrefix("HTTP/1.1 400 Bad Request"))
      #expect(gateway.counts.malformedConnections == 1)
      #expect(gateway.requestCount == 0)
    }
  }

  @Test("A peer that leaves during its own request is recorded with what came")
  func leftDuringUpload() async throws {
    try await withGateway { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send("POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100\r\n\r\nhalf")
      await gateway.wait { $0.openConnections == 1 }
      client.close()
      await gateway.waitForAbandoned(count: 1)
      #expect(gateway.received.map(\.bodyText) == ["half"])
      #expect(gateway.received.map(\.bodyIsWhole) == [false])
      #expect(gateway.counts.malformedConnections == 0)
    }
  }

  @Test("A slow reader holds a flood back: the gateway does not buffer it")
  func backpressure() async throws {
    try await withGateway(scripted(.flood(bytes: 1 << 40))) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      _ = await client.receive { $0.bytes.count > 4 << 20 }
      client.close()
      await gateway.waitForAbandoned(count: 1)
    }
  }

  @Test("Bodies are compressed for those who accept it")
  func gzip() async throws {
    try await withGateway(GatewayBehavior(gzip: true)) { gateway in
      #expect(try await exchange(gateway, Wire.chat()).header("Content-Encoding") == nil)
      let request = Wire.post("/v1/messages", #"{"messages":[]}"#, headers: ["Accept-Encoding: deflate, gzip"])
      let answer = try await exchange(gateway, request)
      #expect(answer.header("Content-Encoding") == "gzip")
      #expect(answer.body.starts(with: [0x1F, 0x8B, 8]))
    }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> Int { split(separator).count - 1 }
}
