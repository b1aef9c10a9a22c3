/// What was last seen of the baseline: the control of a stage that holds nothing back.

import RealModule

/// Attempts of the baseline that could have been the candidate's, in the last stage that had some; with fewer than 500 of these those
/// before them count, too.
struct LastControl: Sendable, Equatable, Codable {
  static let enough = 500

  var n = 0
  var bad = 0

  /// A stage with so many more has ended.
  mutating func add(n: Int, bad: Int) {
    guard n > 0 else { return }
    self = n >= Self.enough ? LastControl(n: n, bad: bad) : LastControl(n: self.n + n, bad: self.bad + bad)
  }

  init(n: Int = 0, bad: Int = 0) { (self.n, self.bad) = (n, bad) }

  /// The largest share that is not shown to be too large: P(bin(n, q) ≤ bad) ≤ e^(-n KL(bad/n ‖ q)) (Chernoff), so that the true share is
  /// larger with a probability of at most `doubt`.
  func bound(doubt: Double) -> Double {
    guard n > 0 else { return 1 }
    let share = Double(bad) / Double(n)
    let most = Double.log(1 / max(doubt, 1e-300)) / Double(n)
    var (low, high) = (share, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if Self.divergence(share, middle) > most { high = middle } else { low = middle }
    }
    return high
  }

  private static func divergence(_ p: Double, _ q: Double) -> Double {
    func term(_ a: Double, _ b: Double) -> Double { a > 0 ? a * Double.log(a / max(b, 1e-300)) : 0 }
    return term(p, q) + term(1 - p, 1 - q)
  }
}
