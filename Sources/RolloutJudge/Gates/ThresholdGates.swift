/// Every arm's windows and the gates over them, where the playbook says `test: threshold`.

import TrafficSplit

/// A restart of the process empties the windows; they are full again after their own length.
struct ThresholdGates: Sendable {
  private let all: [Condition]
  private let rule: ThresholdRule
  private let isGating: Bool
  /// By candidate: when it was last looked at, and how many looks in a row have found each condition breached.
  private var looks: [Look]
  private let hasNoise: Bool
  /// By arm index; empty unless gates decide.
  private var live: [ArmWindow]
  private var shadow: [ArmWindow]

  init(_ playbook: Playbook, _ plan: EvidencePlan) {
    let all = plan.conditions.map(\.condition)
    hasNoise = playbook.shadow.noise > 0
    self.all = all
    if case .threshold(let rule) = playbook.test {
      (isGating, self.rule) = (true, rule)
    } else {
      (isGating, rule) = (false, ThresholdRule(window: .zero, minSamples: 0))
    }
    let strikes = all.map { _ in 0 }
    looks = playbook.candidates.map { _ in Look(at: nil, strikes: strikes) }
    let arms = isGating ? playbook.candidates.count + 1 : 0
    live = Array(repeating: ArmWindow(all, rule.window), count: arms)
    shadow = live
  }

  private struct Look: Sendable {
    var at: Instant?
    var strikes: [Int]
  }

  mutating func record(_ start: AttemptStart) {
    let arm = start.arm.rawValue
    guard live.indices.contains(arm) else { return }
    if start.population == .live { live[arm].began(at: start.at) }
    if start.population == .shadow { shadow[arm].began(at: start.at) }
  }

  /// A live attempt of this arm's failed, and has been asked again.
  mutating func retried(_ arm: ArmIndex, at: Instant) {
    if live.indices.contains(arm.rawValue) { live[arm.rawValue].retried(at: at) }
  }

  /// - Parameter entered: When the candidate's stage began.
  /// - Returns: Whether it is time to look at the candidate again; then it is taken to be done.
  mutating func looksNow(at candidate: Int, since entered: Instant, at now: Instant) -> Bool {
    guard isGating, now - entered >= rule.initialDelay else { return false }
    // Another stage's looks are not in a row with this one's.
    if let last = looks[candidate].at, last < entered { looks[candidate] = Look(at: nil, strikes: all.map { _ in 0 }) }
    if let interval = rule.interval {
      guard now - (looks[candidate].at ?? entered) >= interval else { return false }
    }
    looks[candidate].at = now
    return true
  }

  /// A look that has too little to go by neither counts nor forgives.
  ///
  /// - Returns: Whether the condition has been found breached often enough.
  mutating func strikes(_ candidate: Int, _ condition: Int, _ reading: ThresholdGate.Reading) -> Bool {
    if reading.isBreached {
      looks[candidate].strikes[condition] += 1
    } else if reading.isEnough {
      looks[candidate].strikes[condition] = 0
    }
    return looks[candidate].strikes[condition] >= rule.failures
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
    guard live.indices.contains(outcome.arm.rawValue) else { return }
    if outcome.population == .shadow, !outcome.arm.isBaseline {
      if let score = outcome.score { shadow[outcome.arm.rawValue].scored(score, at: outcome.at) }
      return
    }
    if let score = outcome.score { live[outcome.arm.rawValue].scored(score, at: outcome.at) }
    guard outcome.isCostKnown else { return }
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
    let empty = ArmWindow(all, rule.window)
    looks[candidate] = Look(at: nil, strikes: all.map { _ in 0 })
    live[candidate + 1] = empty
    shadow[candidate + 1] = empty
  }

  func reading(_ condition: Condition, of candidate: Int, _ population: Population) -> ThresholdGate.Reading? {
    guard isGating else { return nil }
    return ThresholdGate.read(
      condition,
      candidate: (population == .live && !condition.metric.isOfPairs ? live : shadow)[candidate + 1],
      baseline: live[0],
      minSamples: rule.minSamples)
  }
}
