/// The change that a command is about to make, in one line: `ramp: litellm 1% → 25%; 2 of its requests so far`.

import Foundation
import RolloutJudge

struct CommandPlan {
  /// The decision as it would be taken.
  let decision: Decision
  let status: RolloutStatus

  init(_ decision: Decision, _ status: RolloutStatus) {
    self.decision = decision
    self.status = status
  }

  var text: String {
    let names = decision.weightsAfter.keys.sorted()
    let changed = names.filter { decision.weightsAfter[$0] != decision.weightsBefore[$0] }
    let concerned = decision.candidate.map { [$0] } ?? (changed.isEmpty ? names : changed)
    return "\(heading): \(concerned.map(line).joined(separator: ", "))" + (decision.skipped.map(Self.words) ?? "")
  }

  private var heading: String {
    switch decision.decision {
    case .complete: "\(decision.stage), completed"
    case .resume: "\(decision.stage), resumed"
    default: decision.stage
    }
  }

  private func line(_ name: String) -> String {
    let (before, after) = (decision.weightsBefore[name] ?? 0, decision.weightsAfter[name] ?? 0)
    let share =
      before == after ? FigureText.share(after) : "\(FigureText.share(before)) → \(FigureText.share(after))"
    let figures = status.arms[name]
    let seen = (figures?.live.requests ?? 0) + (figures?.shadow.requests ?? 0)
    return "\(name) \(share); \(FigureText.count(seen)) of its requests so far"
  }

  private static func words(_ skipped: String) -> String {
    "; does not wait for \(skipped.replacing("_", with: " "))"
  }
}
