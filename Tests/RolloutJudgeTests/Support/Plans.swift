/// Playbooks for tests, short to write down.

import RolloutJudge
import TrafficSplit

enum Plans {
  static let epoch = Instant(nanoseconds: 1_795_284_000_000_000_000)

  static func arm(_ name: String) -> Arm {
    Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 4000, basePath: "/v1"))
  }

  static func stage(
    _ name: String, weight: Double = 0, shadow: Double = 0, hold: Duration = .seconds(3600), minSamples: Int = 0,
    advance: Stage.Advance = .held, maxHold: Duration? = nil, approval: Bool = false, holdback: Double = 0
  ) -> Stage {
    Stage(
      name: name, weights: [weight], shadow: [shadow], hold: hold, minSamples: minSamples, advance: advance,
      maxHold: maxHold, needsApproval: approval, holdback: holdback)
  }

  static func playbook(
    _ stages: [Stage], rollback: [Condition] = [Condition(metric: .errorRate, above: 0.02)], pause: [Condition] = [],
    candidates: [String] = ["litellm"], confidence: Double = 0.99, test: TestKind = .sequential, sticky: Bool = false,
    sha: String = "one"
  ) -> Playbook {
    Playbook(
      name: "openrouter-to-litellm", baseline: arm("openrouter"), candidates: candidates.map(arm),
      traffic: Traffic(sticky: sticky ? [.conversation] : []), confidence: confidence, test: test,
      rollbackWhen: rollback, pauseWhen: pause, stages: stages, sha256: sha)
  }

  /// Forever in one stage with this weight.
  static func canary(_ weight: Double, _ rollback: Condition..., sticky: Bool = false) -> Playbook {
    playbook([stage("canary", weight: weight, hold: .seconds(1_000_000_000))], rollback: rollback, sticky: sticky)
  }
}
