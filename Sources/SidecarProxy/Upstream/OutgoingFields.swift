/// The fate of a body's members on their way to an arm, by the endpoint and the model that are asked for.

import Dialects
import RolloutJudge
import Synchronization
import Vendors

final class OutgoingFields: Sendable {
  private let chat: BodyPolicy
  /// Other endpoints have words of their own, which the vendor's policy for chats does not know.
  private let other: BodyPolicy
  /// What becomes of a chat's messages.
  let messages: MessagePolicy
  /// Some models have more dropped and renamed.
  private let byModel: [ModelFields]
  private let arm: Arm
  /// The policies for the sets of models' rules that have concerned a request; a few at most.
  private let concerned = Mutex<[Concern: BodyPolicy]>([:])

  private struct Concern: Hashable {
    /// One bit for each of `byModel`; rules beyond 64 count together.
    var rules: UInt64
    var isChat: Bool
  }

  init(_ arm: Arm, isBaseline: Bool) {
    self.arm = arm
    // The operator's own rules go before the vendor's.
    byModel = isBaseline ? [] : Array((arm.outgoing.byModel + arm.outgoing.vendor.byModel).prefix(64))
    chat = isBaseline ? BodyPolicy(dropping: [String]()) : Self.policy(arm, [], isChat: true)
    other = isBaseline ? chat : Self.policy(arm, [], isChat: false)
    messages = isBaseline ? MessagePolicy() : arm.outgoing.vendor.messages
  }

  /// - Parameters:
  ///   - model: the arm's own id.
  ///   - asked: the application's.
  func policy(for endpoint: Endpoint?, model: String?, asked: String?) -> BodyPolicy {
    let isChat = endpoint == .chatCompletions || endpoint == .completions
    let common = isChat ? chat : other
    guard !byModel.isEmpty else { return common }
    var rules: UInt64 = 0
    for (index, fields) in byModel.enumerated() {
      if model.map(fields.concerns) ?? false || asked.map(fields.concerns) ?? false { rules |= 1 << UInt64(index) }
    }
    guard rules != 0 else { return common }
    return concerned.withLock { known in
      let concern = Concern(rules: rules, isChat: isChat)
      if let policy = known[concern] { return policy }
      let models = byModel.indices.filter { rules >> UInt64($0) & 1 == 1 }.map { byModel[$0] }
      let policy = Self.policy(arm, models, isChat: isChat)
      if known.count < Self.remembered { known[concern] = policy }
      return policy
    }
  }

  private static let remembered = 1024

  private static func policy(_ arm: Arm, _ models: [ModelFields], isChat: Bool) -> BodyPolicy {
    let (outgoing, vendor) = (arm.outgoing, arm.outgoing.vendor)
    let drops = isChat ? arm.dropFields : arm.dropFieldsBesideChats
    // A model's own rename goes before the arm's.
    let renames = models.flatMap(\.renames) + outgoing.renames + (isChat ? vendor.renames : [])
    let effort = models.lazy.compactMap(\.effort).first ?? vendor.effort
    return BodyPolicy(
      dropping: drops + models.flatMap(\.drop), renaming: renames, keeping: outgoing.keptFields,
      withholdsPrivate: true, only: isChat ? vendor.only.map { $0 + renames.map(\.to) } : nil,
      values: isChat ? vendor.values : [], effort: isChat ? effort : nil)
  }
}
