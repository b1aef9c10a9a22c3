/// A judge with a hand on its clock: attempts go in one call each, decisions are journaled and taken at once.

import Dialects
import RolloutJudge
import TrafficSplit

struct Rig {
  var judge: Judge
  var now: Instant
  var decisions: [Decision] = []
  private var nextAttempt: UInt64 = 1

  init(_ playbook: Playbook, at: Instant = Plans.epoch) {
    judge = Judge(playbook: playbook, at: at)
    now = at
    decide()
  }

  init(resuming judge: Judge, at: Instant) {
    self.judge = judge
    now = at
    nextAttempt = 1 << 40
    decide()
  }

  var kinds: [Decision.Kind] { decisions.map(\.decision) }
  var last: Decision? { decisions.last }
  var state: RolloutState { judge.directive.state }
  var waitingFor: String? { judge.status(at: now).waitingFor }

  mutating func decide() {
    while let decision = judge.decide(at: now) {
      decisions.append(decision)
      judge.take(decision)
    }
  }

  mutating func pass(_ duration: Duration) {
    now = now + duration
    decide()
  }

  mutating func command(_ command: Command, reason: String? = nil, actor: String = "ada") throws(CommandRefusal) {
    let decision = try judge.command(command, reason: reason, actor: actor, at: now)
    decisions.append(decision)
    judge.take(decision)
    decide()
  }

  mutating func start(
    _ arm: ArmIndex, population: Population = .live, exchange: UInt64? = nil, unit: UInt64? = nil,
    shares: [Double]? = nil, model: String? = nil
  ) -> AttemptStart {
    let id = nextAttempt
    nextAttempt += 1
    let start = AttemptStart(
      attempt: id, exchange: exchange ?? id, arm: arm, population: population,
      unit: unit ?? id &* 0x9E37_79B9_7F4A_7C15,
      shares: shares ?? judge.directive.weights, at: now, model: model)
    judge.record(.started(start))
    return start
  }

  mutating func end(
    _ start: AttemptStart, _ outcome: Outcome = .ok, after: Duration = .milliseconds(100), ttft: Duration? = nil,
    cost: Double? = nil, isRetry: Bool = false
  ) {
    let at = start.at + after
    if at > now { now = at }
    judge.record(
      .ended(
        AttemptEnd(
          attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population,
          outcome: outcome, at: at, latency: after.nanoseconds, ttft: ttft?.nanoseconds, cost: cost, isRetry: isRetry,
          isNormalFinish: outcome == .ok)))
  }

  mutating func fail(_ start: AttemptStart, _ outcome: Outcome, _ status: Int, _ mistake: OwnMistake?, name: String?) {
    var end = AttemptEnd(
      attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population, outcome: outcome,
      at: now, latency: (now - start.at).nanoseconds, ttft: nil, cost: nil, isRetry: false, isNormalFinish: false)
    end.status = status
    end.mistake = mistake ?? end.mistake
    end.mistaken = name
    judge.record(.ended(end))
  }

  /// One attempt from start to end, then a look.
  mutating func attempt(
    _ arm: ArmIndex, _ outcome: Outcome = .ok, after: Duration = .milliseconds(100), unit: UInt64? = nil,
    shares: [Double]? = nil
  ) {
    let start = start(arm, unit: unit, shares: shares)
    end(start, outcome, after: after)
    decide()
  }

  /// A live exchange on the baseline and its copy.
  mutating func pair(_ baseline: Outcome, _ candidate: Outcome, unit: UInt64? = nil) {
    let live = start(.baseline, unit: unit)
    let copy = start(.candidate(0), population: .shadow, exchange: live.exchange, unit: unit)
    end(live, baseline)
    end(copy, candidate)
    decide()
  }
}

extension ArmIndex {
  static let litellm = ArmIndex.candidate(0)
}
