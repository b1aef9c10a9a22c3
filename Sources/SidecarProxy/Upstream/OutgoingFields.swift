/// The fate of a body's members on their way to an arm, by the endpoint and the model that are asked for.

import Dialects
import RolloutJudge
import Synchronization
import Vendors

final class OutgoingFields: Sendable {
  private let chat: BodyPolicy
  /// Other endpoints have words of their own, which the vendor's policy for chats does not know.
  private let other: BodyPolicy
  private let images: BodyPolicy
  private let videos: BodyPolicy
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
    var kind: Kind
  }

  /// The requests that have the same words.
  private enum Kind { case chat, images, videos, other }

  init(_ arm: Arm, isBaseline: Bool) {
    self.arm = arm
    // The operator's own rules go before the vendor's.
    byModel = isBaseline ? [] : Array((arm.outgoing.byModel + arm.outgoing.vendor.byModel).prefix(64))
    chat = isBaseline ? BodyPolicy(dropping: [String]()) : Self.policy(arm, [], for: .chat)
    other = isBaseline ? chat : Self.policy(arm, [], for: .other)
    images = isBaseline ? chat : Self.policy(arm, [], for: .images)
    videos = isBaseline ? chat : Self.policy(arm, [], for: .videos)
    messages = isBaseline ? MessagePolicy() : arm.outgoing.vendor.messages
  }

  /// - Parameters:
  ///   - model: the arm's own id.
  ///   - asked: the application's.
  func policy(for endpoint: Endpoint?, model: String?, asked: String?) -> BodyPolicy {
    let (kind, common) = common(for: endpoint)
    guard !byModel.isEmpty else { return common }
    var rules: UInt64 = 0
    for (index, fields) in byModel.enumerated() {
      if model.map(fields.concerns) ?? false || asked.map(fields.concerns) ?? false { rules |= 1 << UInt64(index) }
    }
    guard rules != 0 else { return common }
    return concerned.withLock { known in
      let concern = Concern(rules: rules, kind: kind)
      if let policy = known[concern] { return policy }
      let models = byModel.indices.filter { rules >> UInt64($0) & 1 == 1 }.map { byModel[$0] }
      let policy = Self.policy(arm, models, for: kind)
      if known.count < Self.remembered { known[concern] = policy }
      return policy
    }
  }

  private static let remembered = 1024

  private func common(for endpoint: Endpoint?) -> (Kind, BodyPolicy) {
    switch endpoint {
    case .chatCompletions, .completions: (.chat, chat)
    case .images: (.images, images)
    case .videos: (.videos, videos)
    default: (.other, other)
    }
  }

  private static func policy(_ arm: Arm, _ models: [ModelFields], for kind: Kind) -> BodyPolicy {
    let outgoing = arm.outgoing
    let vendor: FieldPolicy? =
      switch kind {
      case .chat: outgoing.vendor
      case .images: outgoing.media[.images]
      case .videos: outgoing.media[.videos]
      case .other: nil
      }
    let drops = kind == .chat ? arm.dropFields : arm.dropFieldsBesideChats + (vendor?.drop ?? [])
    // A model's own rename goes before the arm's.
    let renames = models.flatMap(\.renames) + outgoing.renames + (vendor?.renames ?? [])
    let effort = kind == .chat ? models.lazy.compactMap(\.effort).first ?? vendor?.effort : nil
    return BodyPolicy(
      dropping: drops + models.flatMap(\.drop), renaming: renames, keeping: outgoing.keptFields,
      withholdsPrivate: true, only: vendor?.only.map { $0 + renames.map(\.to) }, values: vendor?.values ?? [],
      effort: effort, form: vendor?.form)
  }
}
