/// The order of those who wait, and that nobody waits for ever.

import Testing

@testable import Guards

@Suite struct FairQueueTests {
  @Test func asManyAsMayGoAndTheOthersWait() {
    var queue = FairQueue(limit: 2, waiting: 10, atMost: .seconds(1))
    let arrivals = (0..<3).map { queue.arrived(0, at: Int64($0)) }
    #expect(arrivals == [.go, .go, .wait(.init(number: 1), displaced: nil)])
    #expect(queue.left() == [.init(number: 1)])
    #expect(queue.left().isEmpty)
    #expect(queue.inFlight == 1)
  }

  @Test func eachGroupHasItsTurnAsOftenAsEveryOther() {
    for seed in 0..<20 {
      var random = Seeded(UInt64(seed))
      var queue = FairQueue(limit: 4, waiting: 60, atMost: .seconds(3600))
      var served = [0, 0, 0]
      var group: [FairQueue.Waiter: Int] = [:]
      for step in 0..<6000 {
        // One team sends ten times as much as the others, and all send more than is served.
        for team in [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2].shuffled(using: &random).prefix(6) + [1, 2] {
          switch queue.arrived(UInt64(team), at: Int64(step)) {
          case .go: break
          case .wait(let waiter, let displaced):
            group[waiter] = team
            if let displaced { group[displaced] = nil }
          case .refuse: break
          }
          #expect(queue.waitingCount <= 60)
        }
        for waiter in queue.left() { served[group.removeValue(forKey: waiter)!] += 1 }
      }
      let mean = Double(served.reduce(0, +)) / 3
      for count in served { #expect(abs(Double(count) - mean) / mean < 0.05) }
    }
  }

  @Test func whoComesToAFullQueueDisplacesTheNewestOfTheLongestLine() {
    var queue = FairQueue(limit: 1, waiting: 3, atMost: .seconds(1))
    #expect(queue.arrived(1, at: 0) == .go)
    for number in 1...3 { #expect(queue.arrived(1, at: 0) == .wait(.init(number: UInt64(number)), displaced: nil)) }
    #expect(queue.arrived(1, at: 0) == .refuse)
    #expect(queue.arrived(2, at: 0) == .wait(.init(number: 4), displaced: .init(number: 3)))
    #expect(queue.arrived(2, at: 0) == .refuse)
    #expect(queue.left() == [.init(number: 1)])
    #expect(queue.left() == [.init(number: 4)])
    #expect(queue.left() == [.init(number: 2)])
  }

  @Test func nobodyWaitsLongerThanAllowed() {
    var queue = FairQueue(limit: 0, waiting: 10, atMost: .nanoseconds(100))
    for now in 0..<5 { _ = queue.arrived(UInt64(now % 2), at: Int64(now)) }
    #expect(queue.nextDeadline == 100)
    #expect(queue.overdue(at: 99).isEmpty)
    #expect(queue.overdue(at: 102).map(\.number) == [1, 2, 3])
    queue.gaveUp(.init(number: 4))
    #expect(queue.nextDeadline == 104)
    #expect(queue.overdue(at: 104).map(\.number) == [5])
    #expect(queue.nextDeadline == nil)
    #expect(queue.waitingCount == 0)
  }

  @Test func whateverHappensEveryoneWhoCameGoesOnceOrLeavesOnce() {
    for seed in 0..<200 {
      var random = Seeded(UInt64(seed))
      var queue = FairQueue(limit: 3, waiting: 8, atMost: .nanoseconds(50))
      var waiting: Set<FairQueue.Waiter> = []
      var inFlight = 0
      for now in 0..<400 {
        switch random.below(4) {
        case 0, 1:
          switch queue.arrived(UInt64(random.below(3)), at: Int64(now)) {
          case .go: inFlight += 1
          case .wait(let waiter, let displaced):
            if let displaced { #expect(waiting.remove(displaced) != nil) }
            waiting.insert(waiter)
          case .refuse: #expect(waiting.count == 8)
          }
        case 2 where inFlight > 0:
          inFlight -= 1
          for waiter in queue.left() {
            #expect(waiting.remove(waiter) != nil)
            inFlight += 1
          }
        default:
          if let leaver = waiting.randomElement(using: &random), random.below(2) == 0 {
            waiting.remove(leaver)
            queue.gaveUp(leaver)
          }
        }
        for late in queue.overdue(at: Int64(now)) { #expect(waiting.remove(late) != nil) }
        #expect(queue.inFlight == inFlight && inFlight <= 3)
        #expect(queue.waitingCount == waiting.count)
      }
    }
  }
}

@Suite struct AdaptiveLimitTests {
  /// An arm that bears a number of requests at a time: beyond it each waits for the others.
  private func settled(bears capacity: Double, from ttft: Double = 100e6) -> Double {
    var limit = AdaptiveLimit()
    var sum = 0.0
    for step in 0..<4000 {
      let inFlight = limit.limit
      let slowness = max(1, Double(inFlight) / capacity)
      limit.answered(ttft: Int64(ttft * slowness), inFlight: inFlight)
      if step >= 2000 { sum += Double(limit.limit) }
    }
    return sum / 2000
  }

  @Test(arguments: [20.0, 60, 200])
  func itFindsWhatAnArmBears(_ capacity: Double) {
    let found = settled(bears: capacity)
    #expect(found > capacity * 0.8 && found < capacity * 3, "\(found) for \(capacity)")
  }

  @Test func itStaysWithinItsBoundsAndGoesDownWhereItIsRefused() {
    var limit = AdaptiveLimit()
    for _ in 0..<1000 { limit.refused() }
    #expect(limit.limit == Int(AdaptiveLimit.least))
    for _ in 0..<100_000 { limit.answered(ttft: 1, inFlight: limit.limit) }
    #expect(limit.limit <= Int(AdaptiveLimit.most))
  }

  @Test func whatIsNotUsedIsNotRaised() {
    var limit = AdaptiveLimit()
    let before = limit.limit
    for _ in 0..<1000 { limit.answered(ttft: 1_000_000, inFlight: 1) }
    #expect(limit.limit == before)
  }
}
