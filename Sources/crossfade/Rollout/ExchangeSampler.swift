/// Chooses the exchanges that are logged one by one; off unless asked for.

import OperatorLog
import RolloutJudge
import SidecarProxy

struct ExchangeSampler {
  /// 0 to 1.
  let share: Double
  private var credit = 0.0

  init(share: Double) { self.share = share }

  /// Every so many exchanges, evenly.
  mutating func takes() -> Bool {
    guard share > 0 else { return false }
    credit += share
    guard credit >= 1 else { return false }
    credit -= 1
    return true
  }
}

extension LoggedExchange {
  init(_ end: AttemptEnd, _ playbook: Playbook) {
    self.init(
      id: exchangeText(end.exchange), arm: playbook.arm(end.arm).name, population: end.population,
      outcome: end.outcome, latency: .nanoseconds(end.latency), ttft: end.ttft.map { .nanoseconds($0) }, cost: end.cost)
  }
}
