/// What is copied at all, and how much of it at once.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ShadowLimitsTests {
  @Test("no more copies are in flight than allowed; the others are dropped and counted")
  func inFlight() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.shadowPolicy.maxInFlight = 2
    try await story(plan) { story in
      try await story.liveGoesOn(count: 5)
      await story.candidate.waitForRequests(count: 2)
      let record = await story.ledger.wait { $0.drops.count == 3 }
      #expect(record.drops.allSatisfy { $0.reason == .inFlight && $0.arm == .candidate(0) })
      #expect(story.candidate.requestCount == 2)
    }
  }

  @Test("the place of a copy that ended is free again, however it ended")
  func placesComeBack() async throws {
    let faults: [Fault] = [
      .none, .refuse, .resetBeforeHead, .hangBeforeHead, .garbage, .cutMidBody(afterBytes: 5), .flood(bytes: 1 << 20),
      .badChunk, .status(500, retryAfterSeconds: nil), .hangMidBody(afterBytes: 5), .none,
    ]
    var plan = StoryPlan.shadow()
    plan.shadowPolicy.maxInFlight = 1
    plan.limits.shadowAnswerBytes = 100_000
    plan.traffic.timeouts.firstByte = .milliseconds(1500)
    plan.traffic.timeouts.idle = .milliseconds(1500)
    try await story(plan) { story in
      for (number, fault) in faults.enumerated() {
        story.candidate.set(GatewayBehavior(vendor: .litellm, fault: fault))
        _ = try await story.exchange(Request.chat())
        await story.ledger.waitForEnds(number + 1, .shadow)
      }
      #expect(story.ledger.record.drops.isEmpty)
      #expect(story.ledger.record.outcomes(.shadow).last == .ok)
    }
  }

  @Test("copies hold no more bytes than allowed")
  func bytes() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.limits.shadowBytes = 3_000
    try await story(plan) { story in
      for text in [String(repeating: "x", count: 2_000), String(repeating: "y", count: 2_000), "short"] {
        let answer = try await story.exchange(Request.chat(text: text))
        #expect(answer.status == 200)
      }
      let record = await story.ledger.wait { $0.drops.count == 1 && $0.starts(.shadow).count == 2 }
      #expect(record.drops.map(\.reason) == [.bytes])
    }
  }

  @Test("with the budget spent nothing is copied")
  func budget() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    plan.budgetSpent = true
    try await story(plan) { story in
      try await story.liveGoesOn(count: 3)
      let record = await story.ledger.wait { $0.drops.count == 3 }
      #expect(Set(record.drops.map(\.reason)) == [.budget])
      #expect(story.candidate.requestCount == 0)
      #expect(story.baseline.requestCount == 3, "what is not shadowed is not repeated for its noise either")
    }
  }

  @Test("a request whose tools the vendor runs is not copied: they may cost or act a second time")
  func serverTools() async throws {
    try await story(.shadow()) { story in
      _ = try await story.exchange(Request.chat(fields: #","tools":[{"type":"openrouter:shell"}]"#))
      _ = try await story.exchange(Request.chat(fields: #","tools":[{"type":"function","function":{"name":"f"}}]"#))
      let record = await story.ledger.waitForEnds(1, .shadow)
      #expect(record.drops.isEmpty)
      #expect(story.baseline.requestCount == 2)
      #expect(story.candidate.requestCount == 1)
    }
  }

  @Test("only what no candidate could misread is copied: endpoints that are read, a model it serves")
  func whatIsCopied() async throws {
    try await story(.shadow()) { story in
      for request in [
        Request.get("/v1/models"), Request.post("/v1/files", "{\"model\":\"app/x\"}"),
        Request.post("/v1/images/edits", "{\"model\":\"app/x\"}"), Request.chat(model: "other/x"),
        Request.post("/v1/chat/completions", "{\"messages\":[]}"),
      ] {
        let answer = try await story.exchange(request)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      _ = try await story.exchange(Request.chat(model: "app/last"))
      await story.ledger.waitForEnds(1, .shadow)
      #expect(story.candidate.received.map(\.bodyText) == [Request.body(model: "cand-last")])
    }
  }
}
