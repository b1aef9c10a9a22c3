/// When a failed attempt is repeated, and that all of it is a share of the requests.

import Testing

@testable import Guards

@Suite struct RetryPlanTests {
  private let plan = RetryPlan(.init(max: 2, on: [.connect, .rateLimited], backoff: .milliseconds(500)))

  @Test(arguments: GuardTrigger.allCases)
  func onlyWhatIsNamedIsRepeated(_ trigger: GuardTrigger) {
    let decision = plan.decide(.init(trigger), done: 0, hasEffect: false, chance: 0.5)
    let isNamed = trigger == .connect || trigger == .rateLimited
    #expect(decision == (isNamed ? .retry(after: .milliseconds(250)) : .giveUp(.notAsked)))
  }

  @Test func theWaitDoublesAndIsDrawnFromAllOfIt() {
    for (done, most) in [(0, 500), (1, 1000)] {
      #expect(
        plan.decide(.init(.connect), done: done, hasEffect: false, chance: 0) == .retry(after: .zero))
      #expect(
        plan.decide(.init(.connect), done: done, hasEffect: false, chance: 0.5)
          == .retry(after: .milliseconds(most / 2)))
    }
    #expect(plan.decide(.init(.connect), done: 2, hasEffect: false, chance: 0) == .giveUp(.exhausted))
  }

  @Test func theArmsOwnWordIsObeyedAndNeverUndercut() {
    for chance in stride(from: 0.0, to: 1, by: 0.1) {
      let failure = RetryPlan.Failure(.rateLimited, retryAfter: .seconds(2))
      guard case .retry(let wait) = plan.decide(failure, done: 0, hasEffect: false, chance: chance) else {
        Issue.record("it is retried")
        return
      }
      #expect(wait >= .seconds(2) && wait <= .milliseconds(2500))
    }
    let long = RetryPlan.Failure(.rateLimited, retryAfter: .seconds(31))
    #expect(plan.decide(long, done: 0, hasEffect: false, chance: 0) == .giveUp(.tooLong))
    let never = RetryPlan.Failure(.rateLimited, shouldRetry: false)
    #expect(plan.decide(never, done: 0, hasEffect: false, chance: 0) == .giveUp(.toldNotTo))
  }

  @Test func whatMayHaveHadAnEffectIsNeverRepeated() {
    for trigger in GuardTrigger.allCases {
      if case .retry = plan.decide(.init(trigger), done: 0, hasEffect: true, chance: 0) {
        Issue.record("\(trigger) was repeated")
      }
    }
  }

  @Test func statusesHaveTheirTriggers() {
    for status in 100...599 {
      let expected: GuardTrigger? = status == 429 ? .rateLimited : status >= 500 ? .serverError : nil
      #expect(GuardTrigger(status: status) == expected)
    }
  }

  @Test func retriesStayAShareOfTheRequestsInEveryWindow() {
    for seed in 0..<50 {
      var random = Seeded(UInt64(seed))
      var budget = RetryBudget(share: 0.2)
      var now: Int64 = 0
      var log: [(at: Int64, isRetry: Bool)] = []
      for _ in 0..<2000 {
        now += Int64(random.below(20_000_000))
        budget.requestCame(at: now)
        log.append((now, false))
        // Everything fails.
        if budget.take(at: now) { log.append((now, true)) }
      }
      let window: Int64 = 9_000_000_000
      for end in stride(from: log.count - 1, to: 0, by: -137) where log[end].at > 11_000_000_000 {
        let recent = log[...end].filter { $0.at > log[end].at - window }
        let retries = recent.count { $0.isRetry }
        #expect(Double(retries) <= 0.2 * Double(recent.count - retries) * 1.25 + 3)
      }
    }
  }

  @Test func aFewRequestsMayBeRepeatedAllTheSame() {
    var budget = RetryBudget(share: 0.2)
    budget.requestCame(at: 0)
    let taken = (0..<5).map { _ in budget.take(at: 1) }
    #expect(taken == [true, true, true, false, false])
    #expect(budget.take(at: 11_000_000_000) == true)
  }
}

@Suite struct RetryCapTests {
  @Test func aStormIsAnsweredHereAndOthersNoticeNothing() {
    var cap = RetryCap(share: 0.2)
    var passed = (first: 0, repeats: 0, other: 0)
    var random = Seeded(7)
    var waits: Set<Int> = []
    for step in 0..<4000 {
      let now = Int64(step) * 5_000_000
      let isRepeat = step % 4 != 0
      switch cap.requestCame(of: 1, isRepeat: isRepeat, at: now, chance: random.chance()) {
      case .pass: if isRepeat { passed.repeats += 1 } else { passed.first += 1 }
      case .refuse(let seconds):
        #expect(isRepeat)
        #expect((1...RetryCap.longestWait).contains(seconds))
        waits.insert(seconds)
      }
      if cap.requestCame(of: 2, isRepeat: false, at: now, chance: 0) == .pass { passed.other += 1 }
    }
    #expect(passed.first == 1000)
    #expect(passed.other == 4000)
    #expect(Double(passed.repeats) <= 0.26 * Double(passed.first))
    #expect(waits.count > 10, "the crowd is spread")
  }

  @Test func oneThatFailedMayBeRepeated() {
    var cap = RetryCap(share: 0.01)
    #expect(cap.requestCame(of: 1, isRepeat: false, at: 0, chance: 0) == .pass)
    #expect(cap.requestCame(of: 1, isRepeat: true, at: 1, chance: 0) == .pass)
  }

  @Test func itRemembersOnlySoManyCallers() {
    var cap = RetryCap(share: 0.2)
    for caller in 0..<10_000 {
      _ = cap.requestCame(of: UInt64(caller), isRepeat: true, at: Int64(caller), chance: 0)
      #expect(cap.count <= RetryCap.limit)
    }
  }
}
