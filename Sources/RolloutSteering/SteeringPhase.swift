/// What the store is busy with for the rollout's sake; between two answers nothing else is asked of it.

import RolloutJudge

/// Legal transitions: every phase ends in `idle`, which begins each of them, or in the next step of the same errand
/// (`reopening` → `catchingUp` → `probing`, `reading` → `awaiting`, `awaiting` → `tending` or `catchingUp`, the steps of an acceptance).
enum SteeringPhase: Sendable {
  case idle
  /// A decision is on its way to the journal, and in force only once it is there.
  case awaiting(AwaitedDecision)
  /// Another playbook was offered: what has been decided so far is read.
  case reading(PlaybookOffer)
  case tending(StoreChore)
  /// - Parameter hadStore: Whether it was open already.
  case reopening(hadStore: Bool)
  /// A rollback that took effect without the journal is being journaled.
  case catchingUp(Decision)
  case probing
  /// A person takes a damaged store as it is.
  case accepting(Acceptance)
}

struct AwaitedDecision: Sendable {
  var decision: Decision
  var origin: Origin
  var since: Instant

  enum Origin: Sendable {
    case judge
    case command(SteeringCommand)
    case change(PlaybookOffer, successor: Judge)
  }
}

enum StoreChore: Sendable, Equatable {
  case fold(thenCheck: Bool)
  case keepEvidence
  case check
}

struct Acceptance: Sendable {
  var request: SteeringCommand
  var damage: StoreFault
  var step = Step.opening

  enum Step: Sendable {
    case opening
    case journaling(Decision)
    case settling
  }
}
