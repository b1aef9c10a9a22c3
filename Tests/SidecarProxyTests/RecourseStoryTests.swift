/// What is tried where an attempt fails before its first byte, and what the client and the ledger see of it.

import Dialects
import GatewayEmulation
import Guards
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct RecourseStoryTests {
  private static let failure = "HTTP/1.1 503 No\r\nContent-Length: 5\r\n\r\nsorry"

  /// The baseline is played by hand; the candidate has a hundredth of live traffic, which these units are not in.
  private func stage(
    _ guards: GuardPolicy, weight: Double = 1e-9, shadow: Double = 0,
    _ play: (ProxyStory, ScriptedArm) async throws -> Void
  ) async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    plan.guards = guards
    plan.weight = weight
    plan.shadow = shadow
    try await story(plan) { try await play($0, arm) }
    try await arm.stop()
  }

  private let retries = GuardPolicy(retries: .init(max: 2, backoff: .milliseconds(1)))

  @Test func aRetryAnswersAndIsALedgerEntryOfItsOwn() async throws {
    try await stage(retries) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.failure)
      _ = await upstream.receiveMessage()
      upstream.send(scriptedAnswer())
      let answer = await client.receiveMessage()
      #expect(answer.status == 200 && answer.bodyText == "ok")
      #expect(answer.value("x-crossfade-fallback") == nil)
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.failed])
      #expect(record.outcomes(.retry).count == 1)
      #expect(record.counters.guards.retries == 1)
    }
  }

  @Test func whenNothingHelpsTheArmsOwnWordsAreTheAnswer() async throws {
    try await stage(retries) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      for _ in 0..<3 {
        _ = await upstream.receiveMessage()
        upstream.send(Self.failure)
      }
      let answer = await client.receiveMessage()
      #expect(answer.status == 503 && answer.bodyText == "sorry")
    }
  }

  @Test(arguments: [
    "Retry-After: 3600\r\n", "x-should-retry: false\r\n",
  ])
  func whatTheArmForbidsIsNotTried(_ line: String) async throws {
    try await stage(retries) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send("HTTP/1.1 429 No\r\n\(line)Content-Length: 5\r\n\r\nsorry")
      let answer = await client.receiveMessage()
      #expect(answer.status == 429 && answer.bodyText == "sorry")
    }
  }

  @Test func nothingIsTriedAfterTheFirstByte() async throws {
    try await stage(retries) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nso")
      _ = await client.receive(upTo: "so")
      upstream.close()
      #expect(await client.receiveMessage().ending != .open)
      #expect(await story.ledger.waitForEnds(1).counters.guards.retries == 0)
    }
  }

  @Test(arguments: [#","store":true"#, #","tools":[{"type":"web_search"}]"#])
  func whatMayHaveHadAnEffectIsNotRepeated(_ fields: String) async throws {
    try await stage(retries) { story, arm in
      let client = try await story.client()
      client.send(Request.chat(fields: fields))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.failure)
      #expect(await client.receiveMessage().status == 503)
    }
  }

  @Test func aClientThatLeavesWhileItWaitsIsNotAnsweredFor() async throws {
    try await stage(GuardPolicy(retries: .init(max: 2, backoff: .seconds(30)))) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send("HTTP/1.1 429 No\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n")
      _ = await story.ledger.waitForEnds(1)
      client.close()
      let other = try await story.client()
      other.send(Request.chat(text: "of another"))
      #expect(await upstream.receiveMessage().bodyText.contains("of another"))
    }
  }

  private let failover = GuardPolicy(failover: .init())

  @Test func theCandidateAnswersForTheFailedBaselineAndItIsShown() async throws {
    try await stage(failover) { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.failure)
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "litellm")
      #expect(answer.value("x-crossfade-fallback") == "failed")
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.failed])
      #expect(record.outcomes(.failover) == [.ok])
      #expect(record.fallbacks.isEmpty)
    }
  }

  @Test(arguments: [(0.0, 1.0, ""), (1e-9, 0.0, #","provider":{"zdr":true}"#), (1e-9, 0, #","store":true"#)])
  func neitherInShadowNorAgainstADemandNorForAnEffect(_ weight: Double, _ shadow: Double, _ fields: String)
    async throws
  {
    try await stage(failover, weight: weight, shadow: shadow) { story, arm in
      let client = try await story.client()
      client.send(Request.chat(fields: fields))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.failure)
      let answer = await client.receiveMessage()
      #expect(answer.status == 503 && answer.bodyText == "sorry")
      #expect(answer.value("x-crossfade-arm") == "openrouter")
    }
  }

  @Test func whereTheCandidateFailsTooTheBaselinesWordsAreTheAnswer() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    let nobody = ReservedPort.refusing()
    plan.candidatePort = nobody.port
    plan.guards = failover
    plan.weight = 1e-9
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(Self.failure)
      let answer = await client.receiveMessage()
      #expect(answer.status == 503 && answer.bodyText == "sorry")
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == nil)
    }
    try await arm.stop()
    withExtendedLifetime(nobody) {}
  }
}
