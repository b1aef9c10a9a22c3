/// The shares that an absolute test holds against its limit, with their weights: the mixture in log space.

import RealModule

/// A dozen shares q, spaced by their odds from just beyond the limit to nearly one (or nearly nought), so that small and
/// large regressions are both met by an alternative of about their size.
struct ShareGrid: Sendable {
  private let logWeight: [Double]
  private let logBad: [Double]
  private let logGood: [Double]

  private static let oddsRatios: [Double] = [1.3, 1.5, 1.8, 2.2, 2.8, 3.7, 5, 8, 15, 40, 150, 2500]

  init(p0: Double, _ alternatives: AbsoluteTest.Alternatives) {
    let odds = p0 / (1 - p0)
    // Small regressions need the most requests, so they get the larger weights.
    let weights = Self.oddsRatios.indices.map { 2 - 1.3 * Double($0) / Double(Self.oddsRatios.count - 1) }
    let total = weights.reduce(0, +)
    logWeight = weights.map { Double.log($0 / total) }
    // Below a limit of 2% the ratios are stretched, so that the largest share is still nearly one.
    let stretch = max(1, Double.log(50 / odds) / Double.log(2500))
    let shares = Self.oddsRatios.map { entry in
      let ratio = Double.pow(entry, stretch)
      let other = alternatives == .worse ? odds * ratio : odds / ratio
      return other / (1 + other)
    }
    logBad = shares.map { Double.log($0 / p0) }
    logGood = shares.map { Double.log(onePlus: -$0) - Double.log(onePlus: -p0) }
  }

  /// The mixture's likelihood ratio for so many attempts, of which `bad` were bad.
  func value(n: Int, bad: Int) -> Double {
    let (bads, goods) = (Double(bad), Double(n - bad))
    var sum = 0.0
    for index in logWeight.indices {
      let log = logWeight[index] + bads * logBad[index] + goods * logGood[index]
      // Below, it adds nothing that shows beside the rest of a value that matters.
      if log > -40 { sum += Double.exp(min(460, log)) }
    }
    return sum
  }
}
