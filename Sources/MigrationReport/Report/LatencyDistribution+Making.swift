/// Brings a histogram of durations to the bins of a plot: forty to a decade.

import RealModule
import RolloutJudge

extension LatencyDistribution {
  static let binsPerDecade = 40.0

  /// - Returns: nil without a value.
  init?(arm: String, population: String, _ histogram: DurationHistogram) {
    guard histogram.count > 0 else { return nil }
    var counts: [Int: Int] = [:]
    let saved = histogram.saved
    for index in stride(from: 0, to: saved.count - 1, by: 2) {
      let milliseconds = max(0.001, Double(saved[index]) / 1000)
      counts[Int((.log10(milliseconds) * Self.binsPerDecade).rounded(.up)), default: 0] += Int(saved[index + 1])
    }
    let places = counts.keys.sorted()
    let bins = (places[0]...places[places.count - 1]).map { place in
      Bin(upTo: Double.pow(10, Double(place) / Self.binsPerDecade), count: counts[place] ?? 0)
    }
    self.init(
      arm: arm, population: population, attempts: histogram.count, p50: histogram.milliseconds(at: 0.5),
      p95: histogram.milliseconds(at: 0.95), bins: bins)
  }
}
