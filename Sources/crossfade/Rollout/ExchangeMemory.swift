/// Which arm answered which recent exchange, so that the application can say later what became of it.

import MigrationReport
import RolloutJudge
import TrafficSplit

/// Bounded: two generations, the older of which is forgotten as a whole when the newer is full. That costs nothing per
/// exchange, and the last `generation` exchanges are always remembered. Both full take 3 MB, and 1 MB more where exchanges are
/// asked for.
struct ExchangeMemory {
  private var recent = ExchangeGeneration(limit: generation)
  private var older = ExchangeGeneration(limit: generation)
  /// Reported successes and failures by arm.
  private(set) var reported: [ArmIndex: (successes: Int, failures: Int)] = [:]
  static let generation = 65_536

  /// - Parameter stage: in which it was answered.
  /// - Returns: the candidate that failed before, where this attempt is the baseline's rescue of it.
  @discardableResult
  mutating func remember(_ end: AttemptEnd, stage: String) -> ArmIndex? {
    guard end.population == .live || end.population == .rescue else { return nil }
    if recent.isFull {
      swap(&older, &recent)
      recent.forgetAll()
    }
    let answer = AnsweredExchange(end, stage: stage)
    guard end.population == .rescue else {
      recent.remember(answer, of: end.exchange)
      return nil
    }
    return (recent.update(answer, of: end.exchange) ?? older.answer(of: end.exchange))?.arm
  }

  /// - Returns: the exchange where it is remembered; it is forgotten then, as an outcome is reported once.
  mutating func report(_ exchange: UInt64, success: Bool) -> AnsweredExchange? {
    guard let answer = forget(exchange) else { return nil }
    var counts = reported[answer.arm] ?? (0, 0)
    if success { counts.successes += 1 } else { counts.failures += 1 }
    reported[answer.arm] = counts
    return answer
  }

  /// The answer that the application got; nil where it is not remembered, or its outcome has been reported.
  mutating func answer(of exchange: UInt64) -> AnsweredExchange? {
    recent.answer(of: exchange) ?? older.answer(of: exchange)
  }

  private mutating func forget(_ exchange: UInt64) -> AnsweredExchange? {
    // A rescue may have come a generation later than what it rescued.
    let answer = answer(of: exchange)
    recent.forget(exchange)
    older.forget(exchange)
    return answer
  }
}
