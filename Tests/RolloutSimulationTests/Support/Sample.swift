/// Playbooks and scenarios that the suites imagine, each with one thing said and the rest plain.

import RolloutJudge
import TrafficSplit

@testable import RolloutSimulation

func sampleArm(_ name: String) -> Arm {
  Arm(
    name: name, vendor: "openai-compatible", url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: ""),
    models: ModelMap(lines: [.init(from: Glob("*"), to: "*")]))
}

func samplePlaybook(
  _ conditions: [Condition], _ stages: [Stage], sticky: Bool = false, candidates: Int = 1
) -> Playbook {
  Playbook(
    name: "sample", baseline: sampleArm("today"),
    candidates: (0..<candidates).map { sampleArm($0 == 0 ? "trial" : "trial-\($0 + 1)") },
    traffic: Traffic(sticky: sticky ? [.header("x-user")] : []), rollbackWhen: conditions, stages: stages, sha256: "abc"
  )
}

func sampleStage(_ weight: Double, hold: Int, name: String? = nil) -> Stage {
  Stage(name: name ?? "weight-\(Int(weight * 100))", weights: [weight], shadow: [0], hold: .seconds(hold))
}

func sampleShadow(hold: Int, advance: Stage.Advance = .held) -> Stage {
  Stage(
    name: "shadow", weights: [0], shadow: [1], hold: .seconds(hold), advance: advance,
    maxHold: advance == .proven ? .seconds(7 * 86_400) : nil)
}

func errors(above: Double? = nil, ratio: Double? = nil) -> Condition {
  Condition(metric: .errorRate, above: above, ratioAbove: ratio)
}

func behavior(_ errorRate: Double, median: Int = 900, sigma: Double = 0.6, errorLatency: Int = 120) -> ArmBehavior {
  ArmBehavior(
    errorRate: errorRate, latency: .init(median: .milliseconds(median), sigma: sigma),
    errorLatency: .milliseconds(errorLatency))
}

extension Simulation {
  func runs(_ count: Int) -> [SimulatedRun] { (1...count).map { run($0) } }
}

/// The most of `runs` that may be, three standard deviations above the share that is promised.
func most(_ share: Double, of runs: Int) -> Double {
  Double(runs) * share + 3 * (Double(runs) * share * (1 - share)).squareRoot()
}
