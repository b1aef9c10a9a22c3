/// Which arm answered which recent exchange, so that the application can say later what became of it.

import MigrationReport
import RolloutJudge
import TrafficSplit

/// Bounded; the oldest exchanges are forgotten first.
struct ExchangeMemory {
  private var answered: [UInt64: AnsweredExchange] = [:]
  private var order: [UInt64] = []
  private var oldest = 0
  /// Reported successes and failures by arm.
  private(set) var reported: [ArmIndex: (successes: Int, failures: Int)] = [:]
  private static let limit = 65_536

  /// - Parameter stage: in which it was answered.
  /// - Returns: the candidate that failed before, where this attempt is the baseline's rescue of it.
  @discardableResult
  mutating func remember(_ end: AttemptEnd, stage: String) -> ArmIndex? {
    guard end.population == .live || end.population == .rescue else { return nil }
    if let former = answered.updateValue(AnsweredExchange(end, stage: stage), forKey: end.exchange) {
      return end.population == .rescue ? former.arm : nil
    }
    if order.count < Self.limit {
      order.append(end.exchange)
    } else {
      answered[order[oldest]] = nil
      order[oldest] = end.exchange
      oldest = (oldest + 1) % Self.limit
    }
    return nil
  }

  /// - Returns: the exchange where it is remembered; it is forgotten then, as an outcome is reported once.
  mutating func report(_ id: String, success: Bool) -> AnsweredExchange? {
    guard let exchange = UInt64(id, radix: 16), let answer = answered.removeValue(forKey: exchange) else { return nil }
    var counts = reported[answer.arm] ?? (0, 0)
    if success { counts.successes += 1 } else { counts.failures += 1 }
    reported[answer.arm] = counts
    return answer
  }
}
