/// What the store is busy with for the rollout's sake; between two answers nothing else is asked of it.

import RolloutJudge

/// Legal transitions: every phase ends in `idle`, which begins each of them, or in the next step of the same errand
/// (`reopening` → `catchingUp` → `probing`, `reading` → `awaiting`, `awaiting` → `tending` or `catchingUp`, the steps of an acceptance).
///
/// What it is about is behind a reference: the phase is asked for at every event, and is idle at nearly all of them.
enum SteeringPhase: Sendable {
  case idle
  /// A decision is on its way to the journal, and in force only once it is there.
  indirect case awaiting(AwaitedDecision)
  /// Another playbook was offered: what has been decided so far is read.
  indirect case reading(PlaybookOffer)
  case tending(StoreChore)
  /// - Parameter hadStore: Whether it was open already.
  case reopening(hadStore: Bool)
  /// A rollback that took effect without the journal is being journaled.
  indirect case catchingUp(Decision)
  case probing
  /// A person takes a damaged store as it is.
  indirect case accepting(Acceptance)

  /// Where the store is being put in order, nothing but a rollback can be proposed, and that does not wait.
  var isOpenToDecisions: Bool {
    switch self {
    case .idle, .reopening, .catchingUp, .probing: true
    case .accepting(let acceptance): if case .opening = acceptance.step { true } else { false }
    case .awaiting, .reading, .tending: false
    }
  }
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
