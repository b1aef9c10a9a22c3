/// One arm at one moment: draws how an attempt on it ends, when, and at what cost.

import Dialects
import RealModule
import RolloutJudge

struct ArmModel: Sendable {
  /// Share of attempts that fail when nothing else is wrong.
  let errorRate: Double
  /// Share of answers that are another than the baseline's.
  let mismatchRate: Double
  private let logMedian: Double
  private let sigma: Double
  private let error: (outcome: Outcome, latency: Int64)
  private let total: Int64
  private let cost: (logMedian: Double, sigma: Double)?
  /// Nil where answers come by themselves.
  private let polls: JobPolls?

  struct Ending: Sendable {
    /// Nanoseconds.
    var latency: Int64
    /// USD; NaN where unknown.
    var dollars = Double.nan
    var outcome: Outcome

    /// Nil where unknown.
    var cost: Double? { dollars.isNaN ? nil : dollars }
  }

  /// A cost is drawn only where something in the playbook asks for costs.
  init(_ behavior: ArmBehavior, _ playbook: Playbook) {
    let timeouts = playbook.traffic.timeouts
    errorRate = behavior.errorRate
    mismatchRate = behavior.mismatchRate
    logMedian = Double.log(Double(max(1, behavior.latency.median.nanoseconds)))
    sigma = behavior.latency.sigma
    let firstByte = min(timeouts.firstByte, timeouts.total)
    error =
      behavior.errorLatency < firstByte
      ? (.failed, behavior.errorLatency.nanoseconds) : (.timeout, firstByte.nanoseconds)
    total = timeouts.total.nanoseconds
    polls = behavior.jobs.map { JobPolls($0, deadline: timeouts.total) }
    let isAsked =
      playbook.shadow.dollarsPerDay != nil
      || (playbook.rollbackWhen + playbook.pauseWhen).contains { $0.metric.unit == .dollars }
    cost = !isAsked ? nil : behavior.cost.map { (Double.log(max($0.mean, 1e-12)) - $0.sigma * $0.sigma / 2, $0.sigma) }
  }

  /// - Parameters:
  ///   - floor: The error rate of an outage or of the unit itself; the larger counts.
  ///   - pace: The logarithm of how slow every answer is, at this hour and to this unit.
  @inline(__always)
  func draw(floor: Double, pace: Double = 0, _ generator: inout SeededGenerator) -> Ending {
    if generator.unit() < max(errorRate, floor) {
      guard let polls else { return Ending(latency: error.latency, outcome: error.outcome) }
      return Ending(latency: polls.found(Double(error.latency)) ?? total, outcome: error.outcome)
    }
    var latency = Double.exp(logMedian + pace + sigma * NormalZiggurat.shared.draw(&generator))
    if let polls {
      latency = generator.unit() < polls.stuck ? .infinity : polls.found(latency).map(Double.init) ?? .infinity
    }
    if latency >= Double(total) { return Ending(latency: total, outcome: .timeout) }
    let dollars = cost.map { Double.exp($0.logMedian + $0.sigma * NormalZiggurat.shared.draw(&generator)) }
    return Ending(latency: Int64(latency), dollars: dollars ?? .nan, outcome: .ok)
  }
}
