/// The baseline's answers to exchanges that a canary has failed, on their way to the tests that weigh it.

import Dialects
import TrafficSplit

extension RolloutEvidence {
  /// The baseline is asked in a failed canary's place.
  mutating func rescueBegan(_ exchange: UInt64) {
    if hasRescues { rescues.asked(exchange) }
  }

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
    tell(canary) { $0.rescued($1, good: good, hasFailed: end.outcome.countsAsError) }
  }

  /// A rescue that was none, for want of something of Crossfade's own.
  mutating func rescueWithdrawn(_ exchange: UInt64) {
    guard let canary = rescues.rescued(exchange), !isClosed[canary.candidate] else { return }
    tell(canary) { $0.wasLost($1) }
  }

  /// Nobody was asked in place of these.
  mutating func settleUnasked() {
    for canary in rescues.looked() where !isClosed[canary.candidate] { tell(canary) { $0.wasLost($1) } }
  }

  /// The tests of all requests, and those of its model.
  private mutating func tell(_ canary: RescueWait.Canary, _ change: (inout TestSet, RescueWait.Canary) -> Void) {
    change(&live[canary.candidate], canary)
    guard canary.stratum >= 0, canary.stratum < strata.count else { return }
    var own = canary
    own.ordinal = canary.stratumOrdinal
    change(&strata.live[canary.candidate][canary.stratum], own)
  }
}
