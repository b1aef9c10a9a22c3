/// What a person can ask for while a rollout runs, and why it may be refused.

package enum Command: Sendable, Equatable {
  /// Keeps the weights, stops advancing. Rollbacks still happen.
  case pause
  case resume
  /// Gives the approval that a stage waits for, or enters the next stage before the hold has passed; after the last stage,
  /// completes. A stage that asks for approval is not left before it waits for it, unless `now` says so.
  ///
  /// - Parameter candidate: One that is behind the others; nil: the rollout.
  case promotion(candidate: String?, now: Bool)
  /// By candidate name; nil: every candidate that is not rolled back yet.
  case rollback(candidate: String?)
  /// Opens a rolled-back candidate again, nil: every one, with evidence begun anew, in the named stage. Nil: in the first that
  /// gives it copies or weight. Candidates that were not rolled back stay where they are.
  case rearm(candidate: String? = nil, stage: String?)
  /// Weight 0 for good.
  case abort

  package static let promote = Command.promotion(candidate: nil, now: false)
}

/// What the person who commands has seen of the rollout; a command is refused where it has moved since.
package struct ShownState: Sendable, Equatable {
  /// The rollout's stage; nil: any.
  package var stage: String?
  /// The last decision's; 0 before the first; nil: any.
  package var seq: Int?

  package init(stage: String? = nil, seq: Int? = nil) {
    self.stage = stage
    self.seq = seq
  }
}

/// The command does not fit the state; the message says which, and what would.
package struct CommandRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: String, Sendable {
    case wrongState = "wrong_state"
    case unknownCandidate = "unknown_candidate"
    case unknownStage = "unknown_stage"
    case breached
    /// Something has been decided since the person looked.
    case moved
    case journalUnavailable = "journal_unavailable"
    /// Another playbook cannot take the place of the one in force.
    case playbookRefused = "playbook_refused"
  }

  package var reason: Reason
  package var message: String
  /// Where the rollout stands, for a refusal because it has moved.
  package var current: ShownState?

  package init(_ reason: Reason, _ message: String, current: ShownState? = nil) {
    self.reason = reason
    self.message = message
    self.current = current
  }

  package var description: String { message }
}

/// A journaled rollout cannot go on under this playbook.
package struct ResumeRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: String, Sendable {
    case otherRollout = "other_rollout"
    case stageGone = "stage_gone"
    case weightWouldRise = "weight_would_rise"
  }

  package var reason: Reason
  package var message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  package var description: String { message }
}
