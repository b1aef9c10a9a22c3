/// What is not one unambiguous request is refused in OpenRouter's error form, and nothing of it reaches an arm.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
  private func expectRefusal(_ answer: WireMessage, _ status: Int, _ comment: Comment? = nil) {
    #expect(answer.status == status, comment)
    #expect(answer.value("content-type") == "application/json", comment)
    #expect(answer.value("connection") == "close", comment)
    #expect(answer.value("x-crossfade-id")?.count == 16, comment)
    #expect(answer.value("x-crossfade-arm") == nil, comment)
    #expect(answer.value("content-length") == "\(answer.rawBody.count)", comment)
    #expect(answer.bodyText.hasPrefix(#"{"error":{"code":\#(status),"message":""#), comment)
    #expect(answer.bodyText.hasSuffix(#"","metadata":{"source":"crossfade"}}}"#), comment)
  }

  private static let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n"

  static let ambiguous = [
    post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    post + "Content-Length: 2, 2\r\n\r\n{}",
    post + "Content-Length: +2\r\n\r\n{}",
    post + "Content-Length: 0x2\r\n\r\n{}",
    post + "Content-Length: \r\n\r\n{}",
    post + "Content-Length: 99999999999999999999\r\n\r\n{}",
    post + "Content-Length : 2\r\n\r\n{}",
    post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    post + "Transfer-Encoding:\tchunked\u{B}\r\n\r\n0\r\n\r\n",
    post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
    post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
    post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
    post + "X-A: b\r\n folded\r\n\r\n",
    post + "X-A: b\nX-B: c\r\n\r\n",
    post + "X-A: b\u{0}c\r\n\r\n",
    post + "Host: other\r\n\r\n",
    post + ": nameless\r\n\r\n",
    post + "no colon\r\n\r\n",
    "POST /v1/chat/completions HTTP/1.1\r\n\r\n",
    "POST /v1/chat/completions HTTP/2.0\r\nHost: h\r\n\r\n",
    "POST /v1/chat/completions\r\n\r\n",
    "POST  /v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /v1/chat completions HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /v1\\chat HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /v1/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n",
  ]

  @Test("an ambiguous or malformed request gets 400 and a close")
  func malformed() async throws {
    var plan = StoryPlan()
    plan.shadow = 1
    try await story(plan) { story in
      for request in Self.ambiguous {
        let client = try await story.client()
        client.send(request + Request.chat())
        let answer = WireMessage(await client.receiveAll())
        expectRefusal(answer, 400, "\(request.debugDescription)")
      }
      #expect(story.baseline.requestCount == 0)
      #expect(story.baseline.counts.connections == 0)
      let record = await story.ledger.wait { $0.counters.requestsRefused == Self.ambiguous.count }
      #expect(record.starts.isEmpty)
      #expect(record.counters.localAnswers == Self.ambiguous.count)
    }
  }

  @Test("what is malformed inside an upload under way ends the upload at the arm")
  func malformedUpload() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
      let upstream = await arm.accept()
      _ = await upstream.receive(upTo: "abc\r\n")
      client.send("oops\r\n")
      let rest = await upstream.receiveAll()
      #expect(rest.isEmpty, "no last chunk that would make it look whole")
      let answer = WireMessage(await client.receiveAll())
      expectRefusal(answer, 400)
    }
    try await arm.stop()
  }

  @Test("a second request that is malformed is refused after the first has its answer")
  func malformedSecond() async throws {
    try await story { story in
      let client = try await story.client()
      client.send(Request.chat() + "BROKEN\r\n\r\n")
      let first = await client.receiveMessage()
      #expect(first.status == 200)
      let second = WireMessage(await client.receiveAll())
      expectRefusal(second, 400)
    }
  }

  @Test("a head that is too large or has too many fields gets 431")
  func tooLarge() async throws {
    try await story { story in
      for lines in [
        "X-Long: \(String(repeating: "a", count: 70_000))\r\n", String(repeating: "X-A: b\r\n", count: 200),
      ] {
        let client = try await story.client()
        client.send(Request.get("/v1/models", lines: lines))
        expectRefusal(WireMessage(await client.receiveAll()), 431)
      }
      #expect(story.baseline.requestCount == 0)
    }
  }

  @Test("any other path is not found here", arguments: ["/", "/v1", "/v2/models", "/metrics", "/healthz"])
  func unknownPath(_ path: String) async throws {
    try await story { story in
      let client = try await story.client()
      client.send(Request.get(path))
      expectRefusal(WireMessage(await client.receiveAll()), 404)
      let head = try await story.client()
      head.send("HEAD \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
      let answer = WireMessage(await head.receiveAll())
      #expect(answer.status == 404)
      #expect(answer.rawBody.isEmpty)
    }
  }

  @Test("a refusal arrives although the client is still sending")
  func whileSending() async throws {
    try await story { story in
      let client = try await story.client()
      client.send("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n")
      async let upload = client.sendAll([UInt8](repeating: 120, count: 20_000_000))
      let answer = await client.receiveMessage()
      expectRefusal(answer, 404)
      _ = await upload
      client.close()
    }
  }

  @Test("connections beyond the limit are told so, and there is room again when one leaves")
  func tooManyConnections() async throws {
    var plan = StoryPlan()
    plan.limits.clientConnections = 2
    try await story(plan) { story in
      let clients = [try await story.client(), try await story.client()]
      for client in clients {
        client.send(Request.chat())
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
      }
      let third = try await story.client()
      let refusal = WireMessage(await third.receiveAll())
      expectRefusal(refusal, 503)
      let record = await story.ledger.wait { $0.counters.connectionsRefused == 1 }
      #expect(record.counters.connectionsAccepted == 3)
      third.close()
      clients[0].close()
      // Until the loop has seen both leave, a newcomer is one too many.
      var answer: WireMessage
      repeat {
        let newcomer = try await story.client()
        newcomer.send(Request.chat())
        answer = await newcomer.receiveMessage()
        newcomer.close()
      } while answer.status == 503
      #expect(answer.status == 200)
    }
  }

  @Test("with every connection to an arm in use a request is told so at once; a canary goes to the baseline")
  func exhausted() async throws {
    var plan = StoryPlan()
    plan.limits.upstreamConnections = 1
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let first = try await story.client()
      first.send(Request.chat())
      await story.baseline.waitForRequests(count: 1)
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 503)
      #expect(answer.bodyText.contains("too many connections to openrouter"))
      #expect(answer.value("connection") == nil, "the next one may find room")
      let record = await story.ledger.wait { $0.counters.upstreamConnectionsRefused == 1 }
      #expect(record.starts.count == 1, "no arm has a part in it")
    }
    plan = .canary(GatewayBehavior(fault: .hangBeforeHead))
    plan.limits.upstreamConnections = 1
    try await story(plan) { story in
      let first = try await story.client()
      first.send(Request.chat())
      await story.candidate.waitForRequests(count: 1)
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == nil, "the candidate has not failed")
      let record = await story.ledger.waitForEnds(1)
      #expect(record.starts.map(\.population) == [.live, .rescue])
      #expect(record.ends.map(\.population) == [.rescue])
      #expect(record.fallbacks.isEmpty && record.counters.upstreamConnectionsRefused == 1)
    }
  }

  @Test("a copy that finds every connection of its own in use is dropped")
  func exhaustedShadow() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.limits.upstreamConnections = 1
    try await story(plan) { story in
      for _ in 1...2 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.status == 200)
      }
      let record = await story.ledger.wait { $0.drops.count == 1 && $0.ends.count == 2 }
      #expect(record.drops.map(\.reason) == [.unreachable])
      #expect(record.starts(.shadow).count == 1)
    }
  }

  @Test("connections that cannot be made are spoken of in plain words")
  func connectWords() async throws {
    let refusing = ReservedPort.refusing()
    var plan = StoryPlan()
    plan.baselinePort = refusing.port
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.bodyText.contains("\"openrouter cannot be reached: Connection refused\""))
    }
  }

  @Test("a head that trickles in for too long gets 408, however busily")
  func slowHead() async throws {
    var plan = StoryPlan()
    plan.limits.headTime = .milliseconds(1500)
    try await story(plan) { story in
      let client = try await story.client()
      client.send("GET /v1/models HTTP/1.1\r\nX-Slow: ")
      let trickle = Task {
        // Never idle for long: only the time since the first byte can tell.
        while await client.sendAll(Array("a".utf8)), client.ending == .open {
          _ = try await story.exchange(Request.get("/nowhere"))
        }
      }
      expectRefusal(WireMessage(await client.receiveAll()), 408)
      client.close()
      try await trickle.value
    }
    try await story(plan) { story in
      let client = try await story.client()
      client.send("GET /v1/mod")
      expectRefusal(WireMessage(await client.receiveAll()), 408)
    }
  }
}
