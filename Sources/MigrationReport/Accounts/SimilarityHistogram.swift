/// How alike answers were, in forty bins: what a candidate's answers and the baseline's second answers are held
/// against.

package struct SimilarityHistogram: Sendable, Codable {
  package static let bins = 40

  package private(set) var counts = [Int](repeating: 0, count: bins)

  package init() {}

  /// - Parameter similarity: 0…1; all else is left out.
  mutating func record(_ similarity: Double) {
    guard similarity >= 0, similarity <= 1 else { return }
    counts[min(Self.bins - 1, Int(similarity * Double(Self.bins)))] += 1
  }

  mutating func add(_ other: SimilarityHistogram) {
    for bin in 0..<min(counts.count, other.counts.count) { counts[bin] += other.counts[bin] }
  }

  package var total: Int { counts.reduce(0, +) }

  /// The middle of the bin that the median falls in; nil without a value.
  package var median: Double? {
    let total = total
    guard total > 0 else { return nil }
    var seen = 0
    for (bin, count) in counts.enumerated() {
      seen += count
      if seen * 2 >= total { return (Double(bin) + 0.5) / Double(Self.bins) }
    }
    return nil
  }
}
