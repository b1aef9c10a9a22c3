/// The facts that a rollout is steered by. Each comes with the instant at which it is told.

package import RolloutJudge

package enum SteeringEvent: Sendable {
  /// The loops are there: decisions reach the traffic from here on.
  case attached
  /// The judge has been told of attempts, pairs or outcomes.
  case observed
  /// Holds end by time alone, and the store is looked after. The fault: a call to it is overdue.
  case tick(overdue: StoreFault?)
  case budgets(SpentBudgets)
  indirect case commanded(SteeringCommand)
  indirect case offered(PlaybookOffer)
  /// The store's answer to what it was asked under this number.
  indirect case stored(StoreAnswer, ticket: Int)
  /// What became of a decision that took effect before it was journaled.
  indirect case kept(Decision, Keeping)
  /// Somebody else's use of the store failed.
  case storeFailed(StoreFault)
  /// Other replicas have journaled these, oldest first.
  case heard([Decision])
  /// - Parameter from: Where it goes on, for a replica that decides from now on.
  indirect case role(SteeringRole, from: FoundStore?)
  /// Every loop follows this course, or a later one.
  case adopted(course: Int)
}

/// Who decides by evidence. Commands, and rollbacks that a replica has seen reason enough for by itself, are everybody's.
package enum SteeringRole: Sendable, Equatable {
  /// The store is this process's alone.
  case alone
  case decider(DeciderLease)
  case follower

  var decides: Bool { self != .follower }

  var lease: DeciderLease? { if case .decider(let lease) = self { lease } else { nil } }
}

/// The budgets that are spent for now.
package struct SpentBudgets: Sendable, Equatable {
  package var isShadowSpent: Bool
  /// By index in the playbook's.
  package var arms: [Int]

  package init(isShadowSpent: Bool = false, arms: [Int] = []) {
    self.isShadowSpent = isShadowSpent
    self.arms = arms
  }
}

/// A person's command, answered under its ticket.
package struct SteeringCommand: Sendable, Equatable {
  package var ticket: Int
  package var command: Command
  package var shown: ShownState
  package var reason: String?
  package var actor: String

  package init(ticket: Int, _ command: Command, shown: ShownState = ShownState(), reason: String? = nil, actor: String)
  {
    self.ticket = ticket
    self.command = command
    self.shown = shown
    self.reason = reason
    self.actor = actor
  }
}

/// Another playbook for the running rollout, answered under its ticket.
package struct PlaybookOffer: Sendable {
  package var ticket: Int
  package var playbook: Playbook
  package var shown: ShownState
  package var actor: String
  /// Only asks what it would change.
  package var isDryRun: Bool

  package init(ticket: Int, _ playbook: Playbook, shown: ShownState, actor: String, isDryRun: Bool) {
    self.ticket = ticket
    self.playbook = playbook
    self.shown = shown
    self.actor = actor
    self.isDryRun = isDryRun
  }
}
