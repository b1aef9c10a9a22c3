import TestCertificates
import Testing

@testable import GatewayEmulation

@Suite("GatewayEmulation")
struct EmulatedGatewayTests {
  @Test("The same seed gives the same bytes, another seed others")
  func determinism() async throws {
    func transcript(seed: UInt64) async throws -> [String] {
      var texts: [String] = []
      try await withGateway(GatewayBehavior(errorRate: 0.3, answerWords: 5, seed: seed)) { gateway in
        for number in 0..<20 {
          let stream = number % 2 == 1
          let client = try await RawClient.connect(gateway.port)
          client.send(
            Wire.post("/v1/messages", #"{"messages":[],"stream":\#(stream)}"#, headers: ["Connection: close"]))
          texts.append(await client.receiveAll().text)
        }
      }
      return texts
    }
    let first = try await transcript(seed: 1)
    #expect(try await transcript(seed: 1) == first)
    #expect(try await transcript(seed: 2) != first)
    #expect(first.contains { $0.hasPrefix("HTTP/1.1 500") })
    #expect(first.contains { $0.hasPrefix("HTTP/1.1 200") })
  }

  @Test("Two gateways of different seeds give one prompt one text, except where they diverge")
  func promptText() async throws {
    func content(seed: UInt64, divergence: Double) async throws -> String {
      var text = ""
      let behavior = GatewayBehavior(answerSource: .prompt, divergenceRate: divergence, seed: seed)
      try await withGateway(behavior) { text = try await exchange($0, Wire.chat()).bodyText }
      let choices = try Wire.object(text)["choices"] as? [[String: Any]]
      return (choices?.first?["message"] as? [String: Any])?["content"] as? String ?? ""
    }
    let one = try await content(seed: 1, divergence: 0)
    #expect(!one.isEmpty)
    #expect(try await content(seed: 2, divergence: 0) == one)
    #expect(try await content(seed: 2, divergence: 1) != one)
  }

  @Test("A behavior set holds for the next request on the same connection")
  func set() async throws {
    try await withGateway { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      #expect(await client.receiveAnswer().head.hasPrefix("HTTP/1.1 200"))
      gateway.set(GatewayBehavior(errorRate: 1, errorStatus: 503, errorRetryAfterSeconds: 2))
      client.send(Wire.chat())
      let refused = await client.receiveAnswer()
      #expect(refused.head.hasPrefix("HTTP/1.1 503"))
      #expect(refused.header("Retry-After") == "2")
      gateway.set(GatewayBehavior())
      client.send(Wire.chat())
      #expect(await client.receiveAnswer().head.hasPrefix("HTTP/1.1 200"))
      client.close()
    }
  }

  @Test("Requests are recorded as they came: header order, case and repetition, body bytes, connection")
  func record() async throws {
    try await withGateway { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.post("/v1/x?y=1", "{\0}", headers: ["X-Twice: a", "x-twice: b"]))
      _ = await client.receiveAnswer()
      client.send(Wire.chat())
      _ = await client.receiveAnswer()
      _ = try await exchange(gateway, Wire.chat())
      let received = gateway.received
      #expect(received.map(\.serial) == [1, 2, 3])
      #expect(received.map(\.connection) == [1, 1, 2])
      #expect(received[0].method == "POST")
      #expect(received[0].target == "/v1/x?y=1")
      #expect(
        received[0].headers.map { "\($0.name): \($0.value)" } == [
          "Host: gateway", "Content-Type: application/json", "X-Twice: a", "x-twice: b", "Content-Length: 3",
        ])
      #expect(received[0].values("X-TWICE") == ["a", "b"])
      #expect(received[0].bodyBytes == [0x7B, 0, 0x7D])
      client.close()
    }
  }

  @Test("The record keeps the latest and counts what it forgets")
  func bounded() async throws {
    let gateway = try await EmulatedGateway.start(recordLimit: 2)
    for _ in 0..<5 { _ = try await exchange(gateway, Wire.chat()) }
    #expect(gateway.received.map(\.serial) == [4, 5])
    #expect(gateway.counts.forgotten == 3)
    #expect(gateway.requestCount == 5)
    await gateway.stop()
  }

  @Test("A peer that leaves in the middle of a stream is recorded as gone, one that stays as answered")
  func peerLeft() async throws {
    try await withGateway(scripted(.hangMidBody(afterBytes: 40), .none)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat(stream: true))
      _ = await client.receive { $0.text.contains("PROCESSING") }
      client.close()
      await gateway.waitForAbandoned(count: 1)
      _ = try await exchange(gateway, Wire.chat())
      await gateway.wait { $0.complete == 1 }
      #expect(gateway.received.map(\.state) == [.abandoned, .complete])
    }
  }

  @Test("stop closes port and connections and wakes everyone who waits")
  func stop() async throws {
    let gateway = try await EmulatedGateway.start(behavior: scripted(.hangBeforeHead))
    let client = try await RawClient.connect(gateway.port)
    client.send(Wire.chat())
    await gateway.waitForRequests(count: 1)
    async let reached = gateway.waitForRequests(count: 99)
    await gateway.stop()
    #expect(await reached == false)
    #expect(await client.receiveAll().ending != .open)
    #expect(gateway.openConnections == 0)
    await #expect(throws: (any Error).self) { try await RawClient.connect(gateway.port) }
    #expect(await gateway.waitForRequests(count: 99) == false)
    let again = try await EmulatedGateway.start(port: gateway.port)
    #expect(again.port == gateway.port)
    await again.stop()
  }

  @Test("An answer under way when it is asked to stop ends whole, and its connection with it")
  func drains() async throws {
    let gateway = try await EmulatedGateway.start(behavior: scripted(.dripBytes(interval: .zero)))
    let (busy, idle) = (try await RawClient.connect(gateway.port), try await RawClient.connect(gateway.port))
    busy.send(Wire.chat(stream: true))
    await gateway.wait { $0.requests == 1 && $0.openConnections == 2 }
    #expect(await gateway.stop(within: .seconds(60)))
    let answer = await busy.receiveAll()
    #expect(Wire.events(answer).last == "data: [DONE]")
    #expect(answer.ending == .closed)
    #expect(await idle.receiveAll().ending == .closed)
    #expect(gateway.counts.complete == 1)
  }

  @Test("An answer that takes longer than the patience is cut")
  func impatient() async throws {
    let gateway = try await EmulatedGateway.start(behavior: scripted(.hangMidBody(afterBytes: 30)))
    let client = try await RawClient.connect(gateway.port)
    client.send(Wire.chat(stream: true))
    _ = await client.receive { $0.text.contains("PROCESSING") }
    #expect(await gateway.stop(within: .milliseconds(1)))
    #expect(await client.receiveAll().ending == .closed)
    #expect(gateway.openConnections == 0)
  }

  @Test("A cancelled task stops waiting")
  func cancelledWait() async throws {
    try await withGateway { gateway in
      let waiting = Task { await gateway.waitForRequests(count: 1) }
      waiting.cancel()
      #expect(await waiting.value == false)
    }
  }

  @Test("Over TLS: an answer, a stream, and faults below TLS")
  func tls() async throws {
    let tls = GatewayTLS(certificatePEM: TestCertificate.certificate, privateKeyPEM: TestCertificate.privateKey)
    try await withGateway(scripted(.none, .none, .resetBeforeHead, .cutMidBody(afterBytes: 9)), tls: tls) { gateway in
      let client = try await RawClient.connect(gateway.port, tls: true)
      client.send(Wire.chat())
      #expect(await client.receiveAnswer().head.hasPrefix("HTTP/1.1 200 OK"))
      client.send(Wire.chat(stream: true))
      let stream = await client.receive(upTo: Wire.end)
      #expect(Wire.events(stream).last == "data: [DONE]")
      client.send(Wire.chat())
      #expect(await client.receiveAll().ending == .reset)
      let cut = try await RawClient.connect(gateway.port, tls: true)
      cut.send(Wire.chat())
      #expect(await cut.receiveAll().body.count == 9)
    }
  }

  @Test("A key that does not fit is refused at the start")
  func badTLS() async throws {
    let tls = GatewayTLS(certificatePEM: TestCertificate.certificate, privateKeyPEM: "no key")
    await #expect(throws: (any Error).self) { try await EmulatedGateway.start(tls: tls) }
  }
}
