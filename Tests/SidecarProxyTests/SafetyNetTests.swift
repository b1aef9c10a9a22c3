/// A canary that fails before its first byte is answered by the baseline; its failure counts, the rescue for nobody.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct SafetyNetTests {
  /// One way to fail before the first byte, what it is called, and the trigger it falls under.
  struct Failure: Sendable, CustomTestStringConvertible {
    var fault: Fault
    var outcome: Outcome
    var trigger: FallbackTrigger
    /// What the client sees where the trigger is off.
    var unrescued: Int

    var testDescription: String { fault.description }
  }

  static let failures = [
    Failure(fault: .refuse, outcome: .failed, trigger: .connect, unrescued: 502),
    Failure(fault: .resetBeforeHead, outcome: .failed, trigger: .connect, unrescued: 502),
    Failure(fault: .garbage, outcome: .failed, trigger: .connect, unrescued: 502),
    Failure(fault: .oversizedHead(bytes: 100_000), outcome: .failed, trigger: .connect, unrescued: 502),
    Failure(fault: .duplicateLength, outcome: .failed, trigger: .connect, unrescued: 502),
    Failure(fault: .hangBeforeHead, outcome: .timeout, trigger: .timeout, unrescued: 504),
    Failure(
      fault: .status(429, retryAfterSeconds: nil), outcome: .rateLimited, trigger: .rateLimited, unrescued: 429),
    Failure(fault: .status(500, retryAfterSeconds: nil), outcome: .failed, trigger: .serverError, unrescued: 500),
    Failure(fault: .status(503, retryAfterSeconds: nil), outcome: .failed, trigger: .serverError, unrescued: 503),
    Failure(fault: .status(503, retryAfterSeconds: 7), outcome: .rateLimited, trigger: .serverError, unrescued: 503),
    Failure(fault: .status(529, retryAfterSeconds: nil), outcome: .failed, trigger: .serverError, unrescued: 529),
    Failure(fault: .status(400, retryAfterSeconds: nil), outcome: .rejected, trigger: .clientError, unrescued: 400),
    Failure(
      fault: .status(401, retryAfterSeconds: nil), outcome: .unauthorized, trigger: .clientError, unrescued: 401),
    Failure(fault: .status(402, retryAfterSeconds: nil), outcome: .unpaid, trigger: .clientError, unrescued: 402),
    Failure(fault: .status(404, retryAfterSeconds: nil), outcome: .rejected, trigger: .clientError, unrescued: 404),
    Failure(fault: .earlyResponse, outcome: .rejected, trigger: .clientError, unrescued: 413),
  ]

  private func plan(_ failure: Failure, fallback: Set<FallbackTrigger> = Set(FallbackTrigger.allCases)) -> StoryPlan {
    var plan = StoryPlan.canary(GatewayBehavior(vendor: .litellm, fault: failure.fault))
    plan.traffic.fallback = fallback
    if failure.fault == .hangBeforeHead { plan.traffic.timeouts.firstByte = .milliseconds(1500) }
    return plan
  }

  @Test("the client sees the baseline's answer and how the candidate failed", arguments: failures, [false, true])
  func rescued(_ failure: Failure, _ stream: Bool) async throws {
    try await story(plan(failure)) { story in
      let answer = try await story.exchange(Request.chat(stream: stream))
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == failure.outcome.rawValue)
      #expect(answer.value("x-generation-id") != nil)
      let request = try #require(story.baseline.received.first)
      #expect(request.bodyText == Request.body(stream: stream), "the rescue asks in the application's own words")

      let record = await story.ledger.waitForEnds(1, .rescue)
      #expect(record.ends(.live).map(\.arm) == [.candidate(0)])
      #expect(record.outcomes(.live) == [failure.outcome])
      #expect(record.ends(.rescue).map(\.arm) == [.baseline])
      #expect(record.outcomes(.rescue) == [.ok])
      #expect(Set(record.starts.map(\.exchange)).count == 1)
      #expect(Set(record.starts.map(\.attempt)).count == 2)
      #expect(record.fallbacks.map(\.outcome) == [failure.outcome])
      #expect(record.open == 0)
    }
  }

  @Test(
    "an error's body tells what kind it is, whether it is rescued or not",
    arguments: [
      (403, #"{"error":{"code":"insufficient_user_quota","message":"m"}}"#, Outcome.unpaid),
      (429, #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota"}}"#, .unpaid),
      (400, #"{"error":{"message":"Your credit balance is too low"}}"#, .unpaid),
      (403, #"{"error":{"code":403,"metadata":{"reasons":["hate"]}}}"#, .rejected),
      (403, "insufficient quota", .unpaid), (403, "", .unauthorized), (429, "{}", .rateLimited),
    ], [true, false])
  func kindOfError(_ error: (status: Int, body: String, outcome: Outcome), _ isRescued: Bool) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    if !isRescued { plan.traffic.fallback = [] }
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      let head = "HTTP/1.1 \(error.status) Odd\r\nContent-Type: application/json\r\n"
      await upstream.sendAll(Array((head + "Content-Length: \(error.body.utf8.count)\r\n\r\n" + error.body).utf8))
      let answer = await client.receiveMessage()
      #expect(answer.status == (isRescued ? 200 : error.status))
      #expect(answer.value("x-crossfade-fallback") == (isRescued ? error.outcome.rawValue : nil))
      #expect(await story.ledger.waitForEnds(1, .live).outcomes(.live) == [error.outcome])
      // It was read to its end, so that its connection serves on.
      let next = try await story.client()
      next.send(Request.chat())
      #expect(await upstream.receiveMessage().bodyText.isEmpty == false)
      upstream.send("HTTP/1.1 500 Odd\r\nContent-Length: 0\r\n\r\n")
      _ = await next.receiveMessage()
    }
    try await arm.stop()
  }

  @Test("an error whose body does not come is the baseline's to answer all the same")
  func silentError() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{\"error\":")
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-fallback") == "unauthorized")
    }
    try await arm.stop()
  }

  @Test("a failure whose trigger is off is passed on as it is", arguments: failures)
  func triggerOff(_ failure: Failure) async throws {
    let others = Set(FallbackTrigger.allCases).subtracting([failure.trigger])
    try await story(plan(failure, fallback: others)) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == failure.unrescued)
      #expect(answer.value("x-crossfade-fallback") == nil)
      #expect(story.baseline.requestCount == 0)
      let isOurs = [502, 504].contains(failure.unrescued)
      #expect(answer.bodyText.contains(#""source":"crossfade""#) == isOurs)
      #expect(answer.value("x-crossfade-arm") == (isOurs ? nil : "litellm"))
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [failure.outcome])
      #expect(record.starts(.rescue).isEmpty && record.fallbacks.isEmpty)
    }
  }

  @Test("nobody listening at all is a failure like any other")
  func nobodyListens() async throws {
    let refusing = ReservedPort.refusing()
    var plan = StoryPlan.canary()
    plan.candidatePort = refusing.port
    try await story(plan) { story in
      for _ in 1...4 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.value("x-crossfade-fallback") == "failed")
      }
      let record = await story.ledger.waitForEnds(8)
      #expect(record.outcomes(.live) == Array(repeating: .failed, count: 4))
      let downs = record.events.filter { if case .upstreamDown = $0 { true } else { false } }
      #expect(downs.count == 1, "an arm that is down is reported once")
      guard case .upstreamDown(let arm, let reason, let failures) = downs.first else { return }
      #expect(arm == .candidate(0))
      #expect(reason == "Connection refused")
      #expect(failures == 3)
    }
  }

  @Test(
    "once the first token is out, a failure is the client's to see: the answer is cut where the candidate cut it",
    arguments: [
      Fault.cutMidBody(afterBytes: 900), .resetMidBody(afterBytes: 900), .hangMidBody(afterBytes: 900), .cutMidEvent,
    ])
  func afterTheFirstToken(_ fault: Fault) async throws {
    var plan = StoryPlan.canary(GatewayBehavior(vendor: .litellm, fault: fault))
    plan.traffic.timeouts.idle = .milliseconds(500)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "litellm")
      #expect(answer.value("x-crossfade-fallback") == nil)
      #expect(!answer.bytes.text.hasSuffix("0\r\n\r\n"), "the client can tell that it was cut")
      #expect(answer.body.count >= 40)
      #expect(story.baseline.requestCount == 0)
      let record = await story.ledger.waitForEnds(1)
      let isTimeout = if case .hangMidBody = fault { true } else { false }
      #expect(record.outcomes(.live) == [isTimeout ? .timeout : .incomplete])
    }
  }

  @Test("an answer without a length that is reset midway reaches the client as a reset")
  func resetWithoutLength() async throws {
    try await scriptedStory(Request.chat()) { story, client, upstream in
      upstream.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"half\":")
      _ = await client.receive(upTo: "half\":")
      upstream.reset()
      _ = await client.receiveAll()
      #expect(client.ending == .reset)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.incomplete])
    }
  }

  @Test("where the baseline fails too, the client hears of the baseline")
  func bothFail() async throws {
    var plan = StoryPlan.canary(GatewayBehavior(vendor: .litellm, errorRate: 1))
    plan.baseline = GatewayBehavior(errorRate: 1, errorStatus: 503)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 503)
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == "failed")
    }
    let refusing = ReservedPort.refusing()
    plan.baselinePort = refusing.port
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 502)
      #expect(answer.bodyText.contains("openrouter cannot be reached"))
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.failed] && record.outcomes(.rescue) == [.failed])
    }
  }

  @Test("the safety net is for canaries: the baseline's own failures pass through")
  func baselineFails() async throws {
    var plan = StoryPlan.shadow()
    plan.baseline = GatewayBehavior(errorRate: 1, errorStatus: 429, errorRetryAfterSeconds: 3)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 429)
      #expect(answer.value("retry-after") == "3")
      #expect(answer.value("x-crossfade-fallback") == nil)
    }
  }

  @Test("a connection goes on after a rescue, and the next exchange is judged anew")
  func goesOn() async throws {
    try await story(.canary(GatewayBehavior(vendor: .litellm, script: [.status(500, retryAfterSeconds: nil), .none]))) {
      story in
      let client = try await story.client()
      client.send(Request.chat())
      #expect(await client.receiveMessage().value("x-crossfade-arm") == "openrouter")
      client.send(Request.chat())
      let second = await client.receiveMessage()
      #expect(second.value("x-crossfade-arm") == "litellm")
      #expect(second.value("x-crossfade-fallback") == nil)
    }
  }
}
