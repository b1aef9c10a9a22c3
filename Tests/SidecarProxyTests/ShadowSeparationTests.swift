/// Copies travel apart from live traffic, and behind it.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ShadowSeparationTests {
  @Test("copies have connections of their own, also on the arm that answers live")
  func ownConnections() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.shadow()
    plan.noise = 1
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(text: "one"))
      let live = await arm.accept()
      #expect(await live.receiveMessage().bodyText.contains("one"))
      let noise = await arm.accept()
      #expect(await noise.receiveMessage().bodyText.contains("one"))
      let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
      live.send(answer)
      _ = await client.receiveMessage()
      // The copy's connection was used last: the next live request must not take it all the same.
      noise.send(answer)
      await story.ledger.waitForEnds(1, .noise)
      try await story.proxy.adopt(StoryPlan().routing())
      client.send(Request.chat(text: "two"))
      #expect(await live.receiveMessage().bodyText.contains("two"))
      #expect(noise.received.isEmpty)
      #expect(arm.acceptedCount == 2)
      live.send(answer)
      #expect(await client.receiveMessage().status == 200)
    }
    try await arm.stop()
  }

  @Test("no copy leaves before the live request is on its way")
  func afterTheLiveOne() async throws {
    let unanswering = ReservedPort.unanswering()
    var plan = StoryPlan.shadow()
    plan.noise = 1
    plan.baselinePort = unanswering.port
    plan.traffic.timeouts.connect = .milliseconds(100)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 502)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.starts.map(\.population) == [.live])
      #expect(story.candidate.counts.connections == 0)
    }
  }

  @Test("a client that leaves takes its live request along, not the copy")
  func clientLeaves() async throws {
    var plan = StoryPlan.shadow()
    plan.baseline.fault = .hangBeforeHead
    plan.candidate.latency = .fixed(.milliseconds(50))
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.baseline.waitForRequests(count: 1)
      client.close()
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(record.outcomes(.shadow) == [.ok])
    }
  }

  @Test("noise repeats the caller's request on the baseline, and counts as noise")
  func noise() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(3)
      #expect(record.ends(.noise).map(\.arm) == [.baseline])
      #expect(record.ends(.shadow).map(\.arm) == [.candidate(0)])
      #expect(Set(record.starts.map(\.exchange)).count == 1)
      #expect(story.baseline.received.map(\.bodyText) == [Request.body(), Request.body()])
    }
  }

  @Test("a canary is not copied: its evidence is live")
  func canaryIsNotCopied() async throws {
    var plan = StoryPlan.canary()
    plan.shadow = 1
    plan.noise = 1
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(1)
      #expect(record.starts.map(\.population) == [.live])
    }
  }
}
