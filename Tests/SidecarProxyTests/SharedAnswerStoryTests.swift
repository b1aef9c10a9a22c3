/// Requests that are one: sent once, and every client gets every byte, whoever leaves and whoever is slow.

import Dialects
import GatewayEmulation
import Guards
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct SharedAnswerStoryTests {
  private static let key = "Idempotency-Key: one\r\n"
  private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let pieces =
    ["Hel", "lo", " you"].map { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n" }
    + [#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n", "data: [DONE]\n\n"]
  private static let chunks = pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" } + ["0\r\n\r\n"]

  private func stage(
    _ guards: GuardPolicy = GuardPolicy(idempotency: .init()),
    _ play: (ProxyStory, ScriptedArm) async throws -> Void
  ) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    plan.guards = guards
    try await story(plan) { try await play($0, arm) }
    try await arm.stop()
  }

  private func settle(_ story: ProxyStory, _ arm: ScriptedArm) async throws {
    let client = try await story.client()
    _ = await arm.serve(client)
    client.close()
  }

  @Test(arguments: 0...chunks.count)
  func whoComesAfterSoManyPiecesGetsEveryByte(_ late: Int) async throws {
    try await stage { story, arm in
      let first = try await story.client()
      first.send(Request.chat(stream: true, lines: Self.key))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.head)
      for chunk in Self.chunks.prefix(late) { upstream.send(chunk) }
      var answer = late > 0 ? await first.receive(upTo: Self.chunks[late - 1]).text : ""
      let second = try await story.client()
      second.send(Request.chat(stream: true, lines: Self.key))
      if late < Self.chunks.count {
        try await settle(story, arm)
        for chunk in Self.chunks.dropFirst(late) { upstream.send(chunk) }
        answer += await first.receive(upTo: Self.chunks.last!).text
      }
      let other = await second.receive(upTo: Self.chunks.last!).text
      let body = "\r\n\r\n" + Self.chunks.joined()
      #expect(answer.hasSuffix(body))
      #expect(answer == other, "the head too, whose id is the exchange's")
    }
  }

  @Test func theFirstMayLeaveAndTheArmIsAskedOnForTheSecond() async throws {
    try await stage { story, arm in
      let first = try await story.client()
      first.send(Request.chat(stream: true, lines: Self.key))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.head + Self.chunks[0])
      _ = await first.receive(upTo: Self.chunks[0])
      let second = try await story.client()
      second.send(Request.chat(stream: true, lines: Self.key))
      _ = await second.receive(upTo: Self.chunks[0])
      first.close()
      try await settle(story, arm)
      for chunk in Self.chunks.dropFirst() { upstream.send(chunk) }
      #expect(await second.receive(upTo: Self.chunks.last!).text.contains("[DONE]"))
    }
  }

  @Test func whenAllHaveLeftTheArmIsNotAskedOn() async throws {
    try await stage { story, arm in
      let clients = [try await story.client(), try await story.client()]
      clients[0].send(Request.chat(stream: true, lines: Self.key))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.head + Self.chunks[0])
      clients[1].send(Request.chat(stream: true, lines: Self.key))
      for client in clients { _ = await client.receive(upTo: Self.chunks[0]) }
      for client in clients { client.close() }
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
    }
  }

  @Test func anAnswerThatBreaksOffBreaksOffForAllAndIsNotKept() async throws {
    try await stage { story, arm in
      let clients = [try await story.client(), try await story.client()]
      clients[0].send(Request.chat(stream: true, lines: Self.key))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.head + Self.chunks[0])
      clients[1].send(Request.chat(stream: true, lines: Self.key))
      for client in clients { _ = await client.receive(upTo: Self.chunks[0]) }
      upstream.close()
      for client in clients { #expect(await client.receiveMessage().ending != .open) }
      let again = try await story.client()
      again.send(Request.chat(stream: true, lines: Self.key))
      _ = await arm.accept().receiveMessage()
    }
  }

  @Test func theErrorOfAnArmIsEveryonesAndIsNotKept() async throws {
    try await stage { story, arm in
      let clients = [try await story.client(), try await story.client()]
      clients[0].send(Request.chat(lines: Self.key))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      clients[1].send(Request.chat(lines: Self.key))
      try await settle(story, arm)
      upstream.send("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno")
      for client in clients {
        let answer = await client.receiveMessage()
        #expect(answer.status == 500 && answer.bodyText == "no")
      }
    }
  }

  @Test func aDoubleClickIsOneRequestAndAnotherCallersIsAnother() async throws {
    var plan = StoryPlan()
    plan.guards = GuardPolicy(duplicates: .init(window: .seconds(60)))
    try await story(plan) { story in
      let body = Request.chat(text: "same")
      let answers = [try await story.exchange(body), try await story.exchange(body)]
      #expect(answers[0].bodyText == answers[1].bodyText)
      #expect(story.baseline.requestCount == 1)
      _ = try await story.exchange(body.replacing("caller-key", with: "caller-two"))
      _ = try await story.exchange(Request.chat(text: "else"))
      #expect(story.baseline.requestCount == 3)
    }
  }

  @Test func withoutGuardsNothingIsShared() async throws {
    try await story { story in
      for _ in 1...2 { _ = try await story.exchange(Request.chat(lines: Self.key)) }
      #expect(story.baseline.requestCount == 2)
    }
  }
}
