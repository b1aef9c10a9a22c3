/// What an outcome costs, where the application says what became of its exchanges.

import Dialects
import Testing
import TrafficSplit

@testable import RolloutJudge

@Suite("Judge, what the application says")
struct ApplicationOutcomeTests {
  private struct Application {
    /// How often an answer is of use, by arm; nil: nothing is said.
    var candidate: Double?
    var baseline: Double?
    /// How much later it is said.
    var after = Duration.seconds(5)
  }

  /// Exchanges at the same price on both arms, ten a second, half of them on either arm.
  private static func traffic(
    _ condition: Condition, _ application: Application, requests: Int = 8000, test: TestKind = .sequential
  ) -> Rig {
    let playbook = Plans.playbook(
      [Plans.stage("one", weight: 0.5, hold: .seconds(1_000_000))], pause: [condition], test: test)
    var rig = Rig(playbook)
    var random = SeededGenerator(seed: 3)
    var said: [ApplicationOutcome] = []
    for _ in 0..<requests where rig.state == .running {
      let isCandidate = random.chance(0.5)
      let start = rig.start(isCandidate ? .litellm : .baseline)
      rig.end(start, cost: 0.002 * random.logNormal(sigma: 0.3))
      if let use = isCandidate ? application.candidate : application.baseline {
        said.append(
          ApplicationOutcome(
            exchange: start.exchange, arm: start.arm, population: .live, isSuccess: random.chance(use),
            wasNormal: true, isCostKnown: true, at: start.at + application.after))
      }
      while let outcome = said.first, outcome.at <= rig.now {
        rig.judge.reported(outcome)
        said.removeFirst()
      }
      rig.decide()
    }
    return rig
  }

  private static let ratio = Condition(metric: .costPerOutcome, ratioAbove: 1.5)

  @Test("at one price, answers that are of use a third as often pause the candidate, by whatever is judged")
  func useless() throws {
    let application = Application(candidate: 0.3, baseline: 0.9)
    let rig = Self.traffic(Self.ratio, application)
    #expect(rig.kinds == [.start, .pause])
    #expect(try #require(rig.last).message.hasPrefix("paused in one: litellm: cost_per_outcome $0.00"))
    #expect(DecisionAudit.faults(in: rig.decisions) == [])
    let above = Condition(metric: .costPerOutcome, above: 0.004)
    #expect(Self.traffic(above, application).kinds == [.start, .pause])
    let gate = TestKind.threshold(window: .seconds(600), minSamples: 50)
    #expect(Self.traffic(Self.ratio, application, test: gate).kinds == [.start, .pause])
  }

  @Test("what is as seldom of use on both arms is no fault of the candidate's, nor what costs just what is allowed")
  func alike() {
    let application = Application(candidate: 0.4, baseline: 0.4)
    #expect(Self.traffic(Self.ratio, application).kinds == [.start])
    #expect(Self.traffic(Self.ratio, Application(candidate: 0.6, baseline: 0.9)).kinds == [.start])
    let gate = TestKind.threshold(window: .seconds(600), minSamples: 500)
    #expect(Self.traffic(Self.ratio, application, test: gate).kinds == [.start])
  }

  @Test("of what nothing is said, or too late, a normal finish counts")
  func silence() {
    #expect(Self.traffic(Self.ratio, Application()).kinds == [.start])
    var late = Application(candidate: 0.3, baseline: 0.9)
    late.after = .nanoseconds(AwaitedOutcomes.patience) + .seconds(30)
    #expect(Self.traffic(Self.ratio, late).kinds == [.start])
  }

  @Test("the word on an exchange that the baseline saved is no success of the candidate's")
  func rescued() {
    var outcomes = AwaitedOutcomes()
    var record = AttemptRecord(
      attempt: 1, exchange: 7, arm: .litellm, population: .live, unit: 0, shares: [0.5], start: 0,
      marks: AttemptRecord.Marks(counted: 0))
    record.isOver = true
    outcomes.reported(7, isSuccess: true)
    outcomes.append(record, 0, at: Plans.epoch)
    #expect(outcomes.next(at: Plans.epoch + .seconds(59)) == nil)
    #expect(outcomes.next(at: Plans.epoch + .seconds(60))?.record.cost.isSuccess == false)
  }

  @Test("when more wait than there is room for, the oldest is weighed early and none is lost")
  func room() {
    var outcomes = AwaitedOutcomes()
    let record = AttemptRecord(
      attempt: 1, exchange: 7, arm: .litellm, population: .live, unit: 0, shares: [0.5], start: 0,
      marks: AttemptRecord.Marks(counted: 0))
    var left: [Int] = []
    for index in 0..<3 * AwaitedOutcomes.capacity {
      if outcomes.isFull, let entry = outcomes.next(at: Plans.epoch) { left.append(entry.index) }
      outcomes.append(record, index, at: Plans.epoch)
    }
    while let entry = outcomes.next(at: Plans.epoch + .seconds(60)) { left.append(entry.index) }
    #expect(left == Array(0..<3 * AwaitedOutcomes.capacity))
  }
}
