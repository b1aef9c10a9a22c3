/// Copied exchanges and an evaluator's scores of both answers.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("AwaitedScores")
struct AwaitedScoresTests {
  private static let now = Plans.epoch
  private static let late = Plans.epoch + .nanoseconds(AwaitedScores.patience)

  private static func waiting(_ exchanges: UInt64..., asksForBoth: Bool = true) -> AwaitedScores {
    var scores = AwaitedScores(asksForBoth: asksForBoth)
    for exchange in exchanges { scores.began(exchange, .litellm, at: now) }
    return scores
  }

  /// Whether each word, in order, found a pair that waits for it.
  private static func say(
    _ words: [(exchange: UInt64, arm: ArmIndex, score: Double)], to scores: inout AwaitedScores
  ) -> [Bool] {
    words.map { scores.scored($0.exchange, $0.arm, $0.score) }
  }

  private static func settled(_ scores: inout AwaitedScores, at instant: Instant) -> [AwaitedScores.Pair] {
    var pairs: [AwaitedScores.Pair] = []
    while let pair = scores.next(at: instant) { pairs.append(pair) }
    return pairs
  }

  @Test("a pair is weighed when both answers are scored, and none before one that began earlier")
  func order() {
    var scores = Self.waiting(1, 2)
    let before = Self.say([(2, .baseline, 0.5), (2, .litellm, 0.25), (1, .litellm, 1)], to: &scores)
    #expect(before == [true, true, true])
    #expect(Self.settled(&scores, at: Self.now).isEmpty)
    #expect(Self.say([(1, .baseline, 0.75)], to: &scores) == [true])
    let pairs = Self.settled(&scores, at: Self.now)
    #expect(pairs.map(\.exchange) == [1, 2])
    #expect(pairs.map(\.score) == [1, 0.25] && pairs.map(\.baseline) == [0.75, 0.5])
  }

  @Test("what is never scored holds the others up for five minutes, a copy without an answer not at all")
  func patience() {
    var scores = Self.waiting(1, 2, 3)
    #expect(Self.say([(3, .baseline, 0.5), (3, .litellm, 0.5)], to: &scores) == [true, true])
    scores.wasNotAnswered(1, .litellm)
    let unanswered = Self.settled(&scores, at: Self.late + .nanoseconds(-1))
    #expect(unanswered.map(\.exchange) == [1] && unanswered.allSatisfy(\.score.isNaN))
    #expect(Self.settled(&scores, at: Self.late).map(\.exchange) == [2, 3])
  }

  @Test("the baseline's score is waited for only where it is asked for")
  func alone() {
    var scores = Self.waiting(1, asksForBoth: false)
    #expect(Self.say([(1, .litellm, 0.5)], to: &scores) == [true])
    #expect(Self.settled(&scores, at: Self.now).map(\.score) == [0.5])
  }

  @Test("a word about an exchange or an arm that no pair has is not taken, nor one that comes too late")
  func unknown() {
    var scores = Self.waiting(1)
    let strangers = Self.say([(2, .litellm, 0.5), (2, .baseline, 0.5), (1, .candidate(1), 0.5)], to: &scores)
    #expect(strangers == [false, false, false])
    #expect(Self.settled(&scores, at: Self.late).count == 1)
    #expect(Self.say([(1, .litellm, 0.5)], to: &scores) == [false])
  }

  @Test("two candidates' copies of one exchange share the baseline's score")
  func candidates() {
    var scores = Self.waiting(1)
    scores.began(1, .candidate(1), at: Self.now)
    let said = Self.say([(1, .baseline, 0.5), (1, .candidate(1), 0.25), (1, .litellm, 1)], to: &scores)
    #expect(said == [true, true, true])
    let pairs = Self.settled(&scores, at: Self.now)
    #expect(pairs.map(\.candidate) == [.litellm, .candidate(1)] && pairs.map(\.baseline) == [0.5, 0.5])
    #expect(pairs.map(\.score) == [1, 0.25])
  }

  @Test("where there is no more room the oldest goes, and every word still finds its pair")
  func room() {
    var scores = AwaitedScores(asksForBoth: true)
    var (left, isHeard): ([UInt64], Bool) = ([], true)
    for exchange in 0..<UInt64(3 * AwaitedScores.capacity) {
      if scores.isFull, let pair = scores.next(at: Self.now, isForced: true) { left.append(pair.exchange) }
      scores.began(exchange, .litellm, at: Self.now)
      isHeard = scores.scored(exchange, .litellm, 0.5) && isHeard
    }
    while let pair = scores.next(at: Self.late) { left.append(pair.exchange) }
    #expect(isHeard)
    #expect(left == Array(0..<UInt64(3 * AwaitedScores.capacity)))
  }
}

@Suite("Judge, pairs that an evaluator scores")
struct PairedScoreTests {
  /// Shadowed exchanges, ten a second, of very different difficulty; each answer is worth what the question allows, the candidate's a part
  /// of that.
  static func rig(
    _ condition: Condition, worth: Double, requests: Int = 3000, seed: UInt64 = 7, slowly: Bool = false,
    test: TestKind = .sequential
  ) -> Rig {
    let shadow = Plans.stage("shadow", shadow: 1, hold: .seconds(1_000_000))
    var rig = Rig(Plans.playbook([shadow, Plans.stage("canary", weight: 0.5)], rollback: [condition], test: test))
    var random = SeededGenerator(seed: seed)
    var said: [ApplicationOutcome] = []
    for _ in 0..<requests where rig.state == .running {
      let live = rig.start(.baseline)
      let copy = rig.start(.litellm, population: .shadow, exchange: live.exchange)
      rig.end(live)
      rig.end(copy)
      let ease = random.uniform()
      // Either is right or wrong where the question is about to be answered at all.
      for (start, part) in [(live, 1.0), (copy, worth)] {
        let score = random.chance(part) ? ease : 0
        // Whoever reads a bad answer has soon seen enough.
        let delay = slowly && score > 0 ? Duration.seconds(60) : .seconds(1)
        said.append(
          ApplicationOutcome(
            exchange: start.exchange, arm: start.arm, population: start.population, isSuccess: nil, score: score,
            wasNormal: true, isCostKnown: false, at: rig.now + delay))
      }
      said.sort { $0.at < $1.at }
      while let word = said.first, word.at <= rig.now {
        rig.judge.reported(word)
        said.removeFirst()
      }
      rig.decide()
    }
    return rig
  }

  static let lines = [Condition(metric: .score, below: 0.4), Condition(metric: .score, ratioBelow: 0.9)]

  @Test("a candidate below its limit is rolled back before it has had a live request", arguments: lines)
  func worse(_ line: Condition) throws {
    let rig = Self.rig(line, worth: 0.6)
    let decision = try #require(rig.last)
    #expect(decision.decision == .rollback && decision.metric == .score && decision.stage == "shadow")
    #expect(decision.message.contains("shadow requests"))
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
  }

  @Test("one that is as good as the baseline is not, though bad answers are scored a minute sooner", arguments: 1...20)
  func equal(_ seed: Int) {
    let line = Condition(metric: .score, ratioBelow: 0.9)
    #expect(Self.rig(line, worth: 1, requests: 700, seed: UInt64(seed)).state == .running)
    #expect(Self.rig(line, worth: 0.9, requests: 700, seed: UInt64(seed), slowly: true).state == .running)
  }

  @Test("a gate over a window sees the same", arguments: lines)
  func gate(_ line: Condition) {
    let gate = TestKind.threshold(window: .seconds(60), minSamples: 50)
    #expect(Self.rig(line, worth: 0.6, requests: 1000, test: gate).last?.decision == .rollback)
    #expect(Self.rig(line, worth: 1, requests: 1000, test: gate).state == .running)
  }

  @Test("by hand: of a hundred pairs at 0.9 and 0.6 each pays 0.21 under ratio_below 0.9")
  func byHand() {
    let spec = BettingSpec(quantity: .score, limit: .ratioBelow(0.9))
    #expect(abs((spec.payoff(value: 0.6, baseline: 0.9)?.low ?? 0) - 0.21) < 1e-12)
  }
}
