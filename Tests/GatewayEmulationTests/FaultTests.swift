import Testing

@testable import GatewayEmulation

/// The length of the plain answer to `Wire.chat()` that the faults below distort.
private func plainAnswer() async throws -> RawClient.Received {
  var plain = RawClient.Received()
  try await withGateway { plain = try await exchange($0, Wire.chat()) }
  return plain
}

@Suite("Fault")
struct FaultTests {
  @Test("refuse resets a connection right after accept, and only one")
  func refuse() async throws {
    try await withGateway(scripted(.refuse)) { gateway in
      let refused = try await RawClient.connect(gateway.port).receiveAll()
      #expect(refused.bytes.isEmpty)
      #expect(refused.ending == .reset)
      let answer = try await exchange(gateway, Wire.chat())
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
      #expect(gateway.counts.refusedConnections == 1)
      #expect(gateway.requestCount == 1)
    }
  }

  @Test("refuse on a connection in use resets it in place of an answer")
  func refuseInUse() async throws {
    try await withGateway(scripted(.none, .refuse)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      _ = await client.receiveAnswer()
      client.send(Wire.chat())
      #expect(await client.receiveAll().ending == .reset)
    }
  }

  @Test("resetBeforeHead reads the whole request and answers with RST alone")
  func resetBeforeHead() async throws {
    try await withGateway(scripted(.resetBeforeHead)) { gateway in
      let received = try await exchangeToEnd(gateway, Wire.chat())
      #expect(received.bytes.isEmpty)
      #expect(received.ending == .reset)
      #expect(gateway.received.map(\.bodyIsWhole) == [true])
      #expect(gateway.received.map(\.state) == [.cut])
    }
  }

  @Test("hangBeforeHead says nothing until the peer gives up, which is recorded")
  func hangBeforeHead() async throws {
    try await withGateway(scripted(.hangBeforeHead)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      await gateway.waitForRequests(count: 1)
      #expect(gateway.received.map(\.state) == [.pending])
      client.close()
      await gateway.waitForAbandoned(count: 1)
      #expect(gateway.received.map(\.peerLeft) == [true])
      #expect(await client.receiveAll().bytes.isEmpty)
    }
  }

  @Test("hangAfterHead sends the head and not one body byte")
  func hangAfterHead() async throws {
    try await withGateway(scripted(.hangAfterHead, .hangAfterHead)) { gateway in
      for stream in [false, true] {
        let answer = try await exchange(gateway, Wire.chat(stream: stream), until: "\r\n\r\n")
        #expect(answer.head.hasPrefix("HTTP/1.1 200 OK"))
        #expect(answer.body.isEmpty)
      }
      await gateway.waitForAbandoned(count: 2)
    }
  }

  @Test("hangMidBody stops at the byte and keeps the connection")
  func hangMidBody() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.hangMidBody(afterBytes: 10))) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      let part = await client.receive { $0.body.count >= 10 }
      #expect(part.bodyText == String(plain.bodyText.prefix(10)))
      #expect(part.ending == .open)
      client.close()
    }
  }

  @Test("cutMidBody promises the whole and closes after the byte")
  func cutMidBody() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.cutMidBody(afterBytes: 25))) { gateway in
      let answer = try await exchangeToEnd(gateway, Wire.chat())
      #expect(answer.head == plain.head)
      #expect(answer.body == Array(plain.body.prefix(25)))
      #expect(answer.ending == .closed)
      #expect(gateway.received.map(\.state) == [.cut])
    }
  }

  @Test("A cut past the end still leaves the last byte out")
  func cutPastEnd() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.cutMidBody(afterBytes: .max))) { gateway in
      let answer = try await exchangeToEnd(gateway, Wire.chat())
      #expect(answer.body.count == plain.body.count - 1)
    }
  }

  @Test("A stream cut at every byte is a prefix of the whole, and its chunks never come to their end")
  func cutStreamEverywhere() async throws {
    var behavior = GatewayBehavior(
      streamEventCount: 1, leadingComments: 0, answerWords: 1, answerSource: .prompt, usdPerPromptToken: 0)
    var whole = 0
    try await withGateway(behavior) { gateway in
      let answer = try await exchange(gateway, Wire.chat(stream: true), until: Wire.end)
      whole = try #require(Wire.dechunk(answer.body)).count
    }
    behavior.script = (0..<whole).map { .cutMidBody(afterBytes: $0) }
    try await withGateway(behavior) { gateway in
      for cut in 0..<whole {
        let answer = try await exchangeToEnd(gateway, Wire.chat(stream: true))
        let (data, isWhole) = Wire.chunkData(answer.body)
        #expect(data.count == cut)
        #expect(!isWhole)
        #expect(answer.ending == .closed)
      }
    }
  }

  @Test("resetMidBody sends the bytes and then RST")
  func resetMidBody() async throws {
    try await withGateway(scripted(.resetMidBody(afterBytes: 10))) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      let answer = await client.receiveAll()
      #expect(answer.ending == .reset)
      #expect(answer.body.count == 10)
      #expect(gateway.counts.cut == 1)
    }
  }

  @Test("cutMidEvent ends a stream inside an event and a document inside its JSON")
  func cutMidEvent() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.cutMidEvent, .cutMidEvent)) { gateway in
      let document = try await exchangeToEnd(gateway, Wire.chat())
      #expect(document.body == Array(plain.body.prefix(plain.body.count / 2)))
      let stream = try await exchangeToEnd(gateway, Wire.chat(stream: true))
      #expect(stream.ending == .closed)
      #expect(stream.bodyText.contains("data: {"))
      #expect(!stream.bodyText.hasSuffix("\n"))
      #expect(!stream.bodyText.contains("[DONE]"))
    }
  }

  @Test("dripBytes changes no byte")
  func dripBytes() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.dripBytes(interval: .zero))) { gateway in
      let answer = try await exchange(gateway, Wire.chat())
      #expect(answer.bytes == plain.bytes)
    }
  }

  @Test("oversizedHead pads the head, and the answer follows")
  func oversizedHead() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.oversizedHead(bytes: 100_000))) { gateway in
      let answer = try await exchange(gateway, Wire.chat())
      #expect(answer.head.utf8.count > 100_000)
      #expect(answer.body == plain.body)
    }
  }

  @Test("wrongLength promises too much and closes, or too little and goes on")
  func wrongLength() async throws {
    let plain = try await plainAnswer()
    let length = plain.body.count
    try await withGateway(scripted(.wrongLength(by: 5))) { gateway in
      let answer = try await exchangeToEnd(gateway, Wire.chat())
      #expect(answer.header("Content-Length") == "\(length + 5)")
      #expect(answer.body.count == length)
    }
    try await withGateway(scripted(.wrongLength(by: -5))) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send(Wire.chat())
      let answer = await client.receive { $0.body.count >= length }
      #expect(answer.header("Content-Length") == "\(length - 5)")
      #expect(answer.body == plain.body)
      #expect(answer.ending == .open)
      client.close()
    }
  }

  @Test("garbage is not HTTP")
  func garbage() async throws {
    try await withGateway(scripted(.garbage)) { gateway in
      let answer = try await exchangeToEnd(gateway, Wire.chat())
      #expect(answer.bytes == Array("SSH-2.0-Emulated\r\n".utf8) + [0, 0xFF, 0x16, 3, 1])
    }
  }

  @Test("earlyResponse is there before the body is, and the connection is over")
  func earlyResponse() async throws {
    try await withGateway(scripted(.earlyResponse)) { gateway in
      let client = try await RawClient.connect(gateway.port)
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Length: 1000\r\n\r\nhalf")
      let answer = await client.receiveAll()
      #expect(answer.head.hasPrefix("HTTP/1.1 413 Content Too Large"))
      #expect(answer.header("Connection") == "close")
      #expect(answer.bodyText.contains("payload_too_large"))
      #expect(gateway.received.map(\.bodyIsWhole) == [false])
    }
  }

  @Test("flood pads JSON with spaces, and a stream with a comment")
  func flood() async throws {
    let plain = try await plainAnswer()
    let size = 1_000_000
    try await withGateway(scripted(.flood(bytes: size), .flood(bytes: size))) { gateway in
      let document = try await exchange(gateway, Wire.chat())
      #expect(document.body == Array(repeating: UInt8(ascii: " "), count: size) + plain.body)
      let stream = try await exchange(gateway, Wire.chat(stream: true), until: Wire.end)
      let events = Wire.events(stream)
      #expect(events.first?.utf8.count == size + 2)
      #expect(events.first?.hasPrefix(": ") == true)
      #expect(events.last == "data: [DONE]")
    }
  }

  @Test("duplicateLength, lengthAndChunked and badChunk break the framing and nothing else")
  func brokenFraming() async throws {
    let plain = try await plainAnswer()
    let length = plain.body.count
    try await withGateway(scripted(.duplicateLength)) { gateway in
      let head = try await exchange(gateway, Wire.chat()).head
      #expect(head.contains("Content-Length: \(length)\r\nContent-Length: \(length + 1)"))
    }
    try await withGateway(scripted(.lengthAndChunked)) { gateway in
      let answer = try await exchange(gateway, Wire.chat(), until: Wire.end)
      #expect(answer.header("Content-Length") == "\(length)")
      #expect(answer.header("Transfer-Encoding") == "chunked")
      #expect(Wire.dechunk(answer.body) == plain.body)
    }
    try await withGateway(scripted(.badChunk)) { gateway in
      let answer = try await exchangeToEnd(gateway, Wire.chat())
      #expect(answer.header("Transfer-Encoding") == "chunked")
      #expect(answer.bodyText == "zz\r\n" + plain.bodyText + "\r\n0\r\n\r\n")
    }
  }

  @Test("hundredContinue and earlyHints precede the answer")
  func interim() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.hundredContinue)) { gateway in
      let answer = try await exchange(gateway, Wire.chat(), until: plain.bodyText)
      #expect(answer.text == "HTTP/1.1 100 Continue\r\n\r\n" + plain.text)
    }
    try await withGateway(scripted(.earlyHints)) { gateway in
      let answer = try await exchange(gateway, Wire.chat(), until: plain.bodyText)
      #expect(answer.text == "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + plain.text)
    }
  }

  @Test("closeAfterAnswer ends the body by closing; http10 says so in its first line")
  func closing() async throws {
    let plain = try await plainAnswer()
    try await withGateway(scripted(.closeAfterAnswer, .http10, .http10)) { gateway in
      let closing = try await exchangeToEnd(gateway, Wire.chat())
      #expect(closing.header("Content-Length") == nil)
      #expect(closing.header("Connection") == "close")
      #expect(closing.body.count == plain.body.count)
      #expect(closing.ending == .closed)
      let document = try await exchangeToEnd(gateway, Wire.chat())
      #expect(document.head.hasPrefix("HTTP/1.0 200 OK"))
      #expect(document.header("Content-Length") == "\(document.body.count)")
      let stream = try await exchangeToEnd(gateway, Wire.chat(stream: true))
      #expect(stream.header("Transfer-Encoding") == nil)
      #expect(stream.bodyText.hasSuffix("data: [DONE]\n\n"))
      #expect(gateway.counts.complete == 3)
    }
  }
}
