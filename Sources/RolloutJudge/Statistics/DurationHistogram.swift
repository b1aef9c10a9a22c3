/// How long attempts took, in fixed memory: an HdrHistogram of microseconds.

import Histogram

/// One microsecond to one hour at two significant digits (a quantile is at most 1% off), about 26 KB once used.
package struct DurationHistogram: Sendable {
  static let most: UInt64 = 3_600_000_000
  var histogram: Histogram<UInt64>?

  package var count: Int { histogram.map { Int($0.totalCount) } ?? 0 }

  package mutating func record(nanoseconds: Int64) {
    // Not `== nil`, which copies it.
    if case .none = histogram {
      histogram = Histogram(
        lowestDiscernibleValue: 1, highestTrackableValue: Self.most, numberOfSignificantValueDigits: .two)
    }
    histogram?.record(min(Self.most, UInt64(max(0, nanoseconds)) / 1000))
  }

  /// - Parameter quantile: 0…1.
  /// - Returns: Nanoseconds; nil before the first value.
  package func value(at quantile: Double) -> Int64? {
    guard let histogram, histogram.totalCount > 0 else { return nil }
    return Int64(histogram.valueAtPercentile(quantile * 100)) * 1000
  }

  package func milliseconds(at quantile: Double) -> Double? { value(at: quantile).map { Double($0) / 1e6 } }

  /// Values and how often each, in turn; only those that occurred.
  package var saved: [UInt64] {
    guard let histogram else { return [] }
    return histogram.recordedValues().flatMap { [$0.value, $0.count] }
  }

  package init() {}

  package init(_ saved: [UInt64]) {
    guard saved.count > 1 else { return }
    var histogram = Histogram<UInt64>(
      lowestDiscernibleValue: 1, highestTrackableValue: Self.most, numberOfSignificantValueDigits: .two)
    for index in stride(from: 0, to: saved.count - 1, by: 2) where saved[index] <= Self.most {
      histogram.record(saved[index], count: saved[index + 1])
    }
    self.histogram = histogram
  }
}
