import Dialects
@testable import MigrationReport
import RolloutJudge
import Testing

@Suite struct TimelineTests {
  @Test("attempts fall into steps of a second, late ones into their own")
  func steps() {
    var timeline = Timeline()
    for second: Int64 in [0, 9, 10, 31, 9] {
      timeline.record(Sample.end(0, second == 10 ? .failed : .ok, cost: 1, second: second))
    }
    #expect(timeline.buckets.map(\.start) == [0, 9, 10, 31].map { 1_795_000_000 + $0 })
    #expect(timeline.buckets.map(\.n) == [1, 2, 1, 1])
    #expect(timeline.buckets.map(\.bad) == [0, 0, 1, 0])
    #expect(timeline.buckets.map(\.cost) == [1, 2, 1, 1])
  }

  @Test("steps grow coarser with age, and nothing is lost within a year")
  func rollUp() {
    var timeline = Timeline()
    let (hour, days): (Int64, Int64) = (3600, 20)
    for second in stride(from: 0, to: days * 24 * hour, by: 30) { timeline.record(Sample.end(0, second: second)) }
    timeline.rollUp(now: 1_795_000_000 + days * 24 * hour)
    #expect(timeline.buckets.reduce(0) { $0 + $1.n } == Int(days * 24 * 120))
    #expect(timeline.buckets.first?.seconds == 3600)
    #expect(timeline.buckets.last?.seconds == 1)
    // 13 days of hours, 6 of minutes, one of thirty-second attempts.
    #expect(timeline.buckets.count < 13 * 24 + 6 * 1440 + 2880 + 30)
    #expect(zip(timeline.buckets, timeline.buckets.dropFirst()).allSatisfy { $0.start + $0.seconds <= $1.start })
  }

  @Test("what is older than a year is forgotten")
  func forgotten() {
    var timeline = Timeline()
    timeline.record(Sample.end(0, second: 0))
    timeline.record(Sample.end(0, second: 400 * 86_400))
    timeline.rollUp(now: 1_795_000_000 + 400 * 86_400)
    #expect(timeline.buckets.count == 1)
  }
}
