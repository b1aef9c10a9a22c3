/// Records about the rollout and its playbook: what was commanded, restored, changed.

import Logging
import RolloutJudge

extension EventRecord {
  static func command(_ command: String, _ actor: String, _ reason: String?, _ refusal: String?) -> EventRecord {
    EventRecord(
      .command, refusal == nil ? .info : .warning,
      refusal.map { "\(actor) asked for \(command), refused: \($0)" } ?? "\(actor) commanded \(command)",
      [
        .command: .string(command), .actor: .string(actor), .reason: reason.map(JSONValue.string),
        .refusal: refusal.map(JSONValue.string),
      ])
  }

  static func restored(_ rollout: RestoredRollout) -> EventRecord {
    EventRecord(
      .restored, .info, "\(rollout.rollout) continues \(rollout.state.rawValue) in stage \(rollout.stage)",
      [
        .rollout: .string(rollout.rollout), .state: .string(rollout.state.rawValue), .stageName: .string(rollout.stage),
        .weights: .shares(rollout.weights), .seq: .integer(rollout.seq),
      ])
  }

  static func configChanged(
    _ playbook: String, _ sha256: String, _ before: String?, _ changes: [String]
  ) -> EventRecord {
    EventRecord(
      .configChanged, .info,
      "\(playbook) is in force" + (changes.isEmpty ? "" : ": \(changes.joined(separator: "; "))"),
      [
        .playbook: .string(playbook), .playbookSHA256: .string(sha256),
        .playbookSHA256Before: before.map(JSONValue.string),
        .changes: changes.isEmpty ? nil : .string(changes.joined(separator: "; ")),
      ])
  }

  static func configRefused(_ playbook: String, _ problems: [String]) -> EventRecord {
    EventRecord(
      .configRefused, .error,
      "the changed playbook was refused, the one before stays in force: \(problems.joined(separator: "; "))",
      [.playbook: .string(playbook), .problems: .string(problems.joined(separator: "\n"))])
  }
}
