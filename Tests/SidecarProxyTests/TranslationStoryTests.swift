/// A candidate that speaks another dialect than the application: asked, measured and judged in its own, answered from in
/// the application's.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import Translation
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct TranslationStoryTests {
  private static func plan(_ plan: StoryPlan) -> StoryPlan {
    var plan = plan
    plan.translations = [.chatCompletions: .messages, .messages: .chatCompletions]
    return plan
  }

  private func content(_ answer: WireMessage, _ endpoint: Endpoint) -> AnswerContent {
    AnswerContent(endpoint: endpoint, status: 200, body: answer.body.span.bytes)
  }

  @Test("a canary's answer is what the candidate said, in the application's dialect", arguments: [true, false])
  func canary(_ stream: Bool) async throws {
    try await story(Self.plan(.canary())) { story in
      let answer = try await story.exchange(Request.chat(stream: stream))
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-arm") == "litellm")
      #expect(answer.value("x-crossfade-translated") == "messages")
      let chat = content(answer, .chatCompletions)
      #expect(chat.choices.first?.text.isEmpty == false)
      #expect(chat.choices.first?.finishReason == "stop")
      #expect(story.candidate.received.first?.target == "/v1/messages")
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.ok])
      #expect(record.ends.first?.usage == chat.usage)
    }
  }

  @Test("a message's application gets a message from a candidate that chats", arguments: [true, false])
  func reverse(_ stream: Bool) async throws {
    try await story(Self.plan(.canary())) { story in
      let body = Request.body(stream: stream, fields: #","max_tokens":9"#)
      let answer = try await story.exchange(Request.post("/v1/messages?beta=true", body))
      #expect(answer.value("x-crossfade-translated") == "chat")
      let message = content(answer, .messages)
      #expect(message.choices.first?.text.isEmpty == false)
      #expect(message.choices.first?.finishReason == "end_turn")
      #expect(story.candidate.received.first?.target == "/v1/chat/completions")
      let record = await story.ledger.waitForEnds(1, .live)
      #expect(record.outcomes(.live) == [.ok])
    }
  }

  @Test("a copy is asked in its own dialect, and the application's answer is the baseline's untouched")
  func shadow() async throws {
    try await story(Self.plan(.shadow())) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-translated") == nil)
      let record = await story.ledger.waitForEnds(1, .shadow)
      #expect(record.outcomes(.shadow) == [.ok])
      #expect(story.candidate.received.first?.target == "/v1/messages")
    }
  }

  @Test("a request that cannot be said in the candidate's dialect stays on the baseline, and says why")
  func turnedAway() async throws {
    try await story(Self.plan(.canary())) { story in
      for fields in [#","n":2"#, #","stop":" ""#] {
        let answer = try await story.exchange(Request.chat(fields: fields))
        #expect(answer.value("x-crossfade-arm") == "openrouter")
      }
      let record = await story.ledger.wait { $0.turnedAway.counts.count == 2 }
      #expect(record.turnedAway.counts[.init(candidate: 0, reason: .severalChoices)] == 1)
      #expect(record.turnedAway.counts[.init(candidate: 0, reason: .samplingRefused)] == 1)
      #expect(story.candidate.requestCount == 0)
    }
  }

  @Test("an HTTP/1.0 client gets its translated answer without chunks")
  func oldClient() async throws {
    try await story(Self.plan(.canary())) { story in
      let request = Request.chat(stream: true).replacing("HTTP/1.1", with: "HTTP/1.0")
      let answer = try await story.exchange(request)
      #expect(answer.value("transfer-encoding") == nil)
      #expect(answer.body.text.hasPrefix("data: {"))
      #expect(answer.body.text.hasSuffix("data: [DONE]\n\n"))
    }
  }

  @Test("every reason of a translation has its word among the reasons to stay")
  func reasons() {
    for reason in Untranslatable.allCases { #expect(Ineligibility(rawValue: reason.rawValue) != nil, "\(reason)") }
  }
}
