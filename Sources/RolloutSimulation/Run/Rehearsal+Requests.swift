/// From a request of the application to its attempts and their ends.

import Dialects
import RolloutJudge
import RolloutSteering
import TrafficSplit

extension Rehearsal {
  mutating func requestArrived() {
    let kind = mix.draw(&generator)
    send(ApplicationRequest(unit: units.draw(&generator), kind: kind))
  }

  mutating func send(_ again: ApplicationRequest) {
    var request = again
    request.floor = max(weather.outage, request.unit.isBad ? application.badUnitRate : 0)
    exchanges += 1
    log.exchanges += 1
    if let failed = request.failed { machine.record(.retried(request.arm, exchange: failed, at: instant)) }
    let arm = splits[request.kind].arm(ofUnit: request.unit.hash)
    request.arm = arm
    let isAnswered = start(arm, .live, request)
    guard arm.isBaseline, splits[request.kind].isCopying else { return }
    let (split, draw) = (splits[request.kind], generator.next())
    split.forEachCopy(draw: draw) { copy in
      if let drop = copies.refusal(at: now) {
        machine.record(.shadowDropped(copy, drop, at: instant))
      } else {
        copies.underway += 1
        _ = start(copy, .shadow, request, isCompared: isAnswered)
      }
    }
  }

  /// - Returns: Whether it will be answered.
  private mutating func start(
    _ arm: ArmIndex, _ population: Population, _ request: ApplicationRequest, isCompared: Bool = false
  ) -> Bool {
    attempts += 1
    let ending = draw(arm, population, request)
    tellStart(arm, population, request)
    if !arm.isBaseline {
      log.candidateStarted(arm.candidate, request.kind, at: now, since: weather.candidateSince)
      if ending.latency > attention.slow {
        attention.slowStarted(attempts, at: now)
        nextTick = min(nextTick, attention.tick(after: now))
      }
    }
    ends.push(
      Underway(
        attempt: attempts, exchange: exchanges, start: now, request: request, arm: arm, ending: ending,
        population: population),
      at: now + max(1, ending.latency))
    if isCompared, ending.outcome.isOk { comparisons[attempts] = compare(arm, request.kind) }
    return ending.outcome.isOk
  }

  private mutating func tellStart(_ arm: ArmIndex, _ population: Population, _ request: ApplicationRequest) {
    if begun?.kind != request.kind || begun?.population != population {
      begun = (request.kind, population)
      start.shares = population == .live ? splits[request.kind].shares : []
      start.model = models[request.kind]
    }
    (start.attempt, start.exchange) = (attempts, exchanges)
    (start.arm, start.population) = (arm, population)
    (start.unit, start.at) = (request.unit.hash, instant)
    machine.record(start)
  }

  private mutating func draw(
    _ arm: ArmIndex, _ population: Population, _ request: ApplicationRequest
  ) -> ArmModel.Ending {
    let pace = weather.pace + request.unit.pace
    var ending =
      arm.isBaseline
      ? weather.baseline[request.kind].draw(floor: request.floor, pace: pace, &generator)
      : weather.candidate[request.kind].draw(floor: request.floor, pace: pace, &generator)
    if let patience = application.patience, population == .live { patience.cut(&ending, &generator) }
    return ending
  }

  /// Nil where nobody asks; known when the copy ends, which is when the later of the two answers usually has.
  private mutating func compare(_ arm: ArmIndex, _ kind: Int) -> PairComparison? {
    guard asksForMismatches else { return nil }
    let isMismatch = generator.unit() < weather.candidate[kind].mismatchRate
    let isNoisy = generator.unit() < machine.noise(at: instant)
    let isNoiseMismatch = isNoisy ? generator.unit() < weather.baseline[kind].mismatchRate : nil
    return PairComparison(
      exchange: exchanges, candidate: arm, isMismatch: isMismatch, noiseMismatch: isNoiseMismatch, at: instant)
  }

  /// - Returns: Whether anything can follow from it.
  mutating func attemptEnded() -> Bool {
    let attempt = ends.pop()
    let ending = attempt.ending
    if !attempt.arm.isBaseline { count(attempt) }
    if asksForMismatches, let comparison = comparisons.removeValue(forKey: attempt.attempt) {
      machine.record(.compared(comparison))
      if comparison.isMismatch {
        attention.mismatched(attempt.attempt, hearable: attempt.start + Judge.comparisonDelay)
        nextTick = min(nextTick, attention.tick(after: now))
      }
    }
    end.attempt = attempt.attempt
    end.exchange = attempt.exchange
    (end.arm, end.population) = (attempt.arm, attempt.population)
    (end.outcome, end.isNormalFinish) = (ending.outcome, ending.outcome.isOk)
    end.isRetry = attempt.population == .live && attempt.request.failures > 0
    (end.at, end.latency) = (instant, now - attempt.start)
    if !ending.dollars.isNaN || end.costSource != .unknown {
      (end.cost, end.costSource) = (ending.cost, ending.cost == nil ? .unknown : .reported)
    }
    machine.record(end)
    if attempt.population == .live, !attempt.arm.isBaseline, application.isReplaced(ending.outcome) {
      rescue(attempt)
    } else if !ending.outcome.isOk, attempt.population != .shadow {
      sendAgain(attempt.request, after: attempt.exchange)
    }
    let isAwake =
      attempt.population == .rescue
      || attention.ended(
        attempt.attempt, isCandidate: !attempt.arm.isBaseline, isOk: ending.outcome.isOk,
        latency: now - attempt.start,
        at: now)
    return isAwake || machine.wantsToLook()
  }

  /// The baseline answers in the canary's place.
  private mutating func rescue(_ canary: Underway) {
    attempts += 1
    machine.record(.fellBack(canary.arm, canary.ending.outcome, exchange: canary.exchange, at: instant))
    let ending = weather.baseline[canary.request.kind].draw(
      floor: canary.request.floor, pace: weather.pace + canary.request.unit.pace, &generator)
    ends.push(
      Underway(
        attempt: attempts, exchange: canary.exchange, start: now, request: canary.request, arm: .baseline,
        ending: ending, population: .rescue),
      at: now + max(1, ending.latency))
  }

  /// The application did not get what it asked for.
  private mutating func sendAgain(_ request: ApplicationRequest, after exchange: UInt64) {
    guard let retries = application.retries, Int(request.failures) < retries.atMost, generator.unit() < retries.share
    else {
      return
    }
    var request = request
    request.failures += 1
    request.failed = exchange
    // Where nothing is sticky, a request that is sent again goes wherever it may.
    if request.unit.index < 0 { request.unit.hash = generator.next() }
    returns.push(request, at: now + max(1, retries.after.nanoseconds))
  }

  private mutating func count(_ attempt: Underway) {
    if attempt.population == .shadow { copies.ended(cost: attempt.ending.cost, at: now) }
    guard attempt.population == .live, attempt.ending.outcome.countsAsError else { return }
    if !application.isReplaced(attempt.ending.outcome) { log.usersAffected += 1 }
  }

  /// What a rolled-back candidate still had under way reaches its users.
  mutating func drain() {
    while ends.next != .max {
      let attempt = ends.pop()
      if !attempt.arm.isBaseline { count(attempt) }
    }
  }
}
