/// Everything that is judged over sliding windows: the gates of `test: threshold`, and whether the baseline itself is in trouble.

import TrafficSplit

/// A restart of the process empties the windows; they are full again after their own length.
struct ThresholdGates: Sendable {
  private let all: [Condition]
  /// Rollback conditions with an absolute limit.
  private let limiting: [Condition]
  private let minSamples: Int
  private let isGating: Bool
  private let window: Duration
  /// By arm index; candidates' are empty unless gates decide.
  private var live: [ArmWindow]
  private var shadow: [ArmWindow]

  /// Over what the baseline is looked at where tests are sequential.
  private static let degradedWindow = Duration.seconds(300)
  private static let degradedSamples = 50

  init(_ playbook: Playbook, _ plan: EvidencePlan) {
    let all = plan.conditions.map(\.condition)
    self.all = all
    if case .threshold(let window, let minSamples) = playbook.test {
      (isGating, self.window, self.minSamples) = (true, window, minSamples)
    } else {
      (isGating, window, minSamples) = (false, Self.degradedWindow, Self.degradedSamples)
    }
    limiting = plan.conditions.filter { $0.isRollback && $0.condition.above != nil }.map(\.condition)
    let arms = playbook.candidates.count + 1
    let window = self.window
    let isGating = self.isGating
    live = (0..<arms).map { ArmWindow($0 == 0 || isGating ? all : [], window) }
    shadow = (0..<arms).map { ArmWindow($0 > 0 && isGating ? all : [], window) }
  }

  mutating func record(_ end: AttemptEnd) {
    let arm = end.arm.rawValue
    guard live.indices.contains(arm), isGating || arm == 0 else { return }
    if end.population == .live { live[arm].record(end) }
    if end.population == .shadow { shadow[arm].record(end) }
  }

  mutating func advance(to now: Instant) {
    for arm in live.indices where isGating || arm == 0 {
      live[arm].advance(to: now)
      if isGating { shadow[arm].advance(to: now) }
    }
  }

  mutating func reopen(_ candidate: Int) {
    guard isGating else { return }
    let empty = ArmWindow(all, window)
    live[candidate + 1] = empty
    shadow[candidate + 1] = empty
  }

  /// The baseline alone is beyond a rollback condition's `above`: then a stage says nothing about a candidate.
  var isBaselineDegraded: Bool {
    limiting.contains { condition in
      guard let above = condition.above, let now = live[0].value(of: condition.metric) else { return false }
      return now.count.n >= Self.degradedSamples && now.value > above
    }
  }

  func reading(_ condition: Condition, of candidate: Int, _ population: Population) -> ThresholdGate.Reading? {
    ThresholdGate.read(
      condition, candidate: (population == .live ? live : shadow)[candidate + 1], baseline: live[0],
      minSamples: minSamples)
  }
}
