/// The figures of every arm, live and shadow, and how many attempts the current stage has seen of each.

import Dialects
import TrafficSplit

struct RolloutStatistics: Sendable {
  /// By arm index, the baseline first.
  private(set) var live: [ArmStatistics]
  private(set) var shadow: [ArmStatistics]
  private(set) var dropped: [Int]
  /// Ended attempts in the current stage by arm index, without those whose client left.
  private(set) var stageLive: [Int]
  private(set) var stageShadow: [Int]

  init(arms: Int) {
    live = Array(repeating: ArmStatistics(), count: arms)
    shadow = live
    dropped = Array(repeating: 0, count: arms)
    stageLive = dropped
    stageShadow = dropped
  }

  mutating func record(_ end: AttemptEnd) {
    let arm = end.arm.rawValue
    guard live.indices.contains(arm) else { return }
    let counts = end.outcome == .clientGone ? 0 : 1
    switch end.population {
    case .live:
      live[arm].record(end)
      stageLive[arm] += counts
    case .shadow:
      shadow[arm].record(end)
      stageShadow[arm] += counts
    case .noise, .rescue, .override:
      break
    }
  }

  mutating func shadowDropped(_ arm: ArmIndex) {
    if dropped.indices.contains(arm.rawValue) { dropped[arm.rawValue] += 1 }
  }

  mutating func stageEntered() {
    stageLive = stageLive.map { _ in 0 }
    stageShadow = stageShadow.map { _ in 0 }
  }

  /// By one that is behind the others.
  mutating func stageEntered(by arm: Int) { (stageLive[arm], stageShadow[arm]) = (0, 0) }

  /// The arm is another one now under its old name.
  mutating func forget(arm: Int) {
    (live[arm], shadow[arm], dropped[arm]) = (ArmStatistics(), ArmStatistics(), 0)
    stageEntered(by: arm)
  }

  func figures(of arm: Int) -> RolloutStatus.ArmFigures {
    RolloutStatus.ArmFigures(live: live[arm].figures, shadow: shadow[arm].figures, dropped: dropped[arm])
  }
}

extension RolloutStatistics {
  struct Saved: Sendable, Equatable, Codable {
    var live: ArmStatistics.Saved
    var shadow: ArmStatistics.Saved
    var dropped: Int
    var stageLive: Int
    var stageShadow: Int
  }

  /// By arm name.
  func saved(_ names: [String]) -> [String: Saved] {
    let arms = names.enumerated().map { index, name in
      (
        name,
        Saved(
          live: live[index].saved, shadow: shadow[index].saved, dropped: dropped[index], stageLive: stageLive[index],
          stageShadow: stageShadow[index])
      )
    }
    return Dictionary(arms, uniquingKeysWith: { first, _ in first })
  }

  mutating func restore(_ saved: [String: Saved], _ names: [String]) {
    for (index, name) in names.enumerated() {
      guard let arm = saved[name] else { continue }
      live[index] = ArmStatistics(arm.live)
      shadow[index] = ArmStatistics(arm.shadow)
      dropped[index] = arm.dropped
      stageLive[index] = arm.stageLive
      stageShadow[index] = arm.stageShadow
    }
  }
}
