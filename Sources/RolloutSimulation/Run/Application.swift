/// The application and its users, as far as a rehearsal imagines them: whose requests fail, how long they wait, what they repeat.

import Dialects
import RolloutJudge
import TrafficSplit

struct Application: Sendable {
  let badUnitRate: Double
  let patience: Patience?
  let retries: Retries?
  private let safetyNet: SafetyNet

  init(_ scenario: Scenario, _ playbook: Playbook) {
    badUnitRate = scenario.badUnits?.errorRate ?? 0
    patience = scenario.patience.map(Patience.init)
    retries = scenario.retries
    safetyNet = SafetyNet(playbook.traffic.fallback)
  }

  /// Whether the baseline answers in a failed canary's place.
  func isReplaced(_ outcome: Outcome) -> Bool { safetyNet.replaces(outcome) }
}

/// A request as the application made it, whichever arm it goes to.
struct ApplicationRequest: Sendable {
  var unit: UnitPopulation.Member
  var kind: Int
  /// The error rate that any arm has for it when it is sent.
  var floor = 0.0
  /// The arm that it was assigned to when it was sent last, whoever answered.
  var arm = ArmIndex.baseline
  /// The exchange that failed last.
  var failed: UInt64?
  /// How often it was sent before, and failed.
  var failures: Int32 = 0
}
