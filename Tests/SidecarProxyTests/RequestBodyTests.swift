/// Request bodies in every manner in which clients send them.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct RequestBodyTests {
  private static let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n"

  @Test("a chunked body is read whole, and is the baseline's or the candidate's like any other", arguments: [0.0, 1])
  func chunked(_ weight: Double) async throws {
    var plan = StoryPlan()
    plan.weight = weight
    try await story(plan) { story in
      let body = Request.body()
      let (first, second) = (body.prefix(20), body.dropFirst(20))
      let answer = try await story.exchange(
        Self.post + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n14;a=b\r\n\(first)\r\n"
          + "\(String(second.count, radix: 16).uppercased())\r\n\(second)\r\n0\r\nX-Sum: 1\r\n\r\n")
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == (weight == 1 ? "litellm" : "openrouter"))
      let gateway = weight == 1 ? story.candidate : story.baseline
      let seen = try #require(gateway.received.first)
      #expect(seen.bodyText == (weight == 1 ? Request.body(model: "cand-large") : body))
      #expect(seen.values("content-length") == ["\(seen.bodyBytes.count)"])
      #expect(seen.values("transfer-encoding").isEmpty)
    }
  }

  @Test("a request cut by the network at every byte is the same request")
  func everyCut() async throws {
    try await story(.canary()) { story in
      let body = Request.body()
      let request = Array(
        (Self.post + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
          .utf8)
      let client = try await story.client()
      for cut in 1..<request.count {
        await client.sendAll(Array(request[..<cut]))
        await client.sendAll(Array(request[cut...]))
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
      }
      let bodies = Set(story.candidate.received.map(\.bodyText))
      #expect(bodies == [Request.body(model: "cand-large")])
      #expect(story.candidate.requestCount == request.count - 1)
    }
  }

  @Test("a client that waits for 100 gets it, the arm never hears of it", arguments: ["chat/completions", "files"])
  func expectContinue(_ path: String) async throws {
    try await story { story in
      for count in [500, 200_000] {
        let body = Request.body(text: String(repeating: "x", count: count))
        let client = try await story.client()
        client.send(
          "POST /v1/\(path) HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        let interim = await client.receiveMessage()
        #expect(interim.bytes.text == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send(body)
        let answer = await client.receiveMessage()
        #expect(answer.status == (path == "files" ? 404 : 200))
        #expect(story.baseline.received.last?.bodyText == body)
        #expect(story.baseline.received.last?.values("expect").isEmpty == true)
        client.close()
      }
    }
  }

  @Test("a client that does not wait after all gets no 100 that it would have to skip")
  func impatient() async throws {
    try await story { story in
      let answer = try await story.exchange(Request.chat(lines: "Expect: 100-continue\r\n"))
      #expect(answer.status == 200)
    }
  }

  @Test("an arm's interim answers are not the answer", arguments: [Fault.hundredContinue, .earlyHints])
  func interim(_ fault: Fault) async throws {
    try await story(.canary(GatewayBehavior(vendor: .litellm, fault: fault))) { story in
      let client = try await story.client()
      for _ in 1...2 {
        client.send(Request.chat())
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
        #expect(answer.value("link") == nil)
      }
      #expect(client.received.isEmpty)
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.ok, .ok])
    }
  }

  @Test("an arm that never stops clearing its throat has failed")
  func endlessInterim() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 17))
      let answer = await client.receiveMessage()
      #expect(answer.value("x-crossfade-fallback") == "failed")
    }
    try await arm.stop()
  }

  @Test("an answer that overtakes its upload reaches the client, and the rest of the upload is no request")
  func earlyAnswer() async throws {
    var plan = StoryPlan()
    plan.baseline.fault = .earlyResponse
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 30000000\r\n\r\n")
      async let upload = client.sendAll([UInt8](repeating: UInt8(ascii: "x"), count: 30_000_000))
      let answer = await client.receiveMessage()
      #expect(answer.status == 413)
      #expect(answer.value("connection") == "close")
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      _ = await upload
      client.close()
      #expect(story.baseline.requestCount == 1)
      let next = try await story.exchange(Request.get("/v1/models"))
      #expect(next.status == 413, "the gateway's fault holds for every request; the connection was a new one")
    }
  }

  @Test("a client that reads nothing before it has sent everything can send everything, and then reads its answer")
  func stubbornUpload() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await WirePeer.connect(story.proxy.port, sendsOn: true)
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n")
      let upstream = await arm.accept()
      _ = await upstream.receive(upTo: "\r\n\r\n")
      upstream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n")
      // The proxy has read that head before it forwards its own: from here on it holds the upload.
      upstream.send("n")
      _ = await client.receive(upTo: "\r\n\r\nn")
      async let upload = client.sendAll([UInt8](repeating: UInt8(ascii: "x"), count: 16 << 20))
      for _ in 1...10 { _ = try await story.exchange(Request.get("/nowhere")) }
      upstream.send("o")
      #expect(await upload, "it was read to the end")
      _ = await client.receive(upTo: "o")
      client.close()
    }
    try await arm.stop()
  }

  @Test("a body over the limit passes through to the baseline, unshadowed and counted", arguments: [true, false])
  func tooLarge(_ isChunked: Bool) async throws {
    var plan = StoryPlan.canary()
    plan.shadow = 1
    plan.traffic.maxBodyBytes = 1_000
    try await story(plan) { story in
      let body = Request.body(stream: true, text: String(repeating: "x", count: 300_000))
      let request =
        isChunked
        ? Self.post + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
        : Request.post("/v1/chat/completions", body)
      let client = try await story.client()
      client.send(request + Request.chat())
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(story.baseline.received.first?.bodyText == body)
      let next = await client.receiveMessage()
      #expect(next.value("x-crossfade-arm") == "litellm", "the connection goes on")
      let record = await story.ledger.waitForEnds(2)
      #expect(record.counters.bodiesTooLarge == 1)
      #expect(record.outcomes(.live) == [.ok, .ok], "a stream is a stream although nobody read the request")
      #expect(record.starts(.shadow).isEmpty)
    }
  }

  @Test(
    "each body over the limit is counted once, however it comes and whether or not anything is split",
    arguments: [true, false], [0.0, 1])
  func tooLargeCounted(_ isChunked: Bool, _ weight: Double) async throws {
    var plan = StoryPlan()
    plan.weight = weight
    plan.traffic.maxBodyBytes = 1_000
    try await story(plan) { story in
      // The first is over the limit with its last byte, the other long before.
      for count in [1_000, 300_000] {
        let body = Request.body(text: String(repeating: "x", count: count))
        let chunks = "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
        let request =
          isChunked
          ? Self.post + "Transfer-Encoding: chunked\r\n\r\n\(chunks)" : Request.post("/v1/chat/completions", body)
        let answer = try await story.exchange(request)
        #expect(answer.status == 200)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      _ = try await story.exchange(Request.chat())
      #expect(await story.ledger.waitForEnds(3).counters.bodiesTooLarge == 2)
    }
  }

  @Test("a request that names its candidate and is over the limit is told so; for the baseline it passes through")
  func tooLargeOverride() async throws {
    var plan = StoryPlan()
    plan.traffic.allowsOverride = true
    plan.traffic.maxBodyBytes = 1_000
    try await story(plan) { story in
      let text = String(repeating: "x", count: 2_000)
      let refused = try await story.exchange(Request.chat(text: text, lines: "x-crossfade-arm: litellm\r\n"))
      #expect(refused.status == 413)
      #expect(refused.bodyText.contains("a body longer than max_body, 1000 bytes, cannot go to litellm"))
      let unknown = try await story.exchange(Request.chat(text: text, lines: "x-crossfade-arm: nobody\r\n"))
      #expect(unknown.status == 400)
      #expect(story.baseline.requestCount + story.candidate.requestCount == 0)
      let passed = try await story.exchange(Request.chat(text: text, lines: "x-crossfade-arm: openrouter\r\n"))
      #expect(passed.value("x-crossfade-arm") == "openrouter")
      let record = await story.ledger.waitForEnds(1)
      #expect(record.starts.map(\.population) == [.override])
    }
  }

  @Test("the limit is exact", arguments: [-1, 0, 1])
  func limit(_ over: Int) async throws {
    let body = Request.body()
    var plan = StoryPlan.canary()
    plan.traffic.maxBodyBytes = body.utf8.count - over
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.value("x-crossfade-arm") == (over > 0 ? "openrouter" : "litellm"))
    }
  }

  @Test("an upload to any other path passes on as it comes, by length or in chunks")
  func uploads() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nfirst")
      let upstream = await arm.accept()
      let begun = await upstream.receive(upTo: "first")
      #expect(begun.text.hasPrefix("POST /api/v1/files HTTP/1.1\r\n"))
      #expect(begun.text.contains("Content-Length: 100000\r\n"))
      client.send([UInt8](repeating: UInt8(ascii: "y"), count: 99_995))
      await upstream.waitForBytes(begun.count + 99_995)
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      _ = await client.receiveMessage()

      client.send("POST /v1/audio/speech HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
      let second = await arm.accept()
      let head = await second.receive(upTo: "3\r\nabc\r\n")
      #expect(head.text.contains("Transfer-Encoding: chunked\r\n"))
      client.send("2\r\nde\r\n0\r\nX-T: 1\r\n\r\n")
      let rest = await second.receive(upTo: "0\r\n\r\n")
      #expect(rest.text == "2\r\nde\r\n0\r\n\r\n")
      second.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
    }
    try await arm.stop()
  }
}
