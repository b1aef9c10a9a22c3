/// Another playbook under a serving proxy: no connection is lost, what is open finishes where it began.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ReplacementTests {
  private func replace(_ story: ProxyStory, _ plan: StoryPlan, candidate: Int, generation: Int) async throws
    -> LedgerProbe
  {
    let ledger = LedgerProbe()
    var routing = plan.routing()
    routing.generation = generation
    try await story.proxy.replace(
      playbook: plan.playbook(baseline: story.baseline.port, candidate: candidate), routing: routing,
      observer: ledger.observer)
    return ledger
  }

  @Test(
    "a kept connection's next request follows the new playbook; an open stream finishes on its arm", arguments: [1, 2])
  func keptConnection(threads: Int) async throws {
    var plan = StoryPlan.canary()
    plan.threads = threads
    plan.candidate.streamEventCount = 40
    plan.candidate.streamEventInterval = .milliseconds(5)
    let other = try await EmulatedGateway.start(behavior: GatewayBehavior(vendor: .litellm, seed: 3))
    try await story(plan) { story in
      let (idle, busy) = (try await story.client(), try await story.client())
      idle.send(Request.chat())
      _ = await idle.receiveMessage()
      busy.send(Request.chat(stream: true))
      _ = await busy.receive(upTo: "x-crossfade-arm: litellm\r\n")

      let ledger = try await replace(story, .canary(), candidate: other.port, generation: 1)
      idle.send(Request.chat())
      let next = await idle.receiveMessage()
      #expect(next.status == 200 && other.requestCount == 1)
      let rest = await busy.receive(upTo: "0\r\n\r\n")
      #expect(rest.text.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
      busy.send(Request.chat())
      let last = await busy.receiveMessage()
      #expect(last.status == 200 && other.requestCount == 2)
      #expect(story.candidate.requestCount == 2)

      // Each playbook's own observer is told, by numbers that never meet.
      let before = await story.ledger.waitForEnds(2, .live)
      let after = await ledger.waitForEnds(2, .live)
      let attempts = (before.ends(.live) + after.ends(.live)).map(\.attempt)
      #expect(Set(attempts).count == 4)
      #expect(try await story.proxy.stop() == 0)
    }
    await other.stop()
  }

  @Test("a table for the arms of a former playbook is not taken, nor an older one for the same arms")
  func staleRouting() async throws {
    try await story(StoryPlan()) { story in
      var canary = StoryPlan.canary().routing()
      canary.number = 3
      try await story.proxy.adopt(canary)
      var older = StoryPlan().routing()
      older.number = 2
      try await story.proxy.adopt(older)
      #expect(try await story.exchange(Request.chat()).value("x-crossfade-arm") == "litellm")
      _ = try await replace(story, StoryPlan(), candidate: story.candidate.port, generation: 1)
      canary.number = 9
      try await story.proxy.adopt(canary)
      #expect(try await story.exchange(Request.chat()).value("x-crossfade-arm") == "openrouter")
    }
  }

  @Test("a hundred playbooks in a row leave nothing behind: the last one's connections are the only ones")
  func many() async throws {
    try await story(.canary()) { story in
      let client = try await story.client()
      for generation in 1...100 {
        _ = try await replace(story, .canary(), candidate: story.candidate.port, generation: generation)
        client.send(Request.chat())
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
      }
      #expect(story.candidate.requestCount == 100)
      client.close()
      #expect(try await story.proxy.stop() == 0)
    }
  }

  @Test("draining waits for what began under a former playbook")
  func draining() async throws {
    var plan = StoryPlan()
    plan.baseline.streamEventCount = 40
    plan.baseline.streamEventInterval = .milliseconds(5)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      _ = await client.receive(upTo: "x-crossfade-arm: openrouter\r\n")
      _ = try await replace(story, StoryPlan(), candidate: story.candidate.port, generation: 1)
      async let cutOff = story.proxy.stop()
      let rest = await client.receive(upTo: "0\r\n\r\n")
      #expect(rest.text.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
      #expect(try await cutOff == 0)
    }
  }
}
