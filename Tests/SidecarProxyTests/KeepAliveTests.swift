/// Connections are kept on both sides, and nobody notices when one of them dies between two requests.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct KeepAliveTests {
  private static func answer(_ body: String = "ok", lines: String = "") -> String {
    "HTTP/1.1 200 OK\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// A story whose baseline is played by hand.
  private func scripted(
    _ plan: StoryPlan = StoryPlan(), _ play: (ProxyStory, ScriptedArm) async throws -> Void
  ) async throws {
    let arm = try await ScriptedArm.start()
    var plan = plan
    plan.baselinePort = arm.port
    try await story(plan) { story in try await play(story, arm) }
    try await arm.stop()
  }

  @Test("one connection to each side carries one exchange after another")
  func reuse() async throws {
    try await story { story in
      let client = try await story.client()
      for stream in [false, true, false, true] {
        client.send(Request.chat(stream: stream))
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
        #expect(answer.value("connection") == nil)
      }
      #expect(story.baseline.counts.connections == 1)
      let record = await story.ledger.waitForEnds(4)
      #expect(record.counters.requests == 4)
      #expect(record.counters.connectionsAccepted == 1)
      #expect(record.counters.upstreamConnections == 1)
      #expect(Set(record.starts.map(\.exchange)).count == 4)
    }
  }

  @Test("different clients share an upstream connection one after another")
  func sharing() async throws {
    try await story { story in
      for _ in 1...5 { _ = try await story.exchange(Request.chat()) }
      #expect(story.baseline.counts.connections == 1)
    }
  }

  @Test("requests that wait at the same time have a connection each")
  func sameTime() async throws {
    try await scripted { story, arm in
      var waiting: [(client: WirePeer, upstream: WirePeer)] = []
      for number in 1...3 {
        let client = try await story.client()
        client.send(Request.chat(text: "\(number)"))
        let upstream = await arm.accept()
        #expect(await upstream.receiveMessage().bodyText == Request.body(text: "\(number)"))
        waiting.append((client, upstream))
      }
      for (number, (client, upstream)) in waiting.enumerated() {
        upstream.send(Self.answer("\(number)"))
        #expect(await client.receiveMessage().bodyText == "\(number)")
      }
      #expect(arm.acceptedCount == 3)
    }
  }

  @Test("a kept connection that the arm gives up under a request is replaced, once, and the client sees nothing of it")
  func replay() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send(Request.chat(text: "one"))
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.send(Self.answer())
      _ = await client.receiveMessage()
      client.send(Request.chat(text: "two"))
      _ = await first.receiveMessage()
      first.reset()
      let second = await arm.accept()
      let again = await second.receiveMessage()
      #expect(again.bodyText == Request.body(text: "two"))
      second.send(Self.answer("second"))
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.bodyText == "second")
      let record = await story.ledger.waitForEnds(2)
      #expect(record.counters.replays == 1)
      #expect(record.starts.count == 2, "one attempt, however often it had to be sent")
    }
  }

  @Test("a replay that fails too is a failure: nothing is sent a third time")
  func replayOnce() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.send(Self.answer())
      _ = await client.receiveMessage()
      client.send(Request.chat())
      _ = await first.receiveMessage()
      first.close()
      let second = await arm.accept()
      _ = await second.receiveMessage()
      second.close()
      let answer = await client.receiveMessage()
      #expect(answer.status == 502)
      #expect(arm.acceptedCount == 2)
      let record = await story.ledger.waitForEnds(2)
      #expect(record.ends.last?.outcome == .failed)
    }
  }

  @Test("a fresh connection that dies, or a kept one that dies after its first byte, is not replayed")
  func noReplay() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.close()
      let failed = await client.receiveMessage()
      #expect(failed.status == 502)
      client.send(Request.chat())
      let second = await arm.accept()
      _ = await second.receiveMessage()
      second.send(Self.answer())
      _ = await client.receiveMessage()
      client.send(Request.chat())
      _ = await second.receiveMessage()
      await second.sendAll(Array("HTTP/1.1 2".utf8))
      second.close()
      let cut = await client.receiveMessage()
      #expect(cut.status == 502)
      #expect(arm.acceptedCount == 2)
      #expect(await story.ledger.waitForEnds(3).counters.replays == 0)
    }
  }

  @Test("a connection that closes while idle is not there for the next request")
  func idleClose() async throws {
    try await scripted { story, arm in
      for number in 1...5 {
        let client = try await story.client()
        client.send(Request.chat())
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        upstream.send(Self.answer())
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
        upstream.close()
        _ = await upstream.receiveAll()
        #expect(arm.acceptedCount == number)
      }
    }
  }

  @Test("an upload that cannot be repeated does not go on a kept connection that may be dead")
  func uploadsAreFresh() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.send(Self.answer())
      _ = await client.receiveMessage()
      let body = String(repeating: "x", count: 100_000)
      client.send(Request.post("/v1/files", body))
      let second = await arm.accept()
      let upload = await second.receiveMessage()
      #expect(upload.bodyText == body)
      second.send(Self.answer())
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
    }
  }

  @Test(
    "a connection is not used again where the answer leaves any doubt",
    arguments: [
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil",
    ])
  func doubtful(_ answer: String) async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      for _ in 1...2 {
        client.send(Request.chat())
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        upstream.send(answer)
        let received = await client.receiveMessage()
        #expect(!received.bytes.text.contains("evil"))
      }
      #expect(client.ending == .open)
    }
  }

  @Test("bytes that come to an idle connection unasked end it: they answer no later request")
  func unasked() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.send(Self.answer())
      _ = await client.receiveMessage()
      first.send(Self.answer("evil"))
      _ = await first.receiveAll()
      client.send(Request.chat())
      let second = await arm.accept()
      _ = await second.receiveMessage()
      second.send(Self.answer("good"))
      let answer = await client.receiveMessage()
      #expect(answer.bodyText == "good")
    }
  }

  @Test("an idle upstream connection is closed after its time")
  func upstreamIdle() async throws {
    var plan = StoryPlan()
    plan.limits.upstreamIdle = .milliseconds(1)
    plan.limits.clientIdle = .milliseconds(1)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      _ = await client.receiveMessage()
      await story.baseline.wait { $0.openConnections == 0 }
      _ = await client.receiveAll()
      #expect(client.ending == .closed)
    }
  }

  @Test("requests sent ahead are answered in order, one upstream request at a time")
  func pipelined() async throws {
    try await scripted { story, arm in
      let client = try await story.client()
      client.send((1...20).map { Request.get("/v1/models/\($0)") }.joined())
      let upstream = await arm.accept()
      for number in 1...20 {
        let request = await upstream.receiveMessage()
        #expect(request.startLine == "GET /api/v1/models/\(number) HTTP/1.1")
        #expect(upstream.received.isEmpty, "the next one waits for this answer")
        upstream.send(Self.answer("\(number)"))
      }
      for number in 1...20 {
        let answer = await client.receiveMessage()
        #expect(answer.bodyText == "\(number)")
      }
      #expect(arm.acceptedCount == 1)
    }
  }

  @Test("requests sent ahead are answered in order also by Crossfade itself, HEAD among them")
  func pipelinedLocal() async throws {
    let refusing = ReservedPort.refusing()
    var plan = StoryPlan()
    plan.baselinePort = refusing.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(
        "HEAD /v1/models HTTP/1.1\r\nHost: h\r\n\r\n" + Request.chat() + "HEAD /v1/x HTTP/1.1\r\nHost: h\r\n\r\n"
          + Request.get("/v1/models"))
      for isHead in [true, false, true, false] {
        let answer = await client.receiveMessage(toHead: isHead)
        #expect(answer.status == 502)
        #expect(answer.rawBody.isEmpty == isHead)
      }
      #expect(client.received.isEmpty)
      #expect(client.ending == .open)
    }
  }

  @Test("a client that wants to close is answered and closed")
  func clientCloses() async throws {
    try await story { story in
      let client = try await story.client()
      client.send(Request.chat(lines: "Connection: close\r\n") + Request.chat())
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.value("connection") == "close")
      #expect(story.baseline.requestCount == 1, "what follows is not a request")
    }
  }
}
