/// Tells a judge of attempts one after the other, each over before the next begins.

import Dialects
import RolloutJudge
import TrafficSplit

struct AttemptStream {
  private var judge: Judge
  private let arm: ArmIndex
  private let shares: [Double]
  private let metric: Metric
  /// Nanoseconds: slower is bad, for metrics of latency.
  private let slow: Int64
  private var now = Rehearsal.epoch
  private var attempts: UInt64 = 0

  /// - Parameter slowLimit: Milliseconds; a limit that is relative to the baseline's is learnt from answers that put
  ///   it here.
  init(_ playbook: Playbook, _ candidate: Int, share: Double, isShadow: Bool, metric: Metric, _ slowLimit: Double) {
    judge = Judge(playbook: playbook, at: Instant(nanoseconds: now), isSteady: true)
    arm = .candidate(candidate)
    var shares = playbook.candidates.map { _ in 0.0 }
    if !isShadow { shares[candidate] = share }
    self.shares = shares
    self.metric = metric
    slow = Int64(slowLimit * 1e6)
    settle()
    guard metric.quantile != nil, let ratio = playbook.rollbackWhen.first?.ratioAbove else { return }
    // More than the judge learns from, all alike, and as if a candidate could have had them.
    let eligible = playbook.candidates.map { _ in 0.5 / Double(playbook.candidates.count) }
    for _ in 0..<600 {
      attempts += 1
      started(.baseline, .live, exchange: attempts, eligible)
      judge.record(.ended(end(.baseline, .live, attempts, isBad: false, latency: Int64(Double(slow) / ratio))))
    }
  }

  mutating func candidateAnswered(isBad: Bool) { answered(arm, isBad: isBad) }

  mutating func baselineFailed() { answered(.baseline, isBad: true) }

  private mutating func answered(_ arm: ArmIndex, isBad: Bool) {
    attempts += 1
    started(arm, .live, exchange: attempts)
    tick()
    judge.record(.ended(end(arm, .live, attempts, isBad: isBad)))
    if isBad, metric == .retryRate { judge.record(.retried(arm, exchange: attempts, at: instant)) }
    // The baseline answers in its place.
    if isBad, !arm.isBaseline {
      judge.record(.ended(end(.baseline, .rescue, attempts, isBad: false, exchange: attempts)))
    }
  }

  mutating func pair(isBad: Bool, isOriginalBad: Bool) {
    attempts += 2
    let (original, copy) = (attempts - 1, attempts)
    judge.record(
      .started(
        AttemptStart(
          attempt: original, exchange: original, arm: .baseline, population: .live, unit: original, shares: [],
          at: instant)))
    judge.record(
      .started(
        AttemptStart(
          attempt: copy, exchange: original, arm: arm, population: .shadow, unit: original, shares: [], at: instant)))
    tick()
    judge.record(.ended(end(.baseline, .live, original, isBad: isOriginalBad)))
    judge.record(.ended(end(arm, .shadow, copy, isBad: isBad, exchange: original)))
  }

  private mutating func started(
    _ arm: ArmIndex, _ population: Population, exchange: UInt64, _ shares: [Double]? = nil
  ) {
    judge.record(
      .started(
        AttemptStart(
          attempt: attempts, exchange: exchange, arm: arm, population: population, unit: exchange,
          shares: shares ?? self.shares, at: instant)))
  }

  private func end(
    _ arm: ArmIndex, _ population: Population, _ attempt: UInt64, isBad: Bool, exchange: UInt64? = nil,
    latency: Int64? = nil
  ) -> AttemptEnd {
    let isOfTime = metric.quantile != nil
    let time = latency ?? (isOfTime ? (isBad ? slow + slow / 4 : slow / 1000) : Self.step)
    let outcome: Outcome =
      !isBad || isOfTime
      ? .ok : Self.failures[metric] ?? .failed
    return AttemptEnd(
      attempt: attempt, exchange: exchange ?? attempt, arm: arm, population: population, outcome: outcome, at: instant,
      latency: time, ttft: isOfTime ? time : nil, cost: nil, isRetry: false,
      isNormalFinish: !isBad)
  }

  private static let failures: [Metric: Outcome] = [
    .incompleteRate: .incomplete, .rateLimitedRate: .rateLimited, .abandonedRate: .clientGone,
  ]

  private static let step: Int64 = 1_000_000

  private var instant: Instant { Instant(nanoseconds: now) }

  /// Whether a failure is asked again is waited for.
  private static let patience: Int64 = 32_000_000_000

  private mutating func tick() { now += metric == .retryRate ? Self.patience : Self.step }

  /// Asks the judge.
  mutating func isRolledBack() -> Bool {
    settle()
    return judge.directive.isClosed[arm.candidate]
  }

  private mutating func settle() {
    while let decision = judge.decide(at: instant) { judge.take(decision) }
  }
}
