/// Small playbooks for tests: a valid one, and ways to change a part of it.

import RolloutJudge
import Testing

@testable import PlaybookYAML

enum Sample {
  static let stages = "stages:\n  - { name: canary, weight: 5%, hold: 1h }\n"

  static func text(
    baseline: String = "{ name: a, vendor: openrouter }",
    candidates: String = "[{ name: b, vendor: together, key: \"${KEY}\", models: { \"*\": \"*\" } }]",
    rollbackWhen: String = "{ error_rate: { above: 2% } }", more: String = "", stages: String = stages
  ) -> String {
    """
    crossfade: 1
    name: sample
    baseline: \(baseline)
    candidates: \(candidates)
    rollback_when: \(rollbackWhen)
    \(more)
    \(stages)
    """
  }

  static func read(_ text: String, _ environment: [String: String] = ["KEY": "sk-sample"]) -> PlaybookReading {
    readPlaybook(text: text, file: "sample.yaml", environment: environment, sha256: "abc")
  }

  /// The playbook of a text without errors.
  static func playbook(_ text: String, _ environment: [String: String] = ["KEY": "sk-sample"]) throws -> Playbook {
    let reading = read(text, environment)
    return try #require(reading.playbook, "\(reading.problems)")
  }
}
