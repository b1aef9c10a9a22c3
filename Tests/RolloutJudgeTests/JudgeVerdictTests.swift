/// What breaches and what does not: the promise, outages, clients that leave, hung attempts, and the words for it.

import Dialects
import RolloutJudge
import Testing
import TrafficSplit

@Suite("Judge, verdicts")
struct JudgeVerdictTests {
  static let both = Condition(metric: .errorRate, above: 0.02, ratioAbove: 1.5)

  /// Random traffic on a canary, one exchange at a time, until the judge decides or enough was seen.
  static func canary(
    _ playbook: Playbook, baseline: Double, candidate: Double, most: Int, seed: UInt64
  ) -> (rig: Rig, candidates: Int) {
    var random = SeededGenerator(seed: seed)
    var rig = Rig(playbook)
    var candidates = 0
    let weight = rig.judge.directive.weights[0]
    for _ in 0..<most where rig.state == .running {
      let isCandidate = random.chance(weight)
      candidates += isCandidate ? 1 : 0
      let isBad = random.chance(isCandidate ? candidate : baseline)
      rig.attempt(isCandidate ? .litellm : .baseline, isBad ? .failed : .ok)
    }
    return (rig, candidates)
  }

  @Test("says what was seen and what was allowed")
  func words() throws {
    var rig = Rig(Plans.canary(0.05, Self.both))
    for index in 0..<551 { rig.attempt(.baseline, index % 138 == 0 && index > 0 ? .failed : .ok) }
    for index in 0..<29 where rig.state == .running { rig.attempt(.litellm, index % 3 == 1 ? .rateLimited : .ok) }
    let decision = try #require(rig.last)
    #expect(decision.decision == .rollback)
    #expect(
      decision.message
        == "rolled back litellm: error_rate 35.7% of 14 requests, allowed 2.0%: 5 of 5 rate_limited; "
        + "ask litellm for a higher limit, or give it less weight, then re-arm it")
    #expect(decision.metric == .errorRate && decision.condition == Decision.Limits(above: 0.02, ratioAbove: 1.5))
    #expect(decision.weightsBefore == ["litellm": 0.05] && decision.weightsAfter == ["litellm": 0])
    let evidence = try #require(decision.evidence)
    #expect(evidence.test == "sequential" && evidence.threshold.map { abs($0 - 100) < 1e-6 } == true)
    #expect(evidence.candidate == Evidence.Counts(n: 14, bad: 5))
    #expect(evidence.baseline == Evidence.Counts(n: 551, bad: 3))
    #expect(evidence.parts?.keys.sorted() == ["absolute", "ratio"])
    #expect(evidence.eValue == evidence.parts?.values.min())
  }

  @Test("a relative limit alone is put in terms of the baseline")
  func relativeWords() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, ratioAbove: 1.5)))
    for _ in 0..<20 {
      rig.attempt(.baseline)
      rig.attempt(.litellm, .failed)
    }
    #expect(rig.last?.decision == .rollback)
    #expect(rig.last?.message.hasPrefix("rolled back litellm: error_rate 100.0% of ") == true)
    #expect(rig.last?.message.contains(" requests, allowed 1.5 times the baseline's: ") == true)
  }

  @Test("catches 1% to 10% at a weight of 5% within 85 candidate requests, both limits at once")
  func quick() {
    let counts = (1...21).map { seed in
      Self.canary(Plans.canary(0.05, Self.both), baseline: 0.01, candidate: 0.1, most: 9000, seed: UInt64(seed))
        .candidates
    }.sorted()
    #expect(counts[10] <= 85)
  }

  @Test("a candidate at its limit is rolled back in at most one run of a hundred")
  func promise() {
    let runs = 100
    let rolledBack = (1...runs).filter { seed in
      Self.canary(Plans.canary(0.5, Self.both), baseline: 0.02, candidate: 0.03, most: 1000, seed: UInt64(seed)).rig
        .state
        == .rolledBack
    }
    #expect(Double(rolledBack.count) <= 0.01 * Double(runs) + 3 * (0.01 * 0.99 * Double(runs)).squareRoot())
  }

  @Test("an outage of both arms, however deep, rolls nothing back where the limit is relative too")
  func outage() {
    var random = SeededGenerator(seed: 4)
    var rig = Rig(Plans.canary(0.1, Self.both))
    for index in 0..<6000 {
      let share = index % 1000 < 200 ? 0.6 : 0.005
      rig.attempt(random.chance(0.1) ? .litellm : .baseline, random.chance(share) ? .failed : .ok)
    }
    #expect(!rig.kinds.contains(.rollback))
  }

  @Test("an arm whose errors only come faster does not look worse")
  func fasterErrors() {
    var random = SeededGenerator(seed: 8)
    var rig = Rig(Plans.canary(0.3, Condition(metric: .errorRate, ratioAbove: 1.2)))
    // The candidate fails within 50 ms, the baseline after five seconds; both as often.
    var open: [(AttemptStart, Outcome, Instant)] = []
    for _ in 0..<6000 {
      rig.now = rig.now + .milliseconds(20)
      let arm: ArmIndex = random.chance(0.3) ? .litellm : .baseline
      let outcome: Outcome = random.chance(0.05) ? .failed : .ok
      let wait: Duration = outcome == .ok ? .seconds(1) : arm.isBaseline ? .seconds(5) : .milliseconds(50)
      open.append((rig.start(arm), outcome, rig.now + wait))
      for (start, outcome, at) in open where at <= rig.now { rig.end(start, outcome, after: at - start.at) }
      open.removeAll { $0.2 <= rig.now }
      rig.decide()
    }
    #expect(rig.kinds == [.start])
  }

  @Test("what the baseline will still answer is taken in the candidate's favour, and only until it has answered")
  func undecidedBaseline() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, ratioAbove: 1)))
    var open: [AttemptStart] = []
    for _ in 0..<30 {
      open.append(rig.start(.baseline))
      rig.attempt(.litellm, .failed, after: .milliseconds(1))
    }
    #expect(rig.kinds == [.start])
    for start in open { rig.end(start, .ok, after: .seconds(1)) }
    rig.decide()
    #expect(rig.last?.decision == .rollback)
  }

  @Test("the oldest attempt may hang without hiding what came after it")
  func hungHead() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, ratioAbove: 1)))
    _ = rig.start(.litellm)
    for _ in 0..<30 where rig.state == .running {
      rig.attempt(.baseline)
      rig.attempt(.litellm, .failed)
    }
    #expect(rig.last?.decision == .rollback)
  }

  @Test("started attempts are good until they turn bad, and those whose clients left stay in the denominator")
  func provisional() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, above: 0.05)))
    let open = (0..<60).map { _ in rig.start(.litellm) }
    for start in open[..<9] { rig.end(start, .failed) }
    rig.decide()
    // 9 of 60 are 15%; errors come quickly, so that 9 of the 15 who stayed would be 60% of nothing.
    for start in open[15...] { rig.end(start, .clientGone) }
    rig.decide()
    #expect(rig.state == .running)
  }

  @Test("p95 above a limit is more than 5% slower than it, known at that age without an answer")
  func slow() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .latencyP95, above: 8000)))
    for _ in 0..<10 { _ = rig.start(.litellm) }
    rig.pass(.seconds(8))
    #expect(rig.kinds == [.start])
    rig.pass(.milliseconds(200))
    #expect(rig.last?.decision == .rollback)
    #expect(
      rig.last?.message == "rolled back litellm: latency_p95 above 8s: 100.0% of 10 requests were slower, allowed 5.0%")
  }

  @Test("everything twice as slow is caught within 45 candidate requests")
  func twiceAsSlow() {
    let counts = (1...41).map { seed -> Int in
      var random = SeededGenerator(seed: UInt64(seed))
      var rig = Rig(Plans.canary(0.5, Condition(metric: .latencyP95, above: 2415)))
      var candidates = 0
      // Log-normal, median 0.9 s, sigma 0.6: p95 is 2.415 s. Twice that.
      while rig.state == .running && candidates < 500 {
        candidates += 1
        rig.attempt(.litellm, after: .milliseconds(Int(1800 * random.logNormal(sigma: 0.6))))
      }
      return candidates
    }.sorted()
    #expect(counts[20] <= 45)
  }

  @Test("a latency ratio is held against the baseline's past, and a slow hour of both arms is not the candidate's")
  func latencyRatio() {
    for (slowdown, expected) in [(1.0, 1), (3.0, 2)] {
      var random = SeededGenerator(seed: 21)
      var rig = Rig(Plans.canary(0.2, Condition(metric: .latencyP95, ratioAbove: 1.25)))
      for index in 0..<4000 where rig.state == .running {
        let arm: ArmIndex = random.chance(0.2) ? .litellm : .baseline
        let hour = index > 2000 && slowdown == 1 ? 3.0 : 1
        let own = index > 2000 && arm == .litellm ? slowdown : 1
        rig.attempt(arm, after: .milliseconds(Int(900 * hour * own * random.logNormal(sigma: 0.6))))
      }
      #expect(rig.decisions.count == expected)
    }
  }

  @Test("a bad candidate is rolled back in shadow, before it gets live traffic")
  func shadow() {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.05)], rollback: [Self.both]))
    for _ in 0..<30 where rig.state == .running { rig.pair(.ok, .errorInBody) }
    #expect(rig.last?.decision == .rollback && rig.judge.directive.shadow == [0])
    // A quarter of the budget is shadow's: its values count a quarter.
    #expect((rig.last?.evidence?.eValue ?? 0) >= 100)
    var fair = Rig(
      Plans.playbook(
        [Plans.stage("shadow", shadow: 1), Plans.stage("canary", weight: 0.05)], rollback: [Self.both]))
    for _ in 0..<200 { fair.pair(.rejected, .rejected) }
    #expect(!fair.kinds.contains(.rollback))
  }

  @Test("one bad user is many bad requests but one piece of evidence")
  func units() {
    let condition = Condition(metric: .errorRate, ratioAbove: 1.5)
    var rig = Rig(Plans.canary(0.2, condition, sticky: true))
    for _ in 0..<300 {
      rig.attempt(.litellm, .failed, unit: 77)
      for unit in 0..<4 as Range<UInt64> { rig.attempt(.baseline, unit: unit) }
    }
    #expect(rig.kinds == [.start])
  }

  @Test("exchanges that could not have gone to the candidate say nothing about it")
  func likeWithLike() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, ratioAbove: 1)))
    for _ in 0..<200 {
      rig.attempt(.baseline, .failed, shares: [0])
      rig.attempt(.baseline, .failed, shares: [])
    }
    for _ in 0..<15 where rig.state == .running {
      rig.attempt(.litellm, .failed)
      rig.attempt(.baseline)
    }
    #expect(rig.last?.decision == .rollback)
    #expect(rig.last?.evidence?.baseline.bad == 0)
    var whole = Rig(Plans.canary(1, Condition(metric: .errorRate, ratioAbove: 1)))
    for _ in 0..<200 { whole.attempt(.litellm, .failed) }
    #expect(whole.kinds == [.start])
  }

  @Test("rescues, overrides and noise count for nobody")
  func populations() {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, above: 0.02)))
    for population in [Population.rescue, .override, .noise] {
      for _ in 0..<50 { rig.end(rig.start(.litellm, population: population), .failed) }
    }
    rig.decide()
    #expect(rig.kinds == [.start])
    #expect(rig.judge.status(at: rig.now).arms["litellm"]?.live.requests == 0)
  }

  @Test("what pauses, pauses once; a person who resumes has accepted it")
  func pauseCondition() throws {
    var rig = Rig(
      Plans.playbook(
        [Plans.stage("canary", weight: 0.5), Plans.stage("full", weight: 1)],
        rollback: [Condition(metric: .errorRate, above: 0.9)],
        pause: [Condition(metric: .rateLimitedRate, above: 0.05)]))
    for _ in 0..<10 where rig.state == .running {
      rig.attempt(.litellm, .rateLimited)
      rig.attempt(.litellm)
    }
    #expect(rig.last?.decision == .pause && rig.last?.metric == .rateLimitedRate && rig.last?.candidate == "litellm")
    #expect(rig.judge.directive.weights == [0.5])
    #expect(rig.judge.status(at: rig.now).guards.map(\.state) == [.undecided, .breached])
    try rig.command(.resume)
    for _ in 0..<10 { rig.attempt(.litellm, .rateLimited) }
    #expect(rig.state == .running)
  }

  @Test("promote is refused while something is breached")
  func promoteBreached() throws {
    var rig = Rig(Plans.canary(0.5, Condition(metric: .errorRate, above: 0.02)))
    for _ in 0..<5 {
      let start = rig.start(.litellm)
      rig.end(start, .failed)
    }
    #expect(
      throws: CommandRefusal(
        .breached, "cannot promote: litellm: error_rate 100.0% of 5 requests, allowed 2.0%: 5 of 5 failed (no answer)")
    ) { try rig.command(.promote) }
  }

  @Test("a cost condition is undecided where no cost is known")
  func cost() {
    let rig = Rig(Plans.canary(0.5, Condition(metric: .costPerOutcome, ratioAbove: 1.25)))
    let guards = rig.judge.status(at: rig.now).guards
    #expect(guards.count == 1 && guards[0].state == .undecided && guards[0].evidence < 1)
  }
}
