/// The first lines of a process that people look at.

import RolloutJudge
import Testing

@testable import PlaybookYAML
@testable import crossfade

@Suite struct GreetingTests {
  private func playbook(baseline: String = "{ name: openrouter, vendor: openrouter }") throws -> Playbook {
    let text = """
      crossfade: 1
      name: move
      baseline: \(baseline)
      candidates: [{ name: litellm, vendor: litellm, url: "http://127.0.0.1:4000/v1", key: k, models: { "*": "*" } }]
      stages: [{ name: shadow, shadow: 100%, hold: 1h }, { name: canary, weight: 5%, hold: 1h }]
      """
    let reading = readPlaybook(text: text, file: "p.yaml", environment: [:])
    return try #require(reading.playbook, "\(reading.problems)")
  }

  private func greeting(
    _ playbook: Playbook, _ state: RolloutState = .running, stage: Int = 0, host: String = "127.0.0.1"
  ) -> String {
    let status = RolloutStatus(
      rollout: "move", state: state, stage: playbook.stages[stage].name, stageIndex: stage, stageCount: 2,
      weights: ["litellm": 0], since: Instant(nanoseconds: 0), holdUntil: nil, waitingFor: nil, arms: [:], guards: [],
      lastDecision: nil)
    return Greeting(
      playbook: playbook, status: status, listen: ListenAddress(host: host, port: 8787),
      admin: ListenAddress(host: "127.0.0.1", port: 8788)
    ).lines.joined(separator: "\n")
  }

  @Test("it says what to change, where to look, what happens now and next") func running() throws {
    let text = greeting(try playbook())
    #expect(text.contains("baseURL http://127.0.0.1:8787/api/v1"))
    #expect(text.contains("was https://openrouter.ai/api/v1"))
    #expect(text.contains("http://127.0.0.1:8788/"))
    #expect(text.contains("now        stage 1 of 2, shadow: copies 100% to litellm"))
    #expect(text.contains("next       canary: sends 5% to litellm"))
  }

  @Test("an address of every interface is shown as one that can be connected to") func wildcard() throws {
    let book = try playbook(baseline: "{ name: a, vendor: openai-compatible, url: \"http://10.0.0.1/v1\" }")
    #expect(greeting(book, host: "0.0.0.0").contains("baseURL http://127.0.0.1:8787/v1"))
    #expect(greeting(book, host: "::").contains("baseURL http://[::1]:8787/v1"))
  }

  @Test(
    "every state says what it is and what can be done",
    arguments: [RolloutState.running, .paused, .rolledBack, .completed, .aborted])
  func states(state: RolloutState) throws {
    let lines = greeting(try playbook(), state, stage: 1)
    for word in ["now        ", "next       "] {
      let row = try #require(lines.split(separator: "\n").first { $0.contains(word) })
      #expect(row.count > 30, "\(row)")
    }
  }
}
