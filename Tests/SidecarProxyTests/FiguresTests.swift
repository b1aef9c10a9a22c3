/// The figures that an attempt's end carries besides its outcome: tokens, gaps, where its cost comes from, what it was.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct FiguresTests {
  @Test("tokens, finish reason, first byte and the source of the cost")
  func document() async throws {
    for (vendor, prices, source) in [
      (VendorShape.openrouter, [:], CostSource.reported), (.litellm, [:], .reported), (.openai, [:], .unknown),
      (.openai, ["cand-large": Price(input: 1, output: 1)], .derived),
    ] as [(VendorShape, [String: Price], CostSource)] {
      var plan = StoryPlan.canary(GatewayBehavior(vendor: vendor))
      plan.prices = prices
      try await story(plan) { story in
        _ = try await story.exchange(Request.chat())
        let end = try #require(await story.ledger.waitForEnds(1).ends.first)
        #expect(end.costSource == source)
        #expect((end.cost == nil) == (source == .unknown))
        #expect(end.finish == .stop)
        let usage = try #require(end.usage)
        #expect(usage.prompt > 0 && usage.completion > 0)
        let firstByte = try #require(end.firstByte)
        #expect(firstByte > 0 && firstByte <= end.latency)
        #expect(end.longestGap == nil, "a document is read in as many pieces as the kernel likes")
      }
    }
  }

  @Test("a fee that no answer tells of is on what the arm states")
  func fee() async throws {
    var costs: [Double] = []
    for factor in [1, 1.5] {
      var plan = StoryPlan.canary(GatewayBehavior(vendor: .openrouter, answerSource: .prompt))
      plan.candidateCostFactor = factor
      try await story(plan) { story in
        _ = try await story.exchange(Request.chat())
        costs.append(try #require(await story.ledger.waitForEnds(1).ends.first?.cost))
      }
    }
    #expect(abs(costs[1] / costs[0] - 1.5) < 1e-9)
  }

  @Test("a cost header's zero beside an error is no cost; what it names beside an answer is")
  func costOfAnError() async throws {
    for (status, cost, known) in [(500, "0", nil), (500, "0.5", 0.5), (200, "0.0", 0), (429, "0.0", nil)]
      as [(Int, String, Double?)]
    {
      try await scriptedStory(Request.chat()) { story, client, upstream in
        let body =
          status == 200 ? #"{"choices":[{"message":{"content":"Li"},"finish_reason":"stop"}]}"# : #"{"error":{}}"#
        let head = "HTTP/1.1 \(status) Odd\r\nContent-Type: application/json\r\nx-litellm-response-cost: \(cost)\r\n"
        upstream.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        _ = await client.receiveMessage()
        let end = try #require(await story.ledger.waitForEnds(1).ends.first)
        #expect(end.cost == known)
      }
    }
  }

  @Test("the longest gap of a stream is between its events, not before them")
  func gap() async throws {
    try await scriptedStory(Request.chat(stream: true)) { story, client, upstream in
      upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: waiting\n\n")
      _ = await client.receive(upTo: ": waiting\n\n")
      upstream.send("data: {\"choices\":[{\"delta\":{\"reasoning\":\"zero\"}}]}\n\n")
      _ = await client.receive(upTo: "zero")
      for word in ["one", "two", "three"] {
        upstream.send("data: {\"choices\":[{\"delta\":{\"content\":\"\(word)\"}}]}\n\n")
        _ = await client.receive(upTo: word)
      }
      upstream.send("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
      upstream.close()
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      let (ttft, firstByte) = (try #require(end.ttft), try #require(end.firstByte))
      let gap = try #require(end.longestGap)
      #expect(firstByte <= ttft)
      let visible = try #require(end.firstVisible)
      #expect(visible > ttft && visible < end.latency, "reasoning comes before what can be shown")
      #expect(gap > 0 && gap <= end.latency - ttft)
      #expect(gap >= (end.latency - ttft) / 5, "the longest of five waits")
    }
  }

  @Test("Crossfade's own share is what is left of an exchange without the arm's, and no rescue's")
  func overhead() async throws {
    try await story(.canary(GatewayBehavior(vendor: .litellm, latency: .fixed(.milliseconds(50))))) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.wait { !$0.overheads.isEmpty && !$0.ends.isEmpty }
      let overhead = try #require(record.overheads.first)
      let end = try #require(record.ends.first)
      #expect(overhead.arm == .candidate(0))
      #expect(overhead.nanoseconds > 0 && overhead.nanoseconds < end.latency - 40_000_000)
    }
    try await story(.canary(GatewayBehavior(fault: .resetBeforeHead))) { story in
      _ = try await story.exchange(Request.chat())
      #expect(await story.ledger.waitForEnds(2).overheads.isEmpty)
    }
  }

  @Test("a stream whose content came in one piece had no gap")
  func noGap() async throws {
    try await scriptedStory(Request.chat(stream: true)) { story, client, upstream in
      let body = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
      upstream.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect(end.ttft != nil && end.longestGap == nil)
    }
  }

  @Test("an attempt without an answer has no first byte, no tokens and no finish")
  func nothing() async throws {
    try await story(.canary(GatewayBehavior(fault: .resetBeforeHead))) { story in
      _ = try await story.exchange(Request.chat())
      let end = try #require(await story.ledger.waitForEnds(1, .live).ends(.live).first)
      #expect(end.firstByte == nil && end.usage == nil && end.finish == nil && end.longestGap == nil)
      #expect(end.costSource == .unknown)
    }
  }

  @Test(
    "what an arm asks to wait is kept where it is a number",
    arguments: [
      ("Retry-After: 7", 7_000_000_000), ("retry-after-ms: 250", 250_000_000), ("Retry-After: -1", nil),
      ("Retry-After: Sat, 28 Nov 2026 10:00:00 GMT", nil), ("Retry-After: 99999999999999999999", nil),
    ] as [(String, Int64?)])
  func retryAfter(_ line: String, _ wait: Int64?) async throws {
    try await scriptedStory(Request.chat()) { story, client, upstream in
      upstream.send("HTTP/1.1 429 Too Many Requests\r\n\(line)\r\nContent-Length: 0\r\n\r\n")
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect(end.outcome == .rateLimited && end.retryAfter == wait)
    }
  }

  // MARK: labels

  @Test("the live attempt, its copies and its noise carry the same labels, in the application's own words")
  func labels() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    plan.tags = [
      RolloutJudge.Tag(name: "team", source: .header("x-team")),
      RolloutJudge.Tag(name: "user", source: .body("user")),
    ]
    try await story(plan) { story in
      _ = try await story.exchange(
        Request.chat(stream: true, lines: "X-Team: search\r\n", fields: #","user":"u1","provider":{}"#))
      let record = await story.ledger.waitForEnds(3)
      #expect(Set(record.ends.map(\.population)) == [.live, .shadow, .noise])
      let labels = try #require(record.ends.first?.labels)
      #expect(record.ends.allSatisfy { $0.labels === labels })
      #expect(labels.model == "app/large")
      #expect(labels.tags == ["search", "u1"])
      #expect(labels.endpoint == .chatCompletions && labels.isStream)
      #expect(labels.features.names == ["messages", "model", "provider", "stream", "user"])
    }
  }

  @Test("later turns of conversations are told apart, for the caches they find")
  func steady() async throws {
    try await story(.canary()) { story in
      for _ in 1...2 {
        _ = try await story.exchange(Request.chat())
        _ = try await story.exchange(Request.chat(fields: #","messages":[{},{},{},{},{"role":"user","content":"x"}]"#))
      }
      #expect(await story.ledger.waitForEnds(4).ends.map { $0.labels?.isSteady } == [false, true, false, true])
    }
  }

  @Test("a rescue carries them too")
  func rescue() async throws {
    try await story(.canary(GatewayBehavior(fault: .refuse))) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(2)
      #expect(record.ends.allSatisfy { $0.labels?.model == "app/large" })
    }
  }

  @Test("while nothing is split every request is looked into where tags or prices need it, else one in a millisecond")
  func quiet() async throws {
    for isTagged in [true, false] {
      var plan = StoryPlan()
      if isTagged { plan.tags = [RolloutJudge.Tag(name: "team", source: .header("x-team"))] }
      try await story(plan) { story in
        let client = try await story.client()
        let count = 50
        client.send(String(repeating: Request.chat(lines: "x-team: a\r\n"), count: count))
        for _ in 1...count { _ = await client.receiveMessage() }
        let record = await story.ledger.waitForEnds(count)
        let labelled = record.ends.count { $0.labels?.model == "app/large" }
        let span = record.ends[count - 1].at.nanoseconds - record.starts[0].at.nanoseconds
        #expect(labelled >= 1)
        #expect(isTagged ? labelled == count : Int64(labelled) <= 1 + span / 1_000_000)
        #expect(record.ends.allSatisfy { $0.labels?.tags == (isTagged ? ["a"] : $0.labels.map { _ in [] }) })
      }
    }
  }
}
