/// Requests that may not go to a candidate stay on the baseline, live and as copies, and are counted by reason.

import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct EligibilityStoryTests {
  private static let requests: [(request: String, reason: Ineligibility)] = [
    (Request.chat(fields: #","provider":{"zdr":true}"#), .privacyDemand),
    (Request.chat(fields: #","provider":{"order":["x"],"data_collection":"deny"}"#), .privacyDemand),
    (Request.chat(lines: "X-OpenRouter-Zdr: true\r\n"), .privacyDemand),
    (Request.chat(lines: "x-openrouter-provider-only: azure\r\n"), .privacyDemand),
    (Request.chat(fields: #","tools":[{"type":"web_search"}]"#), .serverTools),
    (Request.chat(fields: #","store":true"#), .storedState),
    (Request.chat(fields: #","plugins":[{"id":"web"}]"#), .webPlugin),
    (Request.chat(fields: #","models":["app/y"]"#), .fallbackList),
    (Request.chat(model: "app/x:free"), .modelVariant), (Request.chat(model: "other/x"), .modelUnmapped),
    (Request.post("/v1/chat/completions", "{\"messages\":[]}"), .modelUnmapped),
    (Request.post("/v1/responses", "\u{28}opaque"), .unreadable),
    (Request.chat(lines: "Content-Encoding: zstd\r\n"), .unreadable),
  ]

  @Test("each is answered by the baseline, and by nobody else", arguments: [true, false])
  func turnedAway(_ isCanary: Bool) async throws {
    try await story(isCanary ? .canary() : .shadow()) { story in
      for (request, _) in Self.requests {
        let answer = try await story.exchange(request)
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      _ = try await story.exchange(Request.chat(fields: #","provider":{"order":["a"],"sort":"price"},"n":2"#))
      let record = await story.ledger.wait {
        $0.turnedAway.counts.values.reduce(0, +) == Self.requests.count && $0.ends.count >= Self.requests.count + 1
      }
      await story.candidate.waitForRequests(count: 1)
      #expect(story.candidate.requestCount == 1, "preferences bind nobody")
      for reason in Ineligibility.allCases {
        let expected = Self.requests.count { $0.reason == reason }
        #expect(record.turnedAway.counts[.init(candidate: 0, reason: reason)] ?? 0 == expected, "\(reason)")
      }
      #expect(record.turnedAway.models == [.init(candidate: 0, name: "other/x"): 1])
    }
  }

  @Test("a body over the limit is counted for whoever would have had a part in it")
  func tooLarge() async throws {
    var plan = StoryPlan.shadow()
    plan.traffic.maxBodyBytes = 64
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat(fields: #","pad":"\#(String(repeating: "x", count: 200))""#))
      let record = await story.ledger.wait { !$0.turnedAway.isEmpty }
      #expect(record.turnedAway.counts == [.init(candidate: 0, reason: .tooLarge): 1])
    }
  }

  @Test("rules match what is in lists, and that an object is there")
  func rules() async throws {
    func rule(_ path: String, _ glob: String) -> TrafficRule {
      TrafficRule(match: [.init(attribute: .body(path), glob: Glob(glob))], weights: [1])
    }
    var plan = StoryPlan()
    plan.weight = 1e-9
    plan.rules = [rule("modalities", "im*"), rule("plugins.id", "response-healing"), rule("response_format", "*")]
    plan.traffic.rules = plan.rules
    // The emulated candidate answers in words, also where a picture is asked for.
    plan.traffic.safetyNet = SafetyNetHold(until: .head)
    try await story(plan) { story in
      for (fields, arm) in [
        (#","modalities":["text","image"]"#, "litellm"), (#","modalities":["text"]"#, "openrouter"),
        (#","plugins":[{"id":"moderation"},{"id":"response-healing"}]"#, "litellm"),
        (#","response_format":{"type":"json_object"}"#, "litellm"), (#","response_format":null"#, "openrouter"),
      ] {
        let answer = try await story.exchange(Request.chat(fields: fields))
        #expect(answer.value("x-crossfade-arm") == arm, "\(fields)")
      }
    }
  }

  @Test("more models than the limit are counted and not named")
  func manyModels() {
    var away = TurnedAway()
    for index in 0..<(TurnedAway.modelLimit + 5) { away.note(0, .modelUnmapped, model: "m\(index)") }
    away.note(0, .modelUnmapped, model: String(repeating: "x", count: 300))
    away.note(0, .modelUnmapped, model: "m0")
    #expect(away.models.count == TurnedAway.modelLimit && away.models[.init(candidate: 0, name: "m0")] == 2)
    #expect(away.counts.values.first == TurnedAway.modelLimit + 7)
    var all = TurnedAway()
    #expect(all.add(away).count == TurnedAway.modelLimit)
    #expect(all.add(away).isEmpty, "each is new once")
  }
}
