/// When the judge has to be asked: a rehearsal skips the moments at which nothing can be decided, and no others.

import RealModule
import RolloutJudge

/// Evidence against a candidate rises only when one of its attempts turns bad (fails, or gets slower than a limit),
/// and is heard in the order of assignment: at once, or when an attempt that began earlier ends. Failures of the
/// baseline can hold a stage. Once a stage's hold has passed anything may let it advance. So the judge is asked
///
/// - after every failure,
/// - after the end of every attempt that began before a bad attempt of a candidate,
/// - at every tick, and after every end, while an attempt of a candidate is under way that is slower than a limit can
///   be,
/// - when a mismatch can be heard, and after the end of every attempt that began before its copy,
/// - after every end and at every tick once the hold has passed, where a gate's window decides, or where the judge itself has
///   put off looking through what is under way.
///
/// Only the note that a stage is held, which changes nothing, and what follows from the costs of copies can come a moment later
/// than with a look at every moment.
struct Attention: Sendable {
  /// Nanoseconds that no limit of a condition on latency is below; `.max` where there is none.
  let slow: Int64
  private let isConstant: Bool
  private(set) var holdUntil: Int64 = 0
  /// When candidates' attempts under way that will be slow become so, in order; and how many are so by now.
  private var slowFrom: [(at: Int64, attempt: UInt64)] = []
  private var passed = 0
  private var slowUnderway = 0
  /// When mismatches can be heard.
  private var mismatches: [Int64] = []
  /// Ends of attempts that began before this one are worth a look.
  private var heardBefore: UInt64 = 0
  /// The judge has put off a look.
  var looksAgain = false

  init(_ simulation: Simulation, _ pace: Rehearsal.Pace) {
    let conditions = simulation.playbook.rollbackWhen + simulation.playbook.pauseWhen
    slow = conditions.map { Self.least($0, simulation.scenario) }.min() ?? .max
    // What is learnt from answers that clients waited for, or from few units, can lie anywhere.
    let isAnywhere = simulation.scenario.patience != nil || simulation.scenario.units?.latency ?? 0 > 0
    isConstant =
      pace == .everyTick || simulation.playbook.test != .sequential
      || conditions.contains { isAnywhere && $0.metric.quantile != nil }
  }

  /// A limit relative to the baseline's comes from at least 500 of its answers: a quantile of theirs lies above the
  /// true one six points lower in all but a hundred-thousandth of cases.
  private static func least(_ condition: Condition, _ scenario: Scenario) -> Int64 {
    guard let quantile = condition.metric.quantile else { return .max }
    var limits = condition.above.map { [$0 * 1e6] } ?? []
    if let ratio = condition.ratioAbove {
      let behaviors =
        scenario.changes.filter { !$0.isCandidate }.compactMap(\.behavior.latency)
        + scenario.incidents.compactMap(\.baseline.latency) + scenario.mix.compactMap(\.baseline.latency)
        + [scenario.baseline.latency]
      let quickest = min(1, scenario.hours.map(\.latency).min() ?? 1)
      let deviation = NormalQuantile.value(at: max(0.01, quantile - 0.06))
      limits += behaviors.map { quickest * ratio * Double($0.median.nanoseconds) * Double.exp(deviation * $0.sigma) }
    }
    return limits.min().map { Int64(min($0, 4e18)) } ?? .max
  }

  mutating func stageEntered(holdUntil: Int64) { self.holdUntil = holdUntil }

  /// A candidate's attempt that will be slower than `slow` began.
  mutating func slowStarted(_ attempt: UInt64, at now: Int64) { slowFrom.append((now + slow, attempt)) }

  /// A copy's answer is not the baseline's.
  ///
  /// - Parameter hearable: From when on it can be heard.
  mutating func mismatched(_ attempt: UInt64, hearable: Int64) {
    heardBefore = max(heardBefore, attempt)
    mismatches.append(hearable)
  }

  /// The judge has been asked.
  mutating func looked(at now: Int64) { mismatches.removeAll { $0 < now } }

  private func hearsMismatch(at now: Int64) -> Bool { mismatches.contains { $0 < now } }

  private mutating func age(to now: Int64) {
    while passed < slowFrom.count, slowFrom[passed].at <= now {
      heardBefore = max(heardBefore, slowFrom[passed].attempt)
      passed += 1
      slowUnderway += 1
    }
    if passed > 0, passed == slowFrom.count || passed > 1000 {
      slowFrom.removeFirst(passed)
      passed = 0
    }
  }

  /// - Parameter attempt: Its number in the order of starting.
  /// - Returns: Whether the judge is to be asked.
  mutating func ended(
    _ attempt: UInt64, isCandidate: Bool, isOk: Bool, latency: Int64, at now: Int64
  ) -> Bool {
    age(to: now)
    if isCandidate {
      if latency > slow { slowUnderway -= 1 }
      if !isOk || latency > slow {
        heardBefore = max(heardBefore, attempt)
        return true
      }
    }
    return !isOk || attempt < heardBefore || slowUnderway > 0 || isConstant || now >= holdUntil || looksAgain
      || hearsMismatch(at: now)
  }

  /// - Returns: The first instant of the grid of ticks after `now` at which the judge is to be asked.
  mutating func tick(after now: Int64) -> Int64 {
    age(to: now)
    let following = (now / Rehearsal.tick + 1) * Rehearsal.tick
    if isConstant || slowUnderway > 0 || now >= holdUntil || looksAgain { return following }
    // What can be heard after an instant cannot be heard at it.
    let mismatch = mismatches.min().map { $0 + 1 } ?? .max
    let next = min(holdUntil, mismatch, passed < slowFrom.count ? slowFrom[passed].at : .max)
    return max(following, (next + Rehearsal.tick - 1) / Rehearsal.tick * Rehearsal.tick)
  }
}
