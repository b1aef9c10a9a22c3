/// Which arm answered which recent exchange, so that the application can say later what became of it.

import RolloutJudge
import TrafficSplit

/// Bounded; the oldest exchanges are forgotten first.
struct ExchangeMemory {
  private var arms: [UInt64: ArmIndex] = [:]
  private var order: [UInt64] = []
  private var oldest = 0
  /// Reported successes and failures by arm.
  private(set) var reported: [ArmIndex: (successes: Int, failures: Int)] = [:]
  private static let limit = 65_536

  mutating func remember(_ end: AttemptEnd) {
    guard end.population == .live || end.population == .rescue else { return }
    if arms.updateValue(end.arm, forKey: end.exchange) != nil { return }
    if order.count < Self.limit {
      order.append(end.exchange)
    } else {
      arms[order[oldest]] = nil
      order[oldest] = end.exchange
      oldest = (oldest + 1) % Self.limit
    }
  }

  /// - Returns: whether the exchange is remembered; it is forgotten then, as an outcome is reported once.
  mutating func report(_ id: String, success: Bool) -> Bool {
    guard let exchange = UInt64(id, radix: 16), let arm = arms.removeValue(forKey: exchange) else { return false }
    var counts = reported[arm] ?? (0, 0)
    if success { counts.successes += 1 } else { counts.failures += 1 }
    reported[arm] = counts
    return true
  }
}
