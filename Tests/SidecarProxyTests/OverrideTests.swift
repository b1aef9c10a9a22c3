/// A request that names the arm which shall answer it.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct OverrideTests {
  @Test("a request may name its arm where the playbook allows it, and counts for nobody")
  func override() async throws {
    var plan = StoryPlan.shadow()
    plan.traffic.allowsOverride = true
    plan.noise = 1
    try await story(plan) { story in
      for arm in ["litellm", "openrouter"] {
        let answer = try await story.exchange(Request.chat(lines: "x-crossfade-arm: \(arm)\r\n"))
        #expect(answer.status == 200)
        #expect(answer.value("x-crossfade-arm") == arm)
      }
      let record = await story.ledger.waitForEnds(2)
      #expect(record.starts.map(\.population) == [.override, .override])
      #expect(record.ends(.override).map(\.arm) == [.candidate(0), .baseline])
      #expect(story.candidate.received.first?.bodyText == Request.body(model: "cand-large"))
      for gateway in [story.baseline, story.candidate] {
        #expect(gateway.received.first?.values("x-crossfade-arm").isEmpty == true)
      }
    }
  }

  @Test("an override is not rescued: whoever names an arm wants that arm's answer")
  func overrideFails() async throws {
    var plan = StoryPlan()
    plan.traffic.allowsOverride = true
    plan.candidate = GatewayBehavior(vendor: .litellm, errorRate: 1)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(lines: "x-crossfade-arm: litellm\r\n"))
      #expect(answer.status == 500)
      #expect(story.baseline.requestCount == 0)
    }
  }

  @Test("an arm that is not there, or does not serve the model, is refused with the choice there is")
  func overrideRefused() async throws {
    var plan = StoryPlan()
    plan.traffic.allowsOverride = true
    try await story(plan) { story in
      let unknown = try await story.exchange(Request.chat(lines: "x-crossfade-arm: nobody\r\n"))
      #expect(unknown.status == 400)
      #expect(unknown.bodyText.contains("no arm named 'nobody'; there are openrouter, litellm"))
      let unserved = try await story.exchange(
        Request.chat(model: "other/x", lines: "x-crossfade-arm: litellm\r\n"))
      #expect(unserved.status == 400)
      #expect(unserved.bodyText.contains("litellm does not serve model 'other/x'"))
      #expect(story.baseline.requestCount + story.candidate.requestCount == 0)
    }
  }

  @Test(
    "to name an arm is no leave to break what the request demands",
    arguments: [
      (#""provider":{"zdr":true}"#, "", "privacy_demand"), ("", "x-openrouter-zdr: true\r\n", "privacy_demand"),
      (#""plugins":[{"id":"web"}]"#, "", "web_plugin"), (#""store":true"#, "", "stored_state"),
    ])
  func demandsBind(_ member: String, _ line: String, _ reason: String) async throws {
    var plan = StoryPlan()
    plan.traffic.allowsOverride = true
    try await story(plan) { story in
      let body = #"{"model":"app/large","messages":[]\#(member.isEmpty ? "" : ",")\#(member)}"#
      func request(_ arm: String) -> String {
        Request.post("/v1/chat/completions", body, lines: "x-crossfade-arm: \(arm)\r\n\(line)")
      }
      let refused = try await story.exchange(request("litellm"))
      #expect(refused.status == 400)
      #expect(refused.bodyText.contains("this request may not go to litellm: \(reason)"))
      #expect(story.candidate.requestCount == 0)
      #expect(try await story.exchange(request("openrouter")).status == 200)
      let key = TurnedAway.Key(candidate: 0, reason: try #require(Ineligibility(rawValue: reason)))
      #expect(await story.ledger.wait { !$0.turnedAway.isEmpty }.turnedAway.counts == [key: 1])
    }
  }

  @Test("where the playbook does not allow it the header means nothing and goes nowhere")
  func overrideOff() async throws {
    try await story { story in
      let answer = try await story.exchange(Request.chat(lines: "x-crossfade-arm: litellm\r\n"))
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(story.baseline.received.first?.values("x-crossfade-arm").isEmpty == true)
      #expect(await story.ledger.waitForEnds(1).starts.map(\.population) == [.live])
    }
  }
}
