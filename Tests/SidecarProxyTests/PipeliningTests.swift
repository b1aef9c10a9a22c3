/// Requests that a client sends ahead of their answers, and one that wants to close.

import GatewayEmulation
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct PipeliningTests {
  @Test("requests sent ahead are answered in order, one upstream request at a time")
  func pipelined() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      client.send((1...20).map { Request.get("/v1/models/\($0)") }.joined())
      let upstream = await arm.accept()
      for number in 1...20 {
        let request = await upstream.receiveMessage()
        #expect(request.startLine == "GET /api/v1/models/\(number) HTTP/1.1")
        #expect(upstream.received.isEmpty, "the next one waits for this answer")
        upstream.send(scriptedAnswer("\(number)"))
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
