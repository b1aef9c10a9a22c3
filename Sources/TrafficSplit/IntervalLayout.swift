/// Where on the line from 0 to 1 each candidate's units lie: raising a weight never moves a unit that is on a
/// candidate.

/// A partition of `0..<whole` into intervals, each a candidate's or free; the baseline has what is free.
///
/// Shares are whole trillionths: a decimal weight of up to twelve digits is exact, sums of such weights are exact, and
/// every machine computes the same places.
struct IntervalLayout: Sendable, Equatable {
  static let whole: UInt64 = 1_000_000_000_000

  struct Interval: Sendable, Equatable {
    /// First point that is no longer part of it.
    var end: UInt64
    /// A candidate's index; nil where free.
    var owner: Int?
  }

  /// In order, without gaps, neighbours owned differently; the last ends at `whole`.
  private(set) var intervals = [Interval(end: whole, owner: nil)]

  /// Each stage's weights by candidate, from the first stage to the current one. A candidate keeps what it had and
  /// takes what it lacks from the lowest free places, candidates in order; one whose weight falls gives its highest
  /// places back first.
  ///
  /// Where weights sum to more than 1 the later candidates get what is left.
  init(stages: [[Double]]) {
    for weights in stages {
      for (owner, weight) in weights.enumerated() {
        let (held, wanted) = (length(of: owner), Self.points(weight))
        if wanted < held { reassign(held - wanted, from: owner, to: nil, highestFirst: true) }
      }
      for (owner, weight) in weights.enumerated() {
        let (held, wanted) = (length(of: owner), Self.points(weight))
        if wanted > held { reassign(wanted - held, from: nil, to: owner, highestFirst: false) }
      }
    }
  }

  /// A share in trillionths, to the nearest; what is not a share counts as the nearest that is.
  static func points(_ share: Double) -> UInt64 {
    guard share > 0 else { return 0 }
    return UInt64(min(share, 1) * Double(whole) + 0.5)
  }

  /// The place of 64 evenly spread bits.
  static func point(of hash: UInt64) -> UInt64 { hash.multipliedFullWidth(by: whole).high }

  func length(of owner: Int?) -> UInt64 {
    var (length, start): (UInt64, UInt64) = (0, 0)
    for interval in intervals {
      if interval.owner == owner { length += interval.end - start }
      start = interval.end
    }
    return length
  }

  /// The candidate's share as laid out; for a decimal weight the very same `Double`.
  func share(of owner: Int) -> Double { Double(length(of: owner)) / Double(Self.whole) }

  /// The candidate that has a point below `whole`; nil for the baseline.
  func owner(at point: UInt64) -> Int? {
    var (low, high) = (0, intervals.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if intervals[middle].end <= point { low = middle + 1 } else { high = middle }
    }
    return intervals[low].owner
  }

  /// Hands up to `amount` points from one owner to another.
  private mutating func reassign(_ amount: UInt64, from: Int?, to: Int?, highestFirst: Bool) {
    var spans: [(range: Range<UInt64>, owner: Int?)] = []
    for interval in intervals {
      spans.append(((spans.last?.range.upperBound ?? 0)..<interval.end, interval.owner))
    }
    if highestFirst { spans.reverse() }
    var left = amount
    var result: [(range: Range<UInt64>, owner: Int?)] = []
    for span in spans {
      let taken = span.owner == from ? min(left, UInt64(span.range.count)) : 0
      left -= taken
      let (low, high) = (span.range.lowerBound, span.range.upperBound)
      let cut = highestFirst ? high - taken : low + taken
      let (lowOwner, highOwner) = highestFirst ? (span.owner, to) : (to, span.owner)
      if low < cut { result.append((low..<cut, lowOwner)) }
      if cut < high { result.append((cut..<high, highOwner)) }
    }
    result.sort { $0.range.lowerBound < $1.range.lowerBound }
    intervals = []
    for (range, owner) in result {
      if let last = intervals.last, last.owner == owner { intervals.removeLast() }
      intervals.append(Interval(end: range.upperBound, owner: owner))
    }
  }
}
