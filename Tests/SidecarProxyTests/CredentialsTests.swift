/// Whose secrets travel where, seen at the far end of real connections.

import GatewayEmulation
import RolloutJudge
import Testing
import Vendors

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct CredentialsTests {
  private static let lines =
    OutboundRequestTests.withheld.filter { $0.lowercased() != "authorization" }.map { "\($0): LEAKED\r\n" }.joined()
    + "User-Agent: app/1\r\n"

  private func whole(_ request: ReceivedRequest) -> String {
    request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n") + request.bodyText + request.target
  }

  @Test("neither a canary nor a copy shows the candidate anything of the caller's", arguments: [true, false])
  func candidate(_ isCanary: Bool) async throws {
    let plan = isCanary ? StoryPlan.canary() : StoryPlan.shadow()
    try await story(plan) { story in
      #expect(try await story.exchange(Request.chat(lines: Self.lines)).status == 200)
      await story.candidate.waitForRequests(count: 1)
      let seen = try #require(story.candidate.received.first)
      #expect(!whole(seen).contains("LEAKED"))
      #expect(!whole(seen).contains("caller-key"))
      #expect(seen.values("authorization") == ["Bearer candidate-key"])
      #expect(seen.values("user-agent") == ["crossfade"])
      #expect(seen.values("host") == ["127.0.0.1:\(story.candidate.port)"])
    }
  }

  @Test("the baseline gets the caller's own credentials, as often as it is asked: live, as noise and as rescue")
  func baseline() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat(lines: "Cookie: c\r\nX-Title: t\r\n"))
      await story.baseline.waitForRequests(count: 2)
      for seen in story.baseline.received {
        #expect(seen.values("authorization") == ["Bearer caller-key"])
        #expect(seen.values("cookie") == ["c"])
        #expect(seen.values("x-title") == ["t"])
      }
    }
    try await story(.canary(GatewayBehavior(errorRate: 1))) { story in
      _ = try await story.exchange(Request.chat())
      #expect(story.baseline.received.map { $0.values("authorization") } == [["Bearer caller-key"]])
    }
  }

  @Test("a baseline with a key of its own never sees the caller's")
  func baselineKey() async throws {
    var plan = StoryPlan()
    plan.baselineKey = "own-key"
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat(lines: "x-api-key: LEAKED\r\napi-key: LEAKED\r\n"))
      let seen = try #require(story.baseline.received.first)
      #expect(seen.values("authorization") == ["Bearer own-key"])
      #expect(!whole(seen).contains("LEAKED") && !whole(seen).contains("caller-key"))
    }
  }

  @Test("a candidate's key and headers go as its vendor wants them, and to it alone")
  func vendorHeaders() async throws {
    var plan = StoryPlan.shadow()
    plan.candidateAuthentication = .header("x-portkey-api-key")
    plan.candidateHeaders = [.init(name: "x-portkey-provider", value: Secret("@anthropic"))]
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(lines: "x-portkey-provider: mine\r\n"))
      await story.candidate.waitForRequests(count: 1)
      let seen = try #require(story.candidate.received.first)
      #expect(seen.values("x-portkey-api-key") == ["candidate-key"])
      #expect(seen.values("x-portkey-provider") == ["@anthropic"])
      #expect(seen.values("authorization").isEmpty)
      #expect(!whole(try #require(story.baseline.received.first)).contains("candidate-key"))
      #expect(!answer.bytes.text.contains("candidate-key"))
    }
  }

  @Test("no secret stands in an answer of Crossfade's own")
  func localAnswers() async throws {
    let refusing = ReservedPort.refusing()
    var plan = StoryPlan()
    plan.baselinePort = refusing.port
    plan.baselineKey = "own-key"
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 502)
      #expect(!answer.bytes.text.contains("own-key") && !answer.bytes.text.contains("caller-key"))
    }
  }
}
