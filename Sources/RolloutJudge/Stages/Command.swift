/// What a person can ask for while a rollout runs, and why it may be refused.

package enum Command: Sendable, Equatable {
  /// Keeps the weights, stops advancing. Rollbacks still happen.
  case pause
  case resume
  /// Enters the next stage now, whatever the hold says; after the last stage, completes.
  case promote
  /// By candidate name; nil: every candidate that is not rolled back yet.
  case rollback(candidate: String?)
  /// Opens every rolled-back candidate again, with evidence begun anew, in the named stage. Nil: in the current stage while other
  /// candidates go on, else in the first stage that gives a candidate copies or weight.
  case rearm(stage: String?)
  /// Weight 0 for good.
  case abort
}

/// The command does not fit the state; the message says which, and what would.
package struct CommandRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: String, Sendable {
    case wrongState = "wrong_state"
    case unknownCandidate = "unknown_candidate"
    case unknownStage = "unknown_stage"
    case breached
    case journalUnavailable = "journal_unavailable"
  }

  package var reason: Reason
  package var message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
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
