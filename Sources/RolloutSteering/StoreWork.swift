/// The one thing that the store is asked for at a time, how long it may take, and its answer.

package import RolloutJudge

package enum StoreWork: Sendable, Equatable {
  /// - Parameter under: See `RolloutStore`.
  case append(Decision, under: DeciderLease?, within: Duration)
  /// All decisions of the rollout, oldest first.
  case readDecisions
  /// Every decision into the file, where a damaged log cannot hide it, and the evidence it leaves.
  case fold
  /// The evidence, so that a restart loses little of it.
  case keepEvidence
  /// Is it still what was written?
  case check
  /// A store that is empty is a damaged one where this process knows of a decision.
  case reopen(knowing: Int?)
  /// What takes the evidence takes a decision.
  case probe
  /// Opens a damaged one as it is, because a person says so.
  case accept
  /// It is no longer marked as damaged.
  case settle

  /// Nil: no limit, since nothing waits for it.
  package var patience: Duration? {
    switch self {
    case .append(_, _, let limit): limit
    case .readDecisions, .probe: Patience.decision
    case .fold, .check: Patience.keeping
    case .keepEvidence: Patience.evidence
    case .settle: Patience.last
    case .reopen, .accept: nil
    }
  }
}

package enum StoreAnswer: Sendable {
  /// The chain's head after it.
  case appended(head: String?)
  /// Another replica has given the number to this decision.
  case lost(to: Decision)
  /// The lease was another's by then.
  case lapsed
  case decisions([Decision])
  case opened(FoundStore)
  /// Whether every decision is in the file now.
  case folded(Bool)
  case done
  case failed(StoreFault)
}

/// The store's content, as far as the rollout goes on from it.
package struct FoundStore: Sendable {
  /// This rollout's, oldest first.
  package var decisions: [Decision]
  /// Nil where none was kept, or it cannot be read.
  package var checkpoint: Checkpoint?

  package init(decisions: [Decision], checkpoint: Checkpoint?) {
    self.decisions = decisions
    self.checkpoint = checkpoint
  }
}

/// How long the store is waited for. Beyond it a rollback takes effect all the same.
package enum Patience {
  package static let opening = Duration.seconds(10)
  package static let rollback = Duration.milliseconds(60)
  package static let decision = Duration.milliseconds(500)
  /// Whoever commanded a rollback, and the log, wait so long for it to be safe; the traffic does not.
  package static let telling = Duration.seconds(1)
  /// For what only makes a later loss smaller.
  package static let keeping = Duration.milliseconds(25)
  /// Longer than the journal itself waits for a lock: that another program holds it must be seen.
  package static let evidence = Duration.milliseconds(80)
  /// A heartbeat in a shared store; whoever is late comes again.
  package static let meeting = Duration.seconds(2)
  package static let last = Duration.seconds(5)
  /// A store that has not answered for so long is out of order.
  package static let stall = Duration.seconds(1)
  /// A person who takes a damaged store waits so long for it to be looked at.
  package static let acceptance = Duration.seconds(2)
}
