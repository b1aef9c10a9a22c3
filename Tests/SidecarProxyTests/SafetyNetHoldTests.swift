/// What is held back of a canary's answer, for how long, and that it then goes as it came.

import Dialects
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct SafetyNetHoldTests {
  static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
  static let role = #"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"# + "\n\n"
  static let token = #"data: {"choices":[{"index":0,"delta":{"content":"Hello"}}]}"# + "\n\n"

  static func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

  /// A canary whose arm is played by hand, and has just read a request for a stream.
  private func canary(
    _ hold: SafetyNetHold = SafetyNetHold(atMost: .seconds(50)), stream: Bool = true,
    _ play: (ProxyStory, _ client: WirePeer, _ upstream: WirePeer) async throws -> Void
  ) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    plan.traffic.safetyNet = hold
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: stream))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      try await play(story, client, upstream)
    }
    try await arm.stop()
  }

  /// Waits until the proxy has read what the arm sent before: it answers another client after it.
  private func settle(_ story: ProxyStory) async throws {
    for _ in 1...3 { _ = try await story.exchange("GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n") }
  }

  @Test("comments and role-only chunks wait for the first token, and then go in order, byte for byte")
  func heldAndSent() async throws {
    try await canary { story, client, upstream in
      let first = Self.head + Self.chunk(": ping\n\n") + Self.chunk(Self.role)
      await upstream.sendAll(Array(first.utf8))
      try await settle(story)
      #expect(client.receivedCount == 0)
      await upstream.sendAll(Array(Self.chunk(Self.token).utf8))
      let answer = await client.receive(upTo: "Hello\"}}]}\n\n\r\n")
      let body = Self.chunk(": ping\n\n") + Self.chunk(Self.role) + Self.chunk(Self.token)
      #expect(answer.text.hasSuffix("\r\n\r\n" + body))
      #expect(answer.text.contains("x-crossfade-arm: litellm"))
    }
  }

  @Test("what is alive and says nothing is passed on once its time is over")
  func atMost() async throws {
    try await canary(SafetyNetHold(atMost: .milliseconds(100))) { story, client, upstream in
      upstream.send(Self.head + Self.chunk(": ping\n\n"))
      let answer = await client.receive(upTo: ": ping\n\n")
      #expect(answer.text.contains("x-crossfade-arm: litellm"))
      client.close()
      let record = await story.ledger.waitForEnds(1)
      #expect(record.counters.holdsOutlasted == 1)
    }
  }

  @Test("until: head holds nothing back")
  func untilHead() async throws {
    try await canary(SafetyNetHold(until: .head)) { _, client, upstream in
      upstream.send(Self.head)
      let answer = await client.receive(upTo: "\r\n\r\n")
      #expect(answer.text.contains("x-crossfade-arm: litellm"))
    }
  }

  @Test("more than may be held is passed on, and counted")
  func outgrown() async throws {
    try await canary(SafetyNetHold(atMost: .seconds(50), bytes: 1_000)) { story, client, upstream in
      let comment = ": " + String(repeating: "x", count: 2_000) + "\n\n"
      upstream.send(Self.head + Self.chunk(comment))
      let answer = await client.receive(upTo: "xx\n\n")
      #expect(answer.text.contains(comment))
      client.close()
      let record = await story.ledger.waitForEnds(1)
      #expect(record.counters.holdsOutgrown == 1)
    }
  }

  @Test("an answer that is not streamed waits for its last byte")
  func document() async throws {
    try await canary(stream: false) { story, client, upstream in
      let body = #"{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}"#
      let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      await upstream.sendAll(Array((head + body.dropLast(1)).utf8))
      try await settle(story)
      #expect(client.receivedCount == 0)
      upstream.send("}")
      let answer = await client.receiveMessage()
      #expect(answer.bodyText == body)
      #expect(answer.value("x-crossfade-arm") == "litellm")
    }
  }

  @Test("a client that leaves while its answer is held ends the attempt, and nobody is blamed")
  func clientLeaves() async throws {
    try await canary { story, client, upstream in
      await upstream.sendAll(Array((Self.head + Self.chunk(Self.role)).utf8))
      client.close()
      _ = await upstream.receiveAll()
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(record.starts(.rescue).isEmpty)
    }
  }

  @Test("a redirect that nothing catches is not passed on either", arguments: [301, 302, 304, 307, 308])
  func redirects(_ status: Int) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    plan.traffic.fallback = [.connect]
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send("HTTP/1.1 \(status) Moved\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n")
      let answer = await client.receiveMessage()
      #expect(answer.status == 502)
      #expect(answer.value("location") == nil)
      #expect(answer.bodyText.contains("litellm answered with a redirect (\(status)), which is not passed on"))
      #expect(await story.ledger.waitForEnds(1).outcomes(.live) == [.failed])
    }
    try await arm.stop()
  }
}
