/// Every arm's windows and the gates over them, where the playbook says `test: threshold`.

import TrafficSplit

/// A restart of the process empties the windows; they are full again after their own length.
struct ThresholdGates: Sendable {
  private let all: [Condition]
  private let minSamples: Int
  private let isGating: Bool
  private let window: Duration
  private let hasNoise: Bool
  /// By arm index; empty unless gates decide.
  private var live: [ArmWindow]
  private var shadow: [ArmWindow]

  init(_ playbook: Playbook, _ plan: EvidencePlan) {
    let all = plan.conditions.map(\.condition)
    hasNoise = playbook.shadow.noise > 0
    self.all = all
    if case .threshold(let window, let minSamples) = playbook.test {
      (isGating, self.window, self.minSamples) = (true, window, minSamples)
    } else {
      (isGating, window, minSamples) = (false, .zero, 0)
    }
    let arms = isGating ? playbook.candidates.count + 1 : 0
    live = Array(repeating: ArmWindow(all, window), count: arms)
    shadow = live
  }

  mutating func record(_ end: AttemptEnd) {
    let arm = end.arm.rawValue
    guard live.indices.contains(arm) else { return }
    if end.population == .live { live[arm].record(end) }
    if end.population == .shadow { shadow[arm].record(end) }
  }

  /// A copy's answer was held against the baseline's.
  mutating func compared(_ pair: PairComparison) {
    let arm = pair.candidate.rawValue
    if shadow.indices.contains(arm) { shadow[arm].record(pair, hasNoise: hasNoise) }
  }

  mutating func reported(_ outcome: ApplicationOutcome) {
    guard live.indices.contains(outcome.arm.rawValue), outcome.isCostKnown else { return }
    live[outcome.arm.rawValue].correct(successes: outcome.correction, at: outcome.at)
  }

  mutating func advance(to now: Instant) {
    for arm in live.indices {
      live[arm].advance(to: now)
      shadow[arm].advance(to: now)
    }
  }

  mutating func reopen(_ candidate: Int) {
    guard isGating else { return }
    let empty = ArmWindow(all, window)
    live[candidate + 1] = empty
    shadow[candidate + 1] = empty
  }

  func reading(_ condition: Condition, of candidate: Int, _ population: Population) -> ThresholdGate.Reading? {
    guard isGating else { return nil }
    return ThresholdGate.read(
      condition,
      candidate: (population == .live && !condition.metric.isOfPairs ? live : shadow)[candidate + 1],
      baseline: live[0],
      minSamples: minSamples)
  }
}
