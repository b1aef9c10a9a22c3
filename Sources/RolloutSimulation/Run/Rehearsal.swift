/// One rollout in virtual time: requests arrive, attempts end, the judge decides, the split follows.

import Dialects
import RolloutJudge
import TrafficSplit

/// Runs once. Instants are nanoseconds since the rollout began; the judge is told them since `epoch`.
struct Rehearsal {
  /// 2026-01-01T00:00:00Z: any fixed day, so that a trace is the same whenever it is made.
  static let epoch: Int64 = 1_767_225_600_000_000_000
  /// How often `run` asks the judge although nothing happened.
  static let tick: Int64 = 100_000_000

  let playbook: Playbook
  let keepsDecisions: Bool
  let approves: Bool
  let until: Int64
  private let request: ImaginedRequest
  private let safetyNet: SafetyNet
  private let badUnitRate: Double
  private let patience: Patience?
  /// Whether anything in the playbook asks about mismatches.
  private let asksForMismatches: Bool
  /// What comparing will say, by the copy under way.
  private var comparisons: [UInt64: PairComparison] = [:]

  private var generator: SeededGenerator
  private var arrivals: Arrivals
  private var units: UnitPopulation
  private var weather: Weather
  private var ends = EndQueue<Underway>()
  private var copies: CopyBounds

  var judge: Judge
  private var now: Int64 = 0
  private var directive: Directive
  private var split: SplitPlaces
  private var attention: Attention
  private var nextTick: Int64 = 0
  private var attempts: UInt64 = 0
  private var exchanges: UInt64 = 0
  private var log: RunLog
  /// What the judge is told of an attempt's end; most of it never changes.
  private var end = AttemptEnd(
    attempt: 0, exchange: 0, arm: .baseline, population: .live, outcome: .ok, at: Instant(nanoseconds: epoch),
    latency: 0, ttft: nil, cost: nil, isRetry: false, isNormalFinish: true)

  /// How often the judge is asked.
  enum Pace: Sendable {
    /// On every tick and after every attempt, as `run` does.
    case everyTick
    /// The same without the ticks at which nothing can be decided.
    case skipping
  }

  private struct Underway: Sendable {
    var attempt: UInt64
    var exchange: UInt64
    var start: Int64
    var ending: ArmModel.Ending
    var arm: ArmIndex
    var population: Population
    /// The error rate that any arm had for this exchange.
    var floor: Double
  }

  init(_ simulation: Simulation, number: Int, keepsDecisions: Bool, pace: Pace) {
    playbook = simulation.playbook
    let scenario = simulation.scenario
    self.keepsDecisions = keepsDecisions
    approves = simulation.approves
    until = simulation.until.nanoseconds
    request = simulation.request
    safetyNet = SafetyNet(playbook.traffic.fallback)
    patience = scenario.patience.map(Patience.init)
    badUnitRate = scenario.badUnits?.errorRate ?? 0
    asksForMismatches = (playbook.rollbackWhen + playbook.pauseWhen).contains { $0.metric.isOfPairs }
    attention = Attention(simulation, pace)
    generator = SeededGenerator(seed: scenario.seed, run: number)
    units = UnitPopulation(scenario, isSticky: !playbook.traffic.sticky.isEmpty, &generator)
    weather = Weather(scenario, playbook, &generator)
    arrivals = Arrivals(scenario.traffic, &generator)
    copies = CopyBounds(playbook.shadow)
    judge = Judge(playbook: playbook, at: Instant(nanoseconds: Self.epoch))
    directive = judge.directive
    split = SplitPlaces(SplitTable(playbook, following: directive), of: request)
    log = RunLog(playbook, number: number)
  }

  // MARK: Time

  mutating func run() -> SimulatedRun {
    settle()
    while !log.isOver {
      let next = min(arrivals.next, ends.next, nextTick)
      guard next < until else { break }
      now = next
      if now >= weather.nextChange { weather.advance(to: now) }
      if ends.next == now {
        if attemptEnded() { settle() }
      } else if arrivals.next == now {
        requestArrived()
        arrivals.advance(&generator)
      } else {
        settle()
      }
    }
    drain()
    return log.run(endedAt: log.isOver ? now : until, exchanges: Int(exchanges))
  }

  private var instant: Instant { Instant(nanoseconds: Self.epoch + now) }

  // MARK: Requests

  private mutating func requestArrived() {
    exchanges += 1
    log.exchanges += 1
    let unit = units.draw(&generator)
    let floor = max(weather.outage, unit.isBad ? badUnitRate : 0)
    let arm = split.arm(ofUnit: unit.hash)
    let isAnswered = start(arm, .live, unit.hash, split.shares, floor)
    guard arm.isBaseline, split.isCopying else { return }
    let (split, draw) = (split, generator.next())
    split.forEachCopy(draw: draw) { copy in
      if let drop = copies.refusal(at: now) {
        judge.record(.shadowDropped(copy, drop, at: instant))
      } else {
        copies.underway += 1
        _ = start(copy, .shadow, unit.hash, [], floor, isCompared: isAnswered)
      }
    }
  }

  /// - Returns: Whether it will be answered.
  private mutating func start(
    _ arm: ArmIndex, _ population: Population, _ unit: UInt64, _ shares: [Double], _ floor: Double,
    isCompared: Bool = false
  ) -> Bool {
    attempts += 1
    var ending = (arm.isBaseline ? weather.baseline : weather.candidate).draw(floor: floor, &generator)
    if let patience, population == .live { patience.cut(&ending, &generator) }
    judge.record(
      AttemptStart(
        attempt: attempts, exchange: exchanges, arm: arm, population: population, unit: unit, shares: shares,
        at: instant))
    if !arm.isBaseline {
      log.candidateStarted(arm.candidate, at: now, since: weather.candidateSince)
      if ending.latency > attention.slow {
        attention.slowStarted(attempts, at: now)
        nextTick = min(nextTick, attention.tick(after: now))
      }
    }
    ends.push(
      Underway(
        attempt: attempts, exchange: exchanges, start: now, ending: ending, arm: arm, population: population,
        floor: floor),
      at: now + max(1, ending.latency))
    if isCompared, ending.outcome == .ok { comparisons[attempts] = compare(arm) }
    return ending.outcome == .ok
  }

  /// Nil where nobody asks; known when the copy ends, which is when the later of the two answers usually has.
  private mutating func compare(_ arm: ArmIndex) -> PairComparison? {
    guard asksForMismatches else { return nil }
    let isMismatch = generator.unit() < weather.candidate.mismatchRate
    let isNoisy = generator.unit() < judge.noise
    let isNoiseMismatch = isNoisy ? generator.unit() < weather.baseline.mismatchRate : nil
    return PairComparison(
      exchange: exchanges, candidate: arm, isMismatch: isMismatch, noiseMismatch: isNoiseMismatch, at: instant)
  }

  /// - Returns: Whether anything can follow from it.
  private mutating func attemptEnded() -> Bool {
    let attempt = ends.pop()
    let ending = attempt.ending
    if !attempt.arm.isBaseline { count(attempt) }
    if asksForMismatches, let comparison = comparisons.removeValue(forKey: attempt.attempt) {
      judge.record(.compared(comparison))
    }
    end.attempt = attempt.attempt
    end.exchange = attempt.exchange
    (end.arm, end.population) = (attempt.arm, attempt.population)
    (end.outcome, end.isNormalFinish) = (ending.outcome, ending.outcome == .ok)
    (end.at, end.latency) = (instant, now - attempt.start)
    end.cost = ending.cost
    judge.record(end)
    if attempt.population == .live, !attempt.arm.isBaseline, safetyNet.replaces(ending.outcome) { rescue(attempt) }
    let isAwake =
      attempt.population == .rescue
      || attention.ended(
        attempt.attempt, isCandidate: !attempt.arm.isBaseline, isOk: ending.outcome == .ok,
        latency: now - attempt.start,
        at: now)
    return isAwake || judge.wantsToLook()
  }

  /// The baseline answers in the canary's place.
  private mutating func rescue(_ canary: Underway) {
    attempts += 1
    judge.record(.fellBack(canary.arm, canary.ending.outcome, exchange: canary.exchange, at: instant))
    let ending = weather.baseline.draw(floor: canary.floor, &generator)
    ends.push(
      Underway(
        attempt: attempts, exchange: canary.exchange, start: now, ending: ending, arm: .baseline, population: .rescue,
        floor: canary.floor),
      at: now + max(1, ending.latency))
  }

  private mutating func count(_ attempt: Underway) {
    if attempt.population == .shadow { copies.ended(cost: attempt.ending.cost, at: now) }
    guard attempt.population == .live, attempt.ending.outcome.countsAsError else { return }
    if !safetyNet.replaces(attempt.ending.outcome) { log.usersAffected += 1 }
  }

  /// What a rolled-back candidate still had under way reaches its users.
  private mutating func drain() {
    while ends.next != .max {
      let attempt = ends.pop()
      if !attempt.arm.isBaseline { count(attempt) }
    }
  }

  // MARK: Decisions

  private mutating func settle() {
    var isChanged = false
    while !log.isOver, let decision = judge.decide(at: instant) {
      take(decision)
      isChanged = true
      guard approves, decision.decision == .hold, decision.reason == "approval" else { continue }
      do throws(CommandRefusal) {
        take(
          try judge.command(
            .promotion(candidate: decision.candidate, now: false), actor: "simulation", at: instant))
      } catch {
        // A breach stands against it; the judge proposes what follows from that.
      }
    }
    defer {
      attention.looksAgain = judge.wantsToLook()
      nextTick = attention.tick(after: now)
    }
    guard isChanged else { return }
    attention.stageEntered(holdUntil: judge.status(at: instant).holdUntil.map { $0.nanoseconds - Self.epoch } ?? 0)
    let followed = judge.directive
    guard followed != directive else { return }
    directive = followed
    split = SplitPlaces(SplitTable(playbook, following: followed), of: request)
  }

  private mutating func take(_ decision: Decision) {
    judge.take(decision)
    log.note(decision, at: now, weather.candidateSince, state: judge.directive.state, keeps: keepsDecisions)
  }
}
