/// What is true at an instant of a run: how each arm behaves by now, and what has gone wrong for a while.

import RealModule
import RolloutJudge

struct Weather: Sendable {
  /// By kind of request.
  private(set) var baseline: [ArmModel] = []
  private(set) var candidate: [ArmModel] = []
  /// The error rate of the outage that is on; 0: none.
  private(set) var outage = 0.0
  private(set) var isStoreDown = false
  /// The logarithm of how slow both arms are at this hour.
  private(set) var pace = 0.0
  /// When anything of this changes next; `.max`: never.
  private(set) var nextChange: Int64 = .max
  /// When the candidate last became another; 0: it has been this from the start.
  private(set) var candidateSince: Int64 = 0

  private var behaviors: (baseline: ArmBehavior, candidate: ArmBehavior)
  private var kinds: [RequestKind]
  private var changes: ArraySlice<Scenario.Change>
  private let playbook: Playbook
  private let outages: (cycle: Cycle, errorRate: Double)?
  private var incidents: [(incident: Incident, cycle: Cycle, isOn: Bool)]
  private let store: Cycle?
  private let hours: [(at: Int64, pace: Double)]

  init(_ scenario: Scenario, _ playbook: Playbook, _ generator: inout SeededGenerator) {
    self.playbook = playbook
    behaviors = (scenario.baseline, scenario.candidate)
    kinds = scenario.mix.isEmpty ? [RequestKind(share: 1)] : scenario.mix
    changes = scenario.changes[...]
    outages = scenario.outages.map {
      (Cycle(Recurrence(every: $0.every, lasting: $0.lasting), &generator), $0.errorRate)
    }
    incidents = scenario.incidents.map { ($0, Cycle($0.times, &generator), false) }
    store = scenario.store.map { Cycle($0, &generator) }
    hours = scenario.hours.map { ($0.at.nanoseconds, Double.log($0.latency)) }
    build()
    advance(to: 0)
  }

  mutating func advance(to now: Int64) {
    var isOther = false
    while let change = changes.first, change.at.nanoseconds <= now {
      changes.removeFirst()
      take(change)
      isOther = true
    }
    nextChange = changes.first?.at.nanoseconds ?? .max
    for index in incidents.indices {
      let isOn = incidents[index].cycle.isOn(at: now)
      if isOn != incidents[index].isOn { (incidents[index].isOn, isOther) = (isOn, true) }
      nextChange = min(nextChange, incidents[index].cycle.change(after: now))
    }
    if isOther { build() }
    if let outages {
      outage = outages.cycle.isOn(at: now) ? outages.errorRate : 0
      nextChange = min(nextChange, outages.cycle.change(after: now))
    }
    if let store {
      isStoreDown = store.isOn(at: now)
      nextChange = min(nextChange, store.change(after: now))
    }
    enterHour(at: now)
  }

  private mutating func take(_ change: Scenario.Change) {
    if change.isCandidate { candidateSince = change.at.nanoseconds }
    guard let model = change.model else {
      if change.isCandidate {
        behaviors.candidate = change.behavior.applied(to: behaviors.candidate)
      } else {
        behaviors.baseline = change.behavior.applied(to: behaviors.baseline)
      }
      return
    }
    for index in kinds.indices where kinds[index].model == model {
      if change.isCandidate {
        kinds[index].candidate = change.behavior.applied(to: kinds[index].candidate)
      } else {
        kinds[index].baseline = change.behavior.applied(to: kinds[index].baseline)
      }
    }
  }

  /// The later and the narrower counts: an incident before a kind, a kind before the arm.
  private mutating func build() {
    let on = incidents.filter(\.isOn).map(\.incident)
    baseline = kinds.map { kind in
      ArmModel(on.reduce(kind.baseline.applied(to: behaviors.baseline)) { $1.baseline.applied(to: $0) }, playbook)
    }
    candidate = kinds.map { kind in
      ArmModel(on.reduce(kind.candidate.applied(to: behaviors.candidate)) { $1.candidate.applied(to: $0) }, playbook)
    }
  }

  /// The last step of the day reaches over midnight.
  private mutating func enterHour(at now: Int64) {
    guard let last = hours.last else { return }
    let day = TrafficShape.day.nanoseconds
    let hour = now % day
    pace = (hours.last { $0.at <= hour } ?? last).pace
    nextChange = min(nextChange, now - hour + (hours.first { $0.at > hour }?.at ?? day + hours[0].at))
  }
}
