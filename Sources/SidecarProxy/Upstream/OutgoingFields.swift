/// The fate of a body's members on their way to an arm, by the model that is asked for.

import Dialects
import RolloutJudge

struct OutgoingFields: Sendable {
  private let all: BodyPolicy
  /// Some models have more dropped and renamed; the policy for each, with those of all globs that concern it.
  private let byModel: [ModelFields]
  private let arm: Arm

  init(_ arm: Arm, isBaseline: Bool) {
    self.arm = arm
    byModel = isBaseline ? [] : arm.outgoing.byModel
    all = isBaseline ? BodyPolicy(dropping: [String]()) : Self.policy(arm, [])
  }

  /// - Parameters:
  ///   - model: the arm's own id.
  ///   - asked: the application's.
  func policy(for model: String?, asked: String?) -> BodyPolicy {
    guard !byModel.isEmpty else { return all }
    let names = [model, asked].compactMap(\.self)
    let concerned = byModel.filter { fields in names.contains(where: fields.concerns) }
    return concerned.isEmpty ? all : Self.policy(arm, concerned)
  }

  private static func policy(_ arm: Arm, _ models: [ModelFields]) -> BodyPolicy {
    // A model's own rename goes before the arm's.
    let renames = models.flatMap(\.renames) + arm.outgoing.renames
    return BodyPolicy(
      dropping: arm.dropFields + models.flatMap(\.drop), renaming: renames.map { ($0.from, $0.to) },
      keeping: arm.outgoing.keptFields, withholdsPrivate: true)
  }
}
