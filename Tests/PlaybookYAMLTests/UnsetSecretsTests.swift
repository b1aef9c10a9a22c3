/// A playbook whose secrets are not there can be looked at, and only looked at.

import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct UnsetSecretsTests {
  private func read(_ text: String, _ unset: UnsetSecrets) -> PlaybookReading {
    readPlaybook(text: text, file: "p.yaml", environment: [:], unset: unset)
  }

  @Test("an unset key is a warning where nothing is sent, an error where something is") func key() throws {
    let text = Sample.text()
    #expect(read(text, .refused).playbook == nil)
    let reading = read(text, .warned)
    let playbook = try #require(reading.playbook)
    #expect(playbook.candidates[0].key != nil)
    let problem = try #require(reading.warnings.first)
    #expect(problem.isOfUnsetSecret)
    #expect(problem.path == "candidates[0].key")
    #expect(problem.message == "the environment variable KEY is not set")
    #expect(reading.problems.count == 1, "the key is there, only not its value: \(reading.problems)")
  }

  @Test("headers and whoever is told may be unset, too") func others() throws {
    let text = Sample.text(
      candidates: "[{ name: b, vendor: together, key: k, headers: { x-team: \"${TEAM}\" }, models: { \"*\": \"*\" } }]",
      more: "on_decision: { webhook: \"${HOOK}\" }")
    #expect(read(text, .refused).errors.count == 2)
    let reading = read(text, .warned)
    #expect(reading.playbook != nil)
    #expect(reading.warnings.count(where: \.isOfUnsetSecret) == 2)
  }

  @Test("what is no secret must be set to be understood") func plain() {
    let reading = read(Sample.text(baseline: "{ name: a, vendor: openrouter, url: \"${PLACE}\" }"), .warned)
    #expect(reading.errors.map(\.path) == ["baseline.url"])
  }

  @Test(
    "secrets stand at keys, headers, proxies and under on_decision",
    arguments: [
      ("baseline.key", true), ("candidates[0].key", true), ("candidates[0].headers.x-a", true),
      ("candidates[0].headers[\"a b\"]", true), ("on_decision.webhook", true), ("on_decision[1].slack", true),
      ("compare.semantic.key", true), ("candidates[0].proxy", true), ("name", false), ("candidates[0].url", false),
      ("candidates[0].models.key2", false), ("", false),
    ]) func places(path: String, isSecret: Bool)
  {
    #expect(UnsetSecrets.stands(at: path) == isSecret)
  }
}
