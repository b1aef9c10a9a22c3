/// Nothing a candidate does in shadow changes what live clients get or when: one test for each way it could.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ShadowIsolationTests {
  /// Live exchanges on one connection while the candidate misbehaves; all must be the baseline's, whole and in order.
  ///
  /// - Parameter earlier: exchanges that the baseline has answered before.
  /// - Returns: what the ledger held when the last live answer was in.
  @discardableResult
  private func liveGoesOn(_ story: ProxyStory, count: Int = 20, after earlier: Int = 0) async throws
    -> LedgerProbe.Record
  {
    let client = try await story.client()
    for number in 1...count {
      client.send(Request.chat(stream: number.isMultiple(of: 2), text: "question \(number)"))
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == nil)
    }
    #expect(story.baseline.requestCount == earlier + count)
    let record = await story.ledger.waitForEnds(earlier + count, .live)
    #expect(record.outcomes(.live).allSatisfy { $0 == .ok })
    #expect(record.fallbacks.isEmpty)
    return record
  }

  @Test("a candidate that hangs")
  func hangs() async throws {
    try await story(.shadow(GatewayBehavior(fault: .hangBeforeHead))) { story in
      let record = try await liveGoesOn(story)
      #expect(record.starts(.shadow).count == 20)
      #expect(record.ends(.shadow).isEmpty, "live answers were in while every copy still hung")
    }
  }

  @Test("a candidate that hangs inside its answer")
  func hangsMidway() async throws {
    try await story(.shadow(GatewayBehavior(fault: .hangMidBody(afterBytes: 10)))) { story in
      let record = try await liveGoesOn(story)
      #expect(record.ends(.shadow).isEmpty)
    }
  }

  @Test("a candidate that floods")
  func floods() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 1 << 30)))
    plan.limits.shadowAnswerBytes = 1 << 31
    plan.shadowPolicy.maxInFlight = 3
    try await story(plan) { story in
      let record = try await liveGoesOn(story)
      #expect(record.ends(.shadow).isEmpty, "live answers were in while the flood still ran")
    }
  }

  @Test("a flood is cut off at its limit, told from an answer, and its connection not used again")
  func floodLimit() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 64 << 20)))
    plan.limits.shadowAnswerBytes = 1 << 20
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(1, .shadow)
      #expect(record.outcomes(.shadow) == [.incomplete])
      await story.candidate.waitForAbandoned(count: 1)
    }
  }

  @Test("a flood within its limit is read to its end, with rests")
  func burstRests() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 2 << 20)))
    plan.limits.shadowAnswerBytes = 4 << 20
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let end = try #require(await story.ledger.waitForEnds(1, .shadow).ends(.shadow).first)
      #expect(end.outcome == .ok)
      // 2 MiB, less what one read may bring and what is saved up, at 32 KiB a millisecond.
      #expect(end.latency >= 50_000_000)
    }
  }

  @Test("many floods at once all come to their end")
  func floodsTakeTurns() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 1 << 20)))
    plan.limits.shadowAnswerBytes = 4 << 20
    try await story(plan) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(record.outcomes(.shadow).allSatisfy { $0 == .ok })
    }
  }

  @Test("a copy whose kept connection the candidate gave up is sent again, once")
  func replay() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.shadow()
    plan.candidatePort = arm.port
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(text: "one"))
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.send(answer)
      _ = await client.receiveMessage()
      await story.ledger.waitForEnds(1, .shadow)
      client.send(Request.chat(text: "two"))
      #expect(await first.receiveMessage().bodyText.contains("two"))
      first.reset()
      let second = await arm.accept()
      #expect(await second.receiveMessage().bodyText.contains("two"))
      second.send(answer)
      #expect(await client.receiveMessage().status == 200)
      let record = await story.ledger.waitForEnds(2, .shadow)
      #expect(record.counters.replays == 1)
      #expect(record.starts(.shadow).count == 2 && record.open == 0)
    }
    try await arm.stop()
  }

  @Test("a candidate that resets")
  func resets() async throws {
    try await story(.shadow(GatewayBehavior(fault: .resetBeforeHead))) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that resets inside its answer")
  func resetsMidway() async throws {
    try await story(.shadow(GatewayBehavior(fault: .resetMidBody(afterBytes: 10)))) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.incomplete])
    }
  }

  @Test("a candidate that talks garbage")
  func garbage() async throws {
    try await story(.shadow(GatewayBehavior(fault: .garbage))) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that drips")
  func drips() async throws {
    try await story(.shadow(GatewayBehavior(fault: .dripBytes(interval: .milliseconds(100))))) { story in
      let record = try await liveGoesOn(story)
      #expect(record.ends(.shadow).isEmpty)
    }
  }

  @Test("a candidate that refuses")
  func refuses() async throws {
    try await story(.shadow(GatewayBehavior(fault: .refuse))) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that is not there")
  func absent() async throws {
    let refusing = ReservedPort.refusing()
    var plan = StoryPlan.shadow()
    plan.candidatePort = refusing.port
    try await story(plan) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that nobody can connect to")
  func unanswering() async throws {
    let unanswering = ReservedPort.unanswering()
    var plan = StoryPlan.shadow()
    plan.candidatePort = unanswering.port
    plan.traffic.timeouts.connect = .seconds(60)
    try await story(plan) { story in
      let record = try await liveGoesOn(story)
      #expect(record.ends(.shadow).isEmpty)
    }
  }

  @Test("a candidate that does not read what it is sent")
  func doesNotRead() async throws {
    let arm = try await ScriptedArm.start(reads: false)
    var plan = StoryPlan.shadow()
    plan.candidatePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      let text = String(repeating: "x", count: 4 << 20)
      client.send(Request.chat(text: text))
      _ = await arm.accept()
      #expect(await client.receiveMessage().status == 200)
      try await liveGoesOn(story, after: 1)
    }
    try await arm.stop()
  }

  @Test("answers with errors of every kind")
  func errors() async throws {
    let faults: [Fault] = [
      .status(500, retryAfterSeconds: nil), .status(401, retryAfterSeconds: nil), .errorInBody, .errorEvent, .empty,
      .oversizedHead(bytes: 100_000), .duplicateLength, .badChunk,
    ]
    try await story(.shadow(GatewayBehavior(script: faults + faults + faults))) { story in
      try await liveGoesOn(story)
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(!record.outcomes(.shadow).contains(.ok))
    }
  }

  // MARK: limits

  @Test("no more copies are in flight than allowed; the others are dropped and counted")
  func inFlight() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.shadowPolicy.maxInFlight = 2
    try await story(plan) { story in
      try await liveGoesOn(story, count: 5)
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
      try await liveGoesOn(story, count: 3)
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
      #expect(record.drops.map(\.reason) == [.unsuitable])
      #expect(story.baseline.requestCount == 2)
      #expect(story.candidate.requestCount == 1)
    }
  }

  @Test("only what no candidate could misread is copied: five endpoints, a model it serves")
  func whatIsCopied() async throws {
    try await story(.shadow()) { story in
      for request in [
        Request.get("/v1/models"), Request.post("/v1/files", "{\"model\":\"app/x\"}"),
        Request.post("/v1/images", "{\"model\":\"app/x\"}"), Request.chat(model: "other/x"),
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

  // MARK: apart from live traffic

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
