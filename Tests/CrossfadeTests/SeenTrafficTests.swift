/// What a probe says of the traffic that was seen: which fields a candidate is not sent as they are, and what stays away.

import ArmProbe
import Dialects
import Foundation
import MigrationReport
import RolloutJudge
import Testing
import TrafficSplit

@testable import crossfade

@Suite struct SeenTrafficTests {
  private static let moving = """
    crossfade: 1
    name: move
    baseline: { name: openrouter, vendor: openrouter }
    candidates:
      - { name: mistral, vendor: mistral, key: k, models: { "mistralai/*": "*" } }
      - { name: painter, vendor: replicate, key: k, models: { "*": "owner/painter" } }
    stages:
      - { name: shadow, shadow: { mistral: 100%, painter: 100% }, hold: 1h }

    """

  private static func playbook(_ text: String = moving) throws -> Playbook {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("seen-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try loadPlaybook(file.path)
  }

  private static func end(_ body: String, _ model: String, _ endpoint: Endpoint = .chatCompletions) -> AttemptEnd {
    let facts = RequestReader().read(Array(body.utf8).span.bytes)
    let labels = ExchangeLabels(
      endpoint: endpoint, model: model, tags: [], features: facts?.features ?? RequestFeatures(), isStream: false)
    return AttemptEnd(
      attempt: 1, exchange: 1, arm: .baseline, population: .live, outcome: .ok, at: Instant(nanoseconds: 1), latency: 1,
      ttft: nil, cost: nil, isRetry: false, isNormalFinish: true, labels: labels)
  }

  private static func accounts(_ playbook: Playbook) -> Accounts {
    var accounts = Accounts()
    accounts.adopt(playbook)
    let chat = #"{"model":"m","messages":[],"provider":{},"max_completion_tokens":9,"tool_choice":"required","odd":1}"#
    for _ in 1...3 { accounts.ended(end(chat, "mistralai/small")) }
    accounts.ended(end(#"{"model":"m","messages":[],"seed":1}"#, "openai/gpt"))
    accounts.ended(end(#"{"model":"m","prompt":"x","size":"1024x1024","quality":"high"}"#, "openai/gpt-image", .images))
    accounts.keptAway(.candidate(0), .privacyDemand, 2)
    return accounts
  }

  @Test("fields are named that are cut, renamed and said otherwise, and requests that stay away, with their counts")
  func fields() throws {
    let playbook = try Self.playbook()
    let seen = SeenTraffic(Self.accounts(playbook), playbook, source: "a store")
    let mistral = seen.candidates[0]
    #expect(seen.requests == 5 && mistral.eligible == 3)
    #expect(mistral.staying == ["model_unmapped": 1, "endpoint_absent": 1])
    #expect(mistral.cut.map(\.field) == ["(fields no gateway documents)", "provider"])
    #expect(mistral.cut.allSatisfy { $0.requests == 3 })
    #expect(mistral.renamed.map(\.field) == ["max_completion_tokens"] && mistral.renamed[0].to == "max_tokens")
    #expect(mistral.mapped.map(\.field) == ["tool_choice"])
    #expect(mistral.unmappedModels == ["openai/gpt": 1] && mistral.keptAway == ["privacy_demand": 2])
    let painter = seen.candidates[1]
    #expect(painter.eligible == 1 && painter.staying == ["endpoint_absent": 4])
    #expect(painter.mapped.map(\.field) == ["prompt", "size"] && painter.cut.map(\.field) == ["quality"])
  }

  @Test(
    "a field that can ask for what a candidate has not is named with the reason, since only its name is known",
    arguments: [
      (#""n":2"#, ["n": "several_choices"]), (#""logprobs":true"#, ["logprobs": "logprobs"]),
      (#""modalities":["image"]"#, ["modalities": "content_part"]), (#""models":["a"]"#, ["models": "fallback_list"]),
      (#""seed":1"#, [:]),
    ])
  func mayStay(_ member: String, _ reasons: [String: String]) throws {
    let playbook = try Self.playbook(
      """
      crossfade: 1
      name: move
      baseline: { name: openrouter, vendor: openrouter }
      candidates: [{ name: groq, vendor: groq, key: k, models: { "*": "*" } }]
      stages: [{ name: shadow, shadow: 100%, hold: 1h }]

      """)
    var accounts = Accounts()
    accounts.adopt(playbook)
    accounts.ended(Self.end("{\"model\":\"m\",\"messages\":[],\(member)}", "llama"))
    let groq = SeenTraffic(accounts, playbook, source: "a store").candidates[0]
    #expect(Dictionary(uniqueKeysWithValues: groq.mayStay.map { ($0.field, $0.to ?? "") }) == reasons)
  }

  @Test("it is said in a few lines")
  func text() throws {
    let playbook = try Self.playbook()
    let lines = SeenTraffic(Self.accounts(playbook), playbook, source: "crossfade.db").lines
    #expect(
      lines.prefix(8).joined(separator: "\n") == """
        traffic seen so far (crossfade.db): 5 requests
          mistral: 3 of 5 can go there by endpoint and model, the rest stays on the baseline (endpoint_absent 1, model_unmapped 1)
            stay where they ask for what it has not: provider 3 (privacy_demand)
            cut: (fields no gateway documents) 3, provider 3
            renamed: max_completion_tokens as max_tokens 3
            said otherwise: tool_choice as the arm's word for required 3
            models without a line: openai/gpt 1
            stayed away so far: privacy_demand 2
        """)
  }

  @Test("without traffic it says so, and a running process tells what stayed away")
  func nothing() throws {
    let playbook = try Self.playbook()
    let none = SeenTraffic(Accounts(), playbook, source: "crossfade.db")
    #expect(none.lines == ["traffic seen so far (crossfade.db): none, so that nothing can be said of its fields"])
    var status = Samples.status()
    status.ineligible = ["mistral": ["logprobs": 4]]
    let lines = SeenTraffic(status, playbook, source: "told by a process").lines
    #expect(lines[0].hasSuffix("its fields are kept in the store: --store FILE"))
    #expect(lines.contains("    stayed away so far: logprobs 4"))
  }
}
