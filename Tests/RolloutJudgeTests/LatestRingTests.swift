import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("LatestRing")
struct LatestRingTests {
  @Test("the latest are kept, the oldest first, at every number of elements")
  func latest() {
    for count in 0..<12 {
      var ring = LatestRing<Int>(limit: 4)
      for element in 0..<count { ring.append(element) }
      #expect(ring.oldestFirst == Array((0..<count).suffix(4)))
      #expect(ring.oldest == ring.oldestFirst.first && ring.isFull == (count >= 4))
    }
  }

  private static func failure(_ number: Int, _ outcome: Outcome) -> AttemptEnd {
    AttemptEnd(
      attempt: UInt64(number), exchange: UInt64(number), arm: .litellm, population: .live, outcome: outcome,
      at: Plans.epoch + .seconds(number), latency: 0, ttft: nil, cost: nil, isRetry: false, isNormalFinish: false)
  }

  @Test("a full log of failures that was restored goes on by giving up its oldest", arguments: [0, 1, 70, 199])
  func restored(_ more: Int) {
    var log = FailureLog()
    // The newest `more` have taken the first places.
    for number in 0..<FailureLog.limit + more { log.record(Self.failure(number, .failed), stratum: -1) }
    var restored = FailureLog(log.saved)
    for number in 1000..<1010 {
      log.record(Self.failure(number, .timeout), stratum: -1)
      restored.record(Self.failure(number, .timeout), stratum: -1)
    }
    #expect(restored.saved == log.saved)
    // Of those before, the newest 190.
    let since = Plans.epoch + .seconds(more + 10)
    #expect(restored.counts(since: since, stratum: nil).map(\.n) == [190, 10])
  }
}
