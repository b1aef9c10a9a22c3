@testable import MigrationReport
import RolloutJudge
import Testing

@Suite struct IntervalTests {
  @Test("a share's interval is Wilson's")
  func share() throws {
    // Newcombe 1998, table I: 15 of 148.
    let interval = try #require(Interval.share(15, of: 148))
    #expect(abs(interval.low - 0.0624) < 5e-5)
    #expect(abs(interval.high - 0.1605) < 5e-5)
    #expect(Interval.share(0, of: 0) == nil)
    #expect(Interval.share(0, of: 20)?.low == 0)
  }

  @Test("a difference of shares is Newcombe's tenth")
  func difference() throws {
    // Newcombe 1998 (II), table II, (a): 56/70 - 48/80.
    let interval = try #require(Interval.difference((56, 70), (48, 80)))
    #expect(abs(interval.low - 0.0524) < 5e-5)
    #expect(abs(interval.high - 0.3339) < 5e-5)
  }

  @Test("a quantile's interval holds it, and there is none of a few values")
  func quantile() throws {
    var histogram = DurationHistogram()
    for value in 1...10_000 { histogram.record(nanoseconds: Int64(value) * 1_000_000) }
    let interval = try #require(Interval.quantile(0.95, of: histogram))
    #expect(interval.low < 9550 && interval.high > 9500)
    #expect(interval.high - interval.low < 400)
    var few = DurationHistogram()
    for value in 1...30 { few.record(nanoseconds: Int64(value) * 1_000_000) }
    #expect(Interval.quantile(0.95, of: few) == nil)
  }

  @Test("pairs that disagree equally often either way show nothing")
  func paired() throws {
    let even = try #require(Interval.paired(only: 12, only: 12, of: 400))
    #expect(even.low < 0 && even.high > 0)
    let uneven = try #require(Interval.paired(only: 40, only: 5, of: 400))
    #expect(uneven.low > 0)
    let none = try #require(Interval.paired(only: 0, only: 0, of: 10))
    #expect(none.low < 0 && none.high > 0)
  }

  @Test("a chi-square of 3.84 with one degree of freedom comes once in twenty")
  func tail() { #expect(abs(upperTail(chiSquare: 3.841459) - 0.05) < 1e-6) }
}
