/// What each may have of requests and money, and when it may come again.

import Testing

@testable import Guards

private let second: Int64 = 1_000_000_000

@Suite struct LimitTableTests {
  private let requests = GuardPolicy.Limit(scope: .everyone, name: "all", perMinute: 3)
  private let money = GuardPolicy.Limit(scope: .each(.caller), name: "caller", dollarsPerDay: 1)

  @Test func soManyRequestsAMinutePassAndTheRestAreToldWhenToCome() {
    var table = LimitTable([requests])
    let key = [LimitTable.Key(limit: 0)]
    for step in 0..<3 { #expect(table.requestCame(key, at: Int64(step) * second, time: 0) == nil) }
    let refusal = table.requestCame(key, at: 10 * second, time: 0)
    #expect(refusal?.kind == .perMinute)
    let wait = Int64(refusal?.retryAfter ?? 0)
    #expect((1...60).contains(wait))
    #expect(table.requestCame(key, at: (10 + wait) * second, time: 0) == nil)
  }

  @Test func noMinuteHoldsMoreThanAllowedButForTheSlotThatPasses() {
    for seed in 0..<50 {
      var random = Seeded(UInt64(seed))
      var table = LimitTable([requests])
      var passed: [Int64] = []
      var now: Int64 = 0
      for _ in 0..<500 {
        now += Int64(random.below(Int(20 * second)))
        if table.requestCame([.init(limit: 0)], at: now, time: 0) == nil { passed.append(now) }
        #expect(passed.count { $0 > now - 54 * second } <= 3)
      }
      #expect(passed.count > 100)
    }
  }

  @Test func spentIsSpentUntilTheNextDay() {
    var table = LimitTable([money])
    let (one, two) = ([LimitTable.Key(limit: 0, value: 1)], [LimitTable.Key(limit: 0, value: 2)])
    let noon: Int64 = 100 * 86_400 + 43_200
    table.spent(0.99, by: one, time: noon)
    #expect(table.requestCame(one, at: 0, time: noon) == nil)
    table.spent(0.02, by: one, time: noon)
    #expect(
      table.requestCame(one, at: 0, time: noon) == .init(limit: 0, kind: .perDay, retryAfter: 43_200))
    #expect(table.requestCame(two, at: 0, time: noon) == nil, "callers do not meet")
    #expect(table.requestCame(one, at: 0, time: noon + 43_199) != nil)
    #expect(table.requestCame(one, at: 0, time: noon + 43_200) == nil)
  }

  @Test func whatOneLimitRefusesCountsForNoOther() {
    var table = LimitTable([
      .init(scope: .everyone, name: "all", perMinute: 1), .init(scope: .everyone, name: "all", perMinute: 5),
    ])
    let keys = [LimitTable.Key(limit: 0), LimitTable.Key(limit: 1)]
    for step in 0..<20 { _ = table.requestCame(keys, at: Int64(step), time: 0) }
    for _ in 0..<4 { #expect(table.requestCame([keys[1]], at: 20, time: 0) == nil) }
    #expect(table.requestCame([keys[1]], at: 20, time: 0) != nil)
  }

  @Test func itTellsOnlySoManyApartAndForgetsNoSpenderFirst() {
    var table = LimitTable([money])
    table.spent(2, by: [.init(limit: 0, value: 0)], time: 0)
    for value in 1..<30_000 {
      _ = table.requestCame([.init(limit: 0, value: UInt64(value))], at: Int64(value), time: 0)
      #expect(table.count <= LimitTable.capacity)
    }
    #expect(table.requestCame([.init(limit: 0, value: 0)], at: 40_000, time: 0) != nil)
  }

  @Test func slidingCountsForgetWhatIsOlderThanTheirWindow() {
    for seed in 0..<100 {
      var random = Seeded(UInt64(seed))
      var counts = SlidingCounts(window: .nanoseconds(100))
      var events: [Int64] = []
      var now: Int64 = 0
      for _ in 0..<200 {
        now += Int64(random.below(40))
        counts.add(all: 1, some: random.below(2), at: now)
        events.append(now)
        let slotStart = now / 10 * 10
        #expect(counts.all == events.count { $0 >= slotStart - 90 })
      }
      #expect(counts.isEmpty(at: now + 100))
    }
  }

  @Test func countsAddUp() {
    var a = GuardCounts()
    a.retries = 2
    a.noteLimited(1)
    var b = GuardCounts()
    b.noteLimited(2, 3)
    b.dollarsSaved = 0.5
    a += b
    #expect(a.limited == [0, 1, 3])
    #expect((a.retries, a.dollarsSaved) == (2, 0.5))
  }
}
