/// The factors of one exchange in a rescue test, for eight alternatives, as logarithms.

import RealModule

struct RescueFactors: Sendable {
  private let good: SIMD8<Double>
  private let rescued: SIMD8<Double>
  private let lost: SIMD8<Double>
  private let unknown: SIMD8<Double>
  /// The same, not as logarithms.
  private let factors: (good: SIMD8<Double>, rescued: SIMD8<Double>, lost: SIMD8<Double>, unknown: SIMD8<Double>)

  /// Shares of failures to hold against the null, and the share of rescues that fail meanwhile: the fewer failures, the more it
  /// matters that a rescue hardly ever fails.
  private static let alternatives: [(failing: Double, rescuesFailing: Double)] = [
    (0.05, 0.006), (0.08, 0.008), (0.12, 0.01), (0.2, 0.01), (0.35, 0.01), (0.6, 0.01), (0.85, 0.01), (0.99, 0.01),
  ]
  private static let steps = 600

  init(r0: Double) {
    let r0 = max(r0, 1e-6)
    let best = Self.alternatives.map { Self.best(against: $0.failing, lost: $0.rescuesFailing, r0: r0) }
    func logs(_ factor: ([Double]) -> Double) -> SIMD8<Double> { SIMD8(best.map { Double.log(factor($0)) }) }
    good = logs { $0[0] }
    rescued = logs { $0[1] }
    lost = logs { $0[2] }
    unknown = logs { min($0[0], $0[2]) }
    factors = (
      Self.exponentials(good), Self.exponentials(rescued), Self.exponentials(lost), Self.exponentials(unknown)
    )
  }

  /// The alternative over that null which grows fastest under the alternative once it is made safe for every p.
  private static func best(against q: Double, lost: Double, r0: Double) -> [Double] {
    let alternative = [1 - q, q * (1 - lost), q * lost]
    let most = min(0.999, q, r0 * 0.999)
    var (best, bestGrowth) = ([1.0, 1.0, 1.0], 0.0)
    for step in 1...steps {
      let m = most * Double(step) / Double(steps)
      let null = [1 - m, m * (1 - m / r0), m * m / r0]
      var e = zip(alternative, null).map { $0 / $1 }
      e[2] = min(e[2], e[1])
      let largest = largestMean(e, r0: r0)
      e = e.map { $0 / largest }
      let growth = zip(alternative, e).reduce(0) { $0 + $1.0 * Double.log(max($1.1, 1e-300)) }
      if growth > bestGrowth { (best, bestGrowth) = (e, growth) }
    }
    return best
  }

  /// Over every p that the null allows.
  private static func largestMean(_ e: [Double], r0: Double) -> Double {
    func mean(_ p: Double) -> Double { e[0] + p * (e[1] - e[0]) - p * p * (e[1] - e[2]) / r0 }
    let most = min(1, r0)
    let curvature = 2 * (e[1] - e[2]) / r0
    let top = curvature > 0 ? min(most, max(0, (e[1] - e[0]) / curvature)) : most
    return max(mean(0), mean(top), mean(most))
  }

  func value(_ counts: RescueTest.Counts) -> Double { values(counts).sum() }

  /// One for each alternative, which sum to the value.
  func values(_ counts: RescueTest.Counts) -> SIMD8<Double> { Self.exponentials(logs(counts)) / 8 }

  /// The most that starts can say once so many more exchanges were rescued, and others had another fate: a good one never
  /// raises a value, and a start that began among them has at most what is left of the budget.
  func bound(after more: Int, others: Int, _ starts: Starts<RescueTest.Start>) -> Double {
    let growth =
      Double(more) * pointwiseMax(rescued, SIMD8(repeating: 0)) + Double(others)
      * pointwiseMax(lost, SIMD8(repeating: 0))
    let begun = starts.reduce(0) { $0 + $1.weight * Self.exponentials(logs($1.counts) + growth).sum() / 8 }
    return begun + (1 - starts.budget.spent) * Self.exponentials(growth).sum() / 8
  }

  func factor(_ fate: RescueQueue.Fate) -> SIMD8<Double> {
    switch fate {
    case .open: factors.unknown
    case .good: factors.good
    case .rescued: factors.rescued
    case .bad, .lost: factors.lost
    }
  }

  private func logs(_ counts: RescueTest.Counts) -> SIMD8<Double> {
    let goods = Double(counts.n - counts.bad - counts.unknown)
    var logs = goods * good + Double(counts.rescued) * rescued
    logs += Double(counts.bad - counts.rescued) * lost + Double(counts.unknown) * unknown
    return logs
  }

  private static func exponentials(_ logs: SIMD8<Double>) -> SIMD8<Double> {
    var values = SIMD8<Double>()
    for index in 0..<8 { values[index] = Double.exp(min(460, logs[index])) }
    return values
  }
}
