/// What an arm answers reaches the client unchanged, and what the client asks reaches the baseline unchanged.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ByteExactnessTests {
  /// Plays the baseline by hand: gives `answer` to `request` and then closes, if so asked.
  private func relay(
    _ answer: String, to request: String = Request.chat(), closes: Bool = false, toHead: Bool = false
  ) async throws -> WireMessage {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    var message: WireMessage?
    try await story(plan) { story in
      let client = try await story.client()
      client.send(request)
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      await upstream.sendAll(Array(answer.utf8))
      if closes { upstream.close() }
      message = await client.receiveMessage(toHead: toHead)
      client.close()
      upstream.close()
    }
    try await arm.stop()
    return try #require(message)
  }

  @Test("a document arrives with its status line, its fields and every byte of its body")
  func document() async throws {
    let body = "{ \"odd\":\t1.0e0,\r\n\"é\":\"\\u00e9\" }\n"
    let answer = try await relay(
      "HTTP/1.1 207 As  it was\r\nX-Generation-Id: gen-1\r\nCONTENT-type: application/json\r\nX-Odd: a\r\nx-odd: b\r\n"
        + "Keep-Alive: timeout=5\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(answer.startLine == "HTTP/1.1 207 As  it was")
    let marks = answer.fieldLines.suffix(2)
    #expect(
      answer.fieldLines.dropLast(2) == [
        "X-Generation-Id: gen-1", "CONTENT-type: application/json", "X-Odd: a", "x-odd: b",
        "Content-Length: \(body.utf8.count)",
      ])
    #expect(marks.first?.wholeMatch(of: /x-crossfade-id: [0-9a-f]{16}/) != nil)
    #expect(marks.last == "x-crossfade-arm: openrouter")
    #expect(answer.rawBodyText == body)
  }

  @Test("marks that an upstream claims for itself are dropped")
  func foreignMarks() async throws {
    let answer = try await relay(
      "HTTP/1.1 200 OK\r\nx-crossfade-arm: liar\r\nX-Crossfade-Id: liar\r\nX-CROSSFADE-fallback: liar\r\n"
        + "Content-Length: 0\r\n\r\n")
    #expect(!answer.head.contains("liar"))
    #expect(answer.values("x-crossfade-arm") == ["openrouter"])
    #expect(answer.value("x-crossfade-fallback") == nil)
  }

  @Test("a stream keeps its comments, line endings, event boundaries, chunk framing and trailers")
  func stream() async throws {
    let events =
      ": OPENROUTER PROCESSING\r\n\r\ndata: {\"a\":1}\n\ndata: {\"b\":\rdata: 2}\r\n\r\n"
      + "event: x\nid: 7\n\n: \n\ndata: [DONE]\n\n"
    let size = String(events.utf8.count, radix: 16).uppercased()
    let chunks = "\(size);ext=\"quoted\"\r\n\(events)\r\n1\r\n\n\r\n0\r\nX-Sum: 1\r\n\r\n"
    let answer = try await relay(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTrailer: X-Sum\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n\(chunks)",
      to: Request.chat(stream: true))
    #expect(answer.rawBodyText == chunks)
    #expect(answer.values("transfer-encoding") == ["chunked"])
    #expect(answer.value("trailer") == "X-Sum")
  }

  @Test("a stream cut by the network at every byte arrives the same, and counts as the same")
  func everyCut() async throws {
    let events =
      "data: {\"choices\":[{\"delta\":{\"content\":\"é\"},\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]\n\n"
    let body = "\(String(events.utf8.count, radix: 16))\r\n\(events)\r\n0\r\n\r\n"
    let text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      var upstream: WirePeer?
      for cut in 1..<bytes.count {
        client.send(Request.chat(stream: true))
        if upstream == nil { upstream = await arm.accept() }
        _ = await upstream?.receiveMessage()
        // The write is in the kernel before the next: with TCP_NODELAY these are two segments.
        await upstream?.sendAll(Array(bytes[..<cut]))
        await upstream?.sendAll(Array(bytes[cut...]))
        let answer = await client.receiveMessage()
        #expect(answer.rawBodyText == body, "cut at \(cut)")
      }
      let record = await story.ledger.waitForEnds(bytes.count - 1)
      #expect(record.outcomes(.live).allSatisfy { $0 == .ok })
      #expect(arm.acceptedCount == 1)
    }
    try await arm.stop()
  }

  @Test("a compressed answer stays compressed, and is measured all the same", arguments: [true, false])
  func gzip(_ stream: Bool) async throws {
    var plan = StoryPlan()
    plan.baseline.gzip = true
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(stream: stream, lines: "Accept-Encoding: gzip\r\n"))
      #expect(answer.value("content-encoding") == "gzip")
      #expect(Array(answer.body.prefix(2)) == [0x1F, 0x8B])
      let record = await story.ledger.waitForEnds(1)
      let end = try #require(record.ends.first)
      #expect(end.outcome == .ok)
      #expect((end.cost ?? 0) > 0)
      #expect(end.ttft != nil)
    }
  }

  @Test("an answer whose coding nobody here can read passes, is counted, and is no error")
  func unreadable() async throws {
    try await scriptedStory(Request.chat()) { story, client, upstream in
      upstream.send("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n\u{1}\u{2}\u{3}\u{4}")
      #expect(await client.receiveMessage().rawBody == [1, 2, 3, 4])
      let record = await story.ledger.wait { $0.ends.count == 1 && $0.counters.unreadableAnswers == 1 }
      #expect(record.outcomes(.live) == [.ok])
    }
  }

  @Test("codings that several fields name are as many codings, and not the last of them alone")
  func stackedCodings() async throws {
    try await scriptedStory(Request.chat()) { story, client, upstream in
      let codings = "Content-Encoding: deflate\r\nContent-Encoding: gzip\r\n"
      upstream.send("HTTP/1.1 200 OK\r\n\(codings)Content-Length: 4\r\n\r\n\u{1}\u{2}\u{3}\u{4}")
      #expect(await client.receiveMessage().rawBody == [1, 2, 3, 4])
      let record = await story.ledger.wait { $0.ends.count == 1 && $0.counters.unreadableAnswers == 1 }
      #expect(record.outcomes(.live) == [.ok])
    }
  }

  @Test("HEAD, 204 and 304 end at their head, and the connection goes on")
  func bodiless() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      var upstream: WirePeer?
      for (method, head) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 512\r\nETag: \"a\"\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 512\r\nETag: \"a\"\r\n\r\n"),
      ] {
        client.send("\(method) /v1/models HTTP/1.1\r\nHost: h\r\n\r\n")
        if upstream == nil { upstream = await arm.accept() }
        _ = await upstream?.receiveMessage()
        upstream?.send(head)
        let answer = await client.receiveMessage(toHead: true)
        #expect(answer.head.hasPrefix(String(head.dropLast(2))))
        #expect(answer.rawBody.isEmpty)
      }
      #expect(client.ending == .open)
      #expect(arm.acceptedCount == 1)
      #expect(client.received.isEmpty)
    }
    try await arm.stop()
  }

  @Test("an answer that only the close ends arrives whole and ends with the close")
  func untilClose() async throws {
    let answer = try await relay("HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nall of it", closes: true)
    #expect(answer.rawBodyText == "all of it")
    #expect(answer.value("connection") == "close")
    #expect(answer.ending == .closed)
  }

  @Test("an HTTP/1.0 upstream's answer is passed on in the client's own version")
  func oldUpstream() async throws {
    let answer = try await relay("HTTP/1.0 200 Fine\r\nContent-Length: 2\r\n\r\nok")
    #expect(answer.startLine == "HTTP/1.1 200 Fine")
    #expect(answer.rawBodyText == "ok")
  }

  @Test("an HTTP/1.0 client gets a chunked answer without its chunks, ended by the close")
  func oldClient() async throws {
    let answer = try await relay(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n",
      to: "GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(answer.value("transfer-encoding") == nil)
    #expect(answer.rawBodyText == "abcde")
    #expect(answer.value("connection") == "close")
    #expect(answer.ending == .closed)
  }

  @Test("an HTTP/1.0 client that asks for it keeps its connection where the answer has a length")
  func oldClientKeepsAlive() async throws {
    let answer = try await relay(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", to: "GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(answer.value("connection") == "keep-alive")
    #expect(answer.ending == .open)
  }

  @Test("five megabytes pass both ways byte for byte")
  func large() async throws {
    let payload = (0..<5 << 20).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: \(payload.count)\r\n\r\n")
      client.send(payload)
      let upstream = await arm.accept()
      let request = await upstream.receiveMessage()
      #expect(request.rawBody == payload)
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: \(payload.count)\r\n\r\n")
      upstream.send(payload)
      #expect(await client.receiveMessage().rawBody == payload)
    }
    try await arm.stop()
  }

  @Test("the baseline gets the body as it was written, odd spacing, key order, repeated keys and all")
  func oddBody() async throws {
    let body =
      "\n{ \"stream\" : false ,\"model\":\"app/large\",\t\"messages\":[{\"content\":\"\\u0041é\",\"role\":\"user\"}],"
      + "\"model\":\"app/large\",\"n\":1.0E+0 }\r\n"
    var plan = StoryPlan.shadow()
    plan.dropFields = ["n"]
    try await story(plan) { story in
      _ = try await story.exchange(Request.post("/v1/chat/completions?beta=1", body))
      let received = try #require(story.baseline.received.first)
      #expect(received.bodyText == body)
      #expect(received.target == "/api/v1/chat/completions?beta=1")
      await story.candidate.waitForRequests(count: 1)
      let copy = try #require(story.candidate.received.first)
      #expect(
        copy.bodyText
          == body.replacing("app/large", with: "cand-large").replacing(",\"n\":1.0E+0", with: ""))
      #expect(copy.target == "/v1/chat/completions", "no such parameter is of the dialect")
    }
  }

  @Test("a body that is no JSON goes to the baseline as it is, and nowhere else")
  func noJSON() async throws {
    var plan = StoryPlan.shadow()
    plan.weight = 1
    try await story(plan) { story in
      for body in ["not json", "{\"model\":\"app/large\"", "[1]", "{\"model\":7,\"messages\":[]}"] {
        let answer = try await story.exchange(Request.post("/v1/chat/completions", body))
        #expect(answer.value("x-crossfade-arm") == "openrouter")
        #expect(story.baseline.received.last?.bodyText == body)
      }
      #expect(story.candidate.requestCount == 0)
    }
  }
}
