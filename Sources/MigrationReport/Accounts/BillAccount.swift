/// Bills of an arm's answers held against what these had told: how far the two drift apart, and what was billed where an
/// answer told nothing.

package struct BillAccount: Sendable, Codable, Equatable {
  /// Questions, those asked again among them.
  package private(set) var asked = 0
  /// Answers that had told a cost, and of which the bill is known: USD billed, USD told.
  package private(set) var compared = 0
  package private(set) var billed = 0.0
  package private(set) var told = 0.0
  /// Those of them whose bill is another by more than a thousandth.
  package private(set) var differing = 0
  /// Answers that had told no cost, such as streams that were broken off, and USD billed for them.
  package private(set) var found = 0
  package private(set) var foundDollars = 0.0
  /// Answers that were asked after in vain.
  package private(set) var missing = 0
  /// Answers there was no room for.
  package private(set) var dropped = 0

  package init() {}

  package mutating func ask() { asked += 1 }

  package mutating func miss() { missing += 1 }

  package mutating func drop(_ count: Int) { dropped += count }

  /// - Parameter told: USD; nil where the answer told none.
  package mutating func settle(billed dollars: Double, told: Double?) {
    guard let told else {
      found += 1
      foundDollars += dollars
      return
    }
    compared += 1
    billed += dollars
    self.told += told
    if abs(dollars - told) > max(dollars, told) / 1000 { differing += 1 }
  }

  /// The share that was billed beyond what was told: 0 where both are the same, below 0 where less was billed; nil where
  /// nothing can be said.
  package var drift: Double? {
    let drift = billed / told - 1
    return drift.isFinite ? drift : nil
  }

  package mutating func add(_ other: BillAccount) {
    asked += other.asked
    compared += other.compared
    billed += other.billed
    told += other.told
    differing += other.differing
    found += other.found
    foundDollars += other.foundDollars
    missing += other.missing
    dropped += other.dropped
  }
}
