/// Our own mistakes at a candidate (its key, its account, a field, a model's name): they pause, since they say nothing of it.

import Dialects
import TrafficSplit

extension Judge {
  /// With the failures that the metric's bad attempts are, where it has such.
  func naming(
    _ evidence: Evidence, of metric: Metric, _ candidate: Int, _ population: Population, stratum: Int? = nil
  ) -> Evidence {
    guard Self.isOfFailures(metric) else { return evidence }
    var evidence = evidence
    let counts = failures.counts(candidate, population, since: evidence.since, stratum: stratum)
    evidence.failures = counts.isEmpty ? nil : counts
    return evidence
  }

  private static func isOfFailures(_ metric: Metric) -> Bool { metric == .errorRate || metric == .retryRate }

  /// Whether the breach pauses in place of rolling back: most of its failures are our own doing, and no client has met them,
  /// since they are of copies or the safety net has caught them.
  func pausesInstead(_ breach: Breach) -> Bool {
    guard playbook.ownMistakes == .pause, Self.isOfFailures(breach.condition.metric),
      let failures = breach.evidence.failures, failures.leadingMistake != nil
    else { return false }
    return breach.population == .shadow
      || failures.allSatisfy { $0.mistake == nil || playbook.traffic.catches($0) }
  }

  /// A rollback condition of the candidate that only our own mistakes have crossed.
  func mistakenBreach(of candidate: Int) -> Breach? {
    evidence.plan.conditions.indices.lazy.filter { evidence.plan.conditions[$0].isRollback }
      .compactMap { breaches[candidate][$0] }.first { pausesInstead($0) }
  }

  /// In whichever state there is traffic: also a completed rollout then needs a person.
  func pauseForMistake(at now: Instant) -> Decision? {
    guard hasBreach, progress.state != .rolledBack else { return nil }
    for (candidate, name) in candidateNames.enumerated() where !progress.isClosed[candidate] {
      guard let breach = mistakenBreach(of: candidate), let mistake = breach.evidence.failures?.leadingMistake else {
        continue
      }
      return proposal(
        .pause, at: now, candidate: name, breach: breach, message: breach.sentence(pausing: name, in: stage.name),
        reason: mistake.rawValue)
    }
    return nil
  }

  /// What the tests are told of an attempt while a person is asked to mend a mistake that it is another case of: it counts for
  /// nobody. Nil of all others, which count as ever.
  func withoutMistake(_ end: AttemptEnd) -> AttemptEnd? {
    guard end.mistake != nil, !end.arm.isBaseline, candidateNames.indices.contains(end.arm.candidate),
      progress.mistaken.contains(candidateNames[end.arm.candidate])
    else { return nil }
    var end = end
    (end.outcome, end.latency, end.ttft, end.isRetry) = (.clientGone, 0, 0, false)
    return end
  }
}

extension Decision {
  /// A pause for which a mistake of ours is to be mended.
  var isForMistake: Bool {
    decision == .pause && evidence?.failures?.leadingMistake != nil && reason.flatMap(OwnMistake.init) != nil
  }
}

extension Traffic {
  /// Whether the baseline answers for an attempt that fails so before its first token.
  fileprivate func catches(_ failure: FailureCount) -> Bool {
    switch failure.status {
    case 429: fallback.contains(.rateLimited)
    case .some(400..<500): fallback.contains(.clientError)
    case .some(500...): fallback.contains(.serverError)
    // Under a status that says success the error is met only where the answer is held back.
    default: fallback.contains(.errorInBody) && safetyNet.until == .firstToken
    }
  }
}
