/// Nothing a candidate does in shadow changes what live clients get or when: one test for each way it could.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ShadowIsolationTests {
  @Test("a candidate that hangs")
  func hangs() async throws {
    try await story(.shadow(GatewayBehavior(fault: .hangBeforeHead))) { story in
      let record = try await story.liveGoesOn()
      #expect(record.starts(.shadow).count == 20)
      #expect(record.ends(.shadow).isEmpty, "live answers were in while every copy still hung")
    }
  }

  @Test("a candidate that hangs inside its answer")
  func hangsMidway() async throws {
    try await story(.shadow(GatewayBehavior(fault: .hangMidBody(afterBytes: 10)))) { story in
      let record = try await story.liveGoesOn()
      #expect(record.ends(.shadow).isEmpty)
    }
  }

  @Test("a candidate that floods")
  func floods() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 1 << 30)))
    plan.limits.shadowAnswerBytes = 1 << 31
    plan.shadowPolicy.maxInFlight = 3
    try await story(plan) { story in
      let record = try await story.liveGoesOn()
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
      let record = await story.ledger.waitForEnds(1, .shadow)
      let start = try #require(record.starts(.shadow).first)
      let end = try #require(record.ends(.shadow).first)
      #expect(end.outcome == .ok)
      // 2 MiB, less what one read may bring and what is saved up, at 32 KiB a millisecond. The rests are no time of the arm's.
      #expect(end.at - start.at >= .milliseconds(50))
      #expect(end.latency < (end.at - start.at).nanoseconds)
    }
  }

  @Test("many floods at once all come to their end")
  func floodsTakeTurns() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .flood(bytes: 1 << 20)))
    plan.limits.shadowAnswerBytes = 4 << 20
    try await story(plan) { story in
      try await story.liveGoesOn()
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(record.outcomes(.shadow).allSatisfy { $0 == .ok })
    }
  }

  @Test(
    "a copy is over when its document is, whatever is held open behind it",
    arguments: ["Transfer-Encoding: chunked\r\n", "Connection: close\r\n"],
    [
      (200, #"{"choices":[{"index":0,"message":{"content":"Li"},"finish_reason":"stop"}]}"#, Outcome.ok),
      (200, #"{"error":{"code":500,"message":"m"}}"#, .errorInBody), (503, #"{"error":{"code":503}}"#, .failed),
    ])
  func documentHeldOpen(_ framing: String, _ answer: (status: Int, body: String, outcome: Outcome)) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.shadow()
    plan.candidatePort = arm.port
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let copy = await arm.accept()
      _ = await copy.receiveMessage()
      let head = "HTTP/1.1 \(answer.status) Odd\r\nContent-Type: application/json\r\n\(framing)\r\n"
      copy.send(head + (framing.hasPrefix("T") ? SafetyNetHoldTests.chunk(answer.body) : answer.body))
      let record = await story.ledger.waitForEnds(1, .shadow)
      #expect(record.outcomes(.shadow) == [answer.outcome])
    }
    try await arm.stop()
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
      #expect(record.counters.replaysByArm == [0, 1])
      #expect(record.starts(.shadow).count == 2 && record.open == 0)
    }
    try await arm.stop()
  }

  @Test("a candidate that resets")
  func resets() async throws {
    try await story(.shadow(GatewayBehavior(fault: .resetBeforeHead))) { story in
      try await story.liveGoesOn()
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that resets inside its answer")
  func resetsMidway() async throws {
    try await story(.shadow(GatewayBehavior(fault: .resetMidBody(afterBytes: 10)))) { story in
      try await story.liveGoesOn()
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.incomplete])
    }
  }

  @Test("a candidate that talks garbage")
  func garbage() async throws {
    try await story(.shadow(GatewayBehavior(fault: .garbage))) { story in
      try await story.liveGoesOn()
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(Set(record.outcomes(.shadow)) == [.failed])
    }
  }

  @Test("a candidate that drips")
  func drips() async throws {
    try await story(.shadow(GatewayBehavior(fault: .dripBytes(interval: .milliseconds(100))))) { story in
      let record = try await story.liveGoesOn()
      #expect(record.ends(.shadow).isEmpty)
    }
  }

  @Test("a candidate that refuses")
  func refuses() async throws {
    try await story(.shadow(GatewayBehavior(fault: .refuse))) { story in
      try await story.liveGoesOn()
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
      try await story.liveGoesOn()
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
      let record = try await story.liveGoesOn()
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
      try await story.liveGoesOn(after: 1)
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
      try await story.liveGoesOn()
      let record = await story.ledger.waitForEnds(20, .shadow)
      #expect(!record.outcomes(.shadow).contains(.ok))
    }
  }
}
