/// The baseline's answers to exchanges that a canary has failed, on their way to the tests that weigh it.

import Dialects
import TrafficSplit

extension RolloutEvidence {
  /// The baseline's answer, or failure, in a failed canary's place.
  mutating func rescued(_ end: AttemptEnd) {
    guard let canary = rescues.rescued(end.exchange), !isClosed[canary.candidate] else { return }
    latest = max(latest, end.at)
    var good: SignalSet = 0
    for signal in plan.signals.indices where canary.bad.has(signal) {
      let reading = plan.signals[signal].reading(of: end, limit: limits.limit(signal, isBaseline: true))
      // Who leaves a rescue has not seen how it ends: the benefit is the candidate's.
      if reading == .good, end.outcome != .clientGone { good |= 1 << SignalSet(signal) }
    }
    live[canary.candidate].rescued(canary, good: good, hasFailed: end.outcome.countsAsError)
    guard canary.stratum >= 0, canary.stratum < strata.count else { return }
    var own = canary
    own.ordinal = canary.stratumOrdinal
    strata.live[canary.candidate][canary.stratum].rescued(own, good: good, hasFailed: end.outcome.countsAsError)
  }
}
