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
  /// The answers among them.
  private(set) var answeredLive: [Int]
  private(set) var answeredShadow: [Int]
  /// By arm index: copies could not be sent because nobody was there, and none has been answered since.
  private(set) var isUnreachable: [Bool]

  /// False where nobody looks at figures, as in a rehearsal.
  private let keepsFigures: Bool

  init(arms: Int, keepsFigures: Bool = true) {
    self.keepsFigures = keepsFigures
    live = Array(repeating: ArmStatistics(), count: arms)
    shadow = live
    dropped = Array(repeating: 0, count: arms)
    stageLive = dropped
    stageShadow = dropped
    answeredLive = dropped
    answeredShadow = dropped
    isUnreachable = dropped.map { _ in false }
  }

  mutating func record(_ end: AttemptEnd) {
    let arm = end.arm.rawValue
    guard live.indices.contains(arm) else { return }
    let counts = end.outcome.isClientGone ? 0 : 1
    let answers = end.outcome.isOk ? 1 : 0
    if end.outcome.isOk, isUnreachable[arm] { isUnreachable[arm] = false }
    switch end.population {
    case .live:
      if keepsFigures { live[arm].record(end) }
      stageLive[arm] += counts
      answeredLive[arm] += answers
    case .shadow:
      if keepsFigures { shadow[arm].record(end) }
      stageShadow[arm] += counts
      answeredShadow[arm] += answers
    case .noise, .rescue, .override, .retry, .failover:
      break
    }
  }

  mutating func retried(_ arm: ArmIndex) {
    if live.indices.contains(arm.rawValue) { live[arm.rawValue].retried() }
  }

  mutating func videoSettled(_ arm: ArmIndex, _ job: JobFigures) {
    if keepsFigures, live.indices.contains(arm.rawValue) { live[arm.rawValue].videoSettled(job) }
  }

  mutating func shadowDropped(_ arm: ArmIndex, _ drop: ShadowDrop) {
    guard dropped.indices.contains(arm.rawValue) else { return }
    dropped[arm.rawValue] += 1
    if drop == .unreachable { isUnreachable[arm.rawValue] = true }
  }

  mutating func stageEntered() {
    stageLive = stageLive.map { _ in 0 }
    stageShadow = stageLive
    answeredLive = stageLive
    answeredShadow = stageLive
  }

  /// In the current stage, of one arm: attempts that have ended, and of these those that gave an answer.
  func stage(_ arm: Int, _ population: Population) -> (ended: Int, answered: Int) {
    population == .live ? (stageLive[arm], answeredLive[arm]) : (stageShadow[arm], answeredShadow[arm])
  }

  /// By one that is behind the others.
  mutating func stageEntered(by arm: Int) {
    (stageLive[arm], stageShadow[arm]) = (0, 0)
    (answeredLive[arm], answeredShadow[arm]) = (0, 0)
  }

  /// The arm is another one now under its old name.
  mutating func forget(arm: Int) {
    (live[arm], shadow[arm], dropped[arm]) = (ArmStatistics(), ArmStatistics(), 0)
    stageEntered(by: arm)
    isUnreachable[arm] = false
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
    /// Nil in older checkpoints: all of them.
    var answeredLive: Int?
    var answeredShadow: Int?
  }

  /// By arm name.
  func saved(_ names: [String]) -> [String: Saved] {
    let arms = names.enumerated().map { index, name in
      (
        name,
        Saved(
          live: live[index].saved, shadow: shadow[index].saved, dropped: dropped[index], stageLive: stageLive[index],
          stageShadow: stageShadow[index], answeredLive: answeredLive[index], answeredShadow: answeredShadow[index])
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
      answeredLive[index] = arm.answeredLive ?? arm.stageLive
      answeredShadow[index] = arm.answeredShadow ?? arm.stageShadow
    }
  }
}
