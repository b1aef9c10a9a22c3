/// What comes of comparing answers, on its way to the tests of mismatches.

import TrafficSplit

extension RolloutEvidence {
  /// A comparison that is not in so long after its exchange began, once no attempt of before is under way, is late.
  static let comparisonDelay: Int64 = 5_000_000_000

  /// E-values, with the weight of one half that the first start has.
  private static let suspicion = (begins: 2.0, ends: 0.5)

  /// A copy's answer was held against the baseline's.
  mutating func compared(_ pair: PairComparison) {
    guard shadow.indices.contains(pair.candidate.candidate), !isClosed[pair.candidate.candidate] else { return }
    guard plan.bets.contains(where: \.isOfPairs) else { return }
    latest = max(latest, pair.at)
    if pairs.isFull { weighFirstPair() }
    pairs.push(pair)
  }

  /// As far as that is known at an instant.
  mutating func weighPairs(at now: Instant) {
    latest = max(latest, now)
    weighFinished()
    weighPairs()
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
    guard let most = shadow[candidate].weigh(pair) else { return }
    // The gap between the two keeps it from going to and fro.
    if most >= Self.suspicion.begins { suspects[candidate] = true }
    if most < Self.suspicion.ends { suspects[candidate] = false }
  }
}
