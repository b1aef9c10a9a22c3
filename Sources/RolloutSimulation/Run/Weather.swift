/// What is true at an instant of a run: how each arm behaves by now, and whether an outage is on.

import RolloutJudge

struct Weather: Sendable {
  private(set) var baseline: ArmModel
  private(set) var candidate: ArmModel
  /// The error rate of the outage that is on; 0: none.
  private(set) var outage = 0.0
  /// When anything of this changes next; `.max`: never.
  private(set) var nextChange: Int64 = .max
  /// When the candidate last became another; 0: it has been this from the start.
  private(set) var candidateSince: Int64 = 0

  private var behaviors: (baseline: ArmBehavior, candidate: ArmBehavior)
  private var changes: ArraySlice<Scenario.Change>
  private let playbook: Playbook
  private let outages: (every: Int64, lasting: Int64, errorRate: Double, phase: Int64)?

  init(_ scenario: Scenario, _ playbook: Playbook, _ generator: inout SeededGenerator) {
    self.playbook = playbook
    behaviors = (scenario.baseline, scenario.candidate)
    baseline = ArmModel(scenario.baseline, playbook)
    candidate = ArmModel(scenario.candidate, playbook)
    changes = scenario.changes[...]
    outages = scenario.outages.map {
      let every = max(1, $0.every.nanoseconds)
      return (every, $0.lasting.nanoseconds, $0.errorRate, Int64(generator.unit() * Double(every)))
    }
    advance(to: 0)
  }

  mutating func advance(to now: Int64) {
    while let change = changes.first, change.at.nanoseconds <= now {
      changes.removeFirst()
      if change.isCandidate {
        behaviors.candidate = change.behavior.applied(to: behaviors.candidate)
        candidate = ArmModel(behaviors.candidate, playbook)
        candidateSince = change.at.nanoseconds
      } else {
        behaviors.baseline = change.behavior.applied(to: behaviors.baseline)
        baseline = ArmModel(behaviors.baseline, playbook)
      }
    }
    nextChange = changes.first?.at.nanoseconds ?? .max
    guard let outages else { return }
    // The first outage of a run may have begun before it.
    let within = (now + outages.phase) % outages.every
    let isOn = within < outages.lasting
    outage = isOn ? outages.errorRate : 0
    nextChange = min(nextChange, now - within + (isOn ? outages.lasting : outages.every))
  }
}
