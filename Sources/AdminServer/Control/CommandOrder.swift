/// A person's order: what they ask for, what they have seen, who they are and why.

package import RolloutJudge

package struct CommandOrder: Sendable, Equatable {
  package var command: Command
  /// The rollout's state when the person looked; refused where it has moved.
  package var shown: ShownState
  package var reason: String?
  /// The person's own account of who they are.
  package var actor: String
  /// Only asks what would be decided.
  package var isDryRun: Bool

  package init(
    _ command: Command, shown: ShownState = ShownState(), reason: String? = nil, actor: String, isDryRun: Bool = false
  ) {
    self.command = command
    self.shown = shown
    self.reason = reason
    self.actor = actor
    self.isDryRun = isDryRun
  }
}

/// Another playbook for the running process.
package struct PlaybookOrder: Sendable, Equatable {
  /// The file's text, before substitution; nil: the process reads its own file again.
  package var text: String?
  package var shown: ShownState
  package var actor: String
  /// Whether the person has proved by a token that they may name addresses and keys.
  package var isAuthorized: Bool
  package var isDryRun: Bool

  package init(text: String?, shown: ShownState = ShownState(), actor: String, isAuthorized: Bool, isDryRun: Bool) {
    self.text = text
    self.shown = shown
    self.actor = actor
    self.isAuthorized = isAuthorized
    self.isDryRun = isDryRun
  }
}

/// The result of a `PlaybookOrder`.
package struct PlaybookAnswer: Sendable, Encodable {
  /// Setting by setting, in words; empty where it is in force already.
  package var changed: [String]
  /// Whether it was taken, or would be.
  package var isChange: Bool
  package var seq: Int
  package var stage: String
  package var warnings: [String]
  /// The decision that it was journaled as; nil for a dry run.
  package var decision: Decision?

  package init(
    changed: [String], isChange: Bool, seq: Int, stage: String, warnings: [String] = [], decision: Decision? = nil
  ) {
    self.changed = changed
    self.isChange = isChange
    self.seq = seq
    self.stage = stage
    self.warnings = warnings
    self.decision = decision
  }

  enum CodingKeys: String, CodingKey {
    case changed, seq, stage, warnings, decision
    case isChange = "is_change"
  }
}

/// A playbook that is wrong in itself.
package struct PlaybookRefusal: Error, Sendable, Equatable {
  package var problems: [String]

  package init(problems: [String]) { self.problems = problems }
}
