/// Who answers for an exchange: its client's connection, or the flight that several share.

import Guards
import RolloutJudge
import TrafficSplit

/// The one that gets what its attempts bring, and decides with the exchange what comes next.
protocol ExchangeOwner: AttemptReceiver {
  /// No connection may be opened to the arm.
  func noRoom(_ exchange: Exchange, on arm: ArmIndex, _ population: Population)
  /// A guard answers in place of any arm.
  func turnedAway(_ refusal: GuardRefusal)
}

/// An answer of Crossfade's own, in place of an arm's.
struct GuardRefusal: Equatable {
  var status: Int
  var message: String
  /// Whole seconds.
  var retryAfter: Int?
}

extension LoopState {
  /// Counts what a guard did; batches leave where nothing else happens too.
  func noteGuard(_ change: (inout GuardCounts) -> Void) {
    change(&ledger.counters.guards)
    scheduleHandOver()
  }
}
