/// What comes of comparing answers, on its way to the tests of mismatches.

import TrafficSplit

extension RolloutEvidence {
  /// A comparison that is not in so long after its exchange began, once no attempt of before is under way, is late.
  private static let comparisonDelay: Int64 = 5_000_000_000

  /// A copy's answer was held against the baseline's.
  mutating func compared(_ pair: PairComparison) {
    guard shadow.indices.contains(pair.candidate.candidate), !isClosed[pair.candidate.candidate] else { return }
    guard plan.bets.contains(where: { !$0.isOfCost }) else { return }
    latest = max(latest, pair.at)
    if pairs.isFull { weighFirstPair() }
    pairs.push(pair)
  }

  /// In the order in which their exchanges began, as far as nothing that began before is still under way.
  mutating func weighPairs() {
    let oldest = ring.isEmpty ? Int64.max : ring.view(ring.head) { $0.start }
    let reach = min(oldest, latest.nanoseconds - Self.comparisonDelay)
    while let first = pairs.first, first.at.nanoseconds < reach { weighFirstPair() }
  }

  private mutating func weighFirstPair() {
    let pair = pairs.pop()
    let candidate = pair.candidate.candidate
    guard !isClosed[candidate], pair.at >= shadow[candidate].began else { return }
    shadow[candidate].weigh(pair)
  }
}
