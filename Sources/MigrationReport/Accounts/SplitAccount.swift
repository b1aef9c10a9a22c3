/// K20: how many live exchanges a candidate was given, against how many its weight promised.

package struct SplitAccount: Sendable, Codable {
  package private(set) var observed = 0
  /// Sum of the shares at assignment.
  package private(set) var expected = 0.0
  /// Sum of `share * (1 - share)`.
  package private(set) var variance = 0.0

  package init() {}

  mutating func record(share: Double, isGiven: Bool) {
    if isGiven { observed += 1 }
    expected += share
    variance += share * (1 - share)
  }

  mutating func add(_ other: SplitAccount) {
    observed += other.observed
    expected += other.expected
    variance += other.variance
  }

  /// Chi-square with one degree of freedom, as if every exchange had been drawn by itself; units that send many make it
  /// larger. Nil where nothing was left to chance.
  package var chiSquare: Double? {
    guard variance > 0 else { return nil }
    let gap = Double(observed) - expected
    return gap * gap / variance
  }
}
