/// Durations in bins, held against HdrHistogram, whose bins they are.

import Foundation
import Histogram
import Testing

@testable import RolloutJudge

@Suite struct DurationHistogramTests {
  private static let quantiles = [0, 1e-9, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

  /// Where bins and doublings begin and end, and what lies between.
  private static let edges: [UInt64] = {
    var edges: [UInt64] = [127, 128, 129, 255, 256, 257, DurationHistogram.most]
    for bit in 0..<32 as Range<UInt64> {
      let power: UInt64 = 1 << bit
      edges += [power - 1, power, power + 1, power * 3]
    }
    return edges.filter { $0 <= DurationHistogram.most }
  }()

  private func oracle(_ microseconds: [UInt64]) -> Histogram<UInt64> {
    var histogram = Histogram<UInt64>(
      lowestDiscernibleValue: 1, highestTrackableValue: DurationHistogram.most, numberOfSignificantValueDigits: .two)
    for value in microseconds { histogram.record(value) }
    return histogram
  }

  private func expectSame(_ microseconds: [UInt64], _ comment: Comment? = nil) {
    var histogram = DurationHistogram()
    for value in microseconds { histogram.record(nanoseconds: Int64(value) * 1000) }
    let oracle = oracle(microseconds)
    #expect(histogram.saved == oracle.recordedValues().flatMap { [$0.value, $0.count] }, comment)
    for quantile in Self.quantiles {
      #expect(
        histogram.value(at: quantile) == Int64(oracle.valueAtPercentile(quantile * 100)) * 1000,
        "\(quantile) of \(microseconds)")
    }
  }

  @Test("each duration falls into the bin that HdrHistogram has for it")
  func bins() {
    for value in Self.edges { expectSame([value], "\(value)") }
    expectSame(Self.edges)
  }

  @Test("quantiles are HdrHistogram's, whatever has been recorded", arguments: 0..<20 as Range<UInt64>)
  func quantiles(_ seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 20
    }
    let values = (0..<Int(1 + next() % 400)).map { _ in min(DurationHistogram.most, next() >> (12 + next() % 32)) }
    expectSame(values)
  }

  @Test("what is beyond an hour or before its request is held at the ends")
  func ends() {
    var histogram = DurationHistogram()
    #expect(histogram.value(at: 0.5) == nil)
    histogram.record(nanoseconds: -5)
    histogram.record(nanoseconds: .max)
    #expect(histogram.value(at: 0) == 0)
    #expect(histogram.value(at: 1) == Int64(DurationHistogram.most) * 1000)
    #expect(histogram.count == 2)
  }

  @Test("the sum of two is the histogram of both, and the text that is kept gives the same again")
  func sums() throws {
    for cut in [0, 1, 40, Self.edges.count] {
      var (first, second, both) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
      for (place, value) in Self.edges.enumerated() {
        if place < cut {
          first.record(nanoseconds: Int64(value) * 1000)
        } else {
          second.record(nanoseconds: Int64(value) * 1000)
        }
        both.record(nanoseconds: Int64(value) * 1000)
      }
      first.add(second)
      #expect(first.saved == both.saved)
      #expect(first.count == both.count)
      #expect(Self.quantiles.map(first.value(at:)) == Self.quantiles.map(both.value(at:)))
      let kept = try JSONDecoder().decode(DurationHistogram.self, from: JSONEncoder().encode(first))
      #expect(kept.saved == first.saved)
      #expect(kept.value(at: 1) == first.value(at: 1))
    }
  }
}
