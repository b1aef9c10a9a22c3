/// How the arms of an earlier playbook are numbered in the one in force, for what was under way when it was replaced.

import RolloutJudge
import SidecarProxy
import TrafficSplit

struct ArmTranslation: Sendable, Equatable {
  /// The new index by arm index in the earlier playbook; nil: no longer there, or another gateway under the old name.
  private(set) var arms: [ArmIndex?]
  /// Whether tags mean what they meant.
  private(set) var keepsTags = true

  private init(arms: [ArmIndex?]) { self.arms = arms }

  /// - Parameter renewed: names of candidates that are others now.
  init(from earlier: Playbook, to later: Playbook, renewed: [String]) {
    arms =
      [.baseline]
      + earlier.candidates.map { arm in
        guard !renewed.contains(arm.name) else { return nil }
        return later.candidates.firstIndex { $0.name == arm.name }.map { .candidate($0) }
      }
    keepsTags = earlier.tags == later.tags
  }

  /// Whether shares by candidate mean what they meant.
  var isIdentity: Bool { arms.enumerated().allSatisfy { $0.element?.rawValue == $0.offset } }

  func followed(by next: ArmTranslation) -> ArmTranslation {
    var both = ArmTranslation(arms: arms.map { $0.flatMap { next[$0] } })
    both.keepsTags = keepsTags && next.keepsTags
    return both
  }

  subscript(arm: ArmIndex) -> ArmIndex? { arms.indices.contains(arm.rawValue) ? arms[arm.rawValue] : nil }

  /// Nil for what is about an arm that is no longer there.
  func callAsFunction(_ entry: LedgerEntry) -> LedgerEntry? {
    switch entry {
    case .started(let start):
      // The attempt's own shares are by candidate.
      return isIdentity ? .started(start) : nil
    case .ended(let end): return self(end).map { .ended($0) }
    case .withdrawn(let end): return self(end).map { .withdrawn($0) }
    case .shadowDropped(let arm, let reason, let at): return self[arm].map { .shadowDropped($0, reason, at: at) }
    case .fellBack(let arm, let outcome, let exchange, let at):
      return self[arm].map { .fellBack($0, outcome, exchange: exchange, at: at) }
    case .retried(let arm, let exchange, let at): return self[arm].map { .retried($0, exchange: exchange, at: at) }
    case .compared(var pair):
      guard let arm = self[pair.candidate] else { return nil }
      pair.candidate = arm
      return .compared(pair)
    case .videoSettled(let arm, let note): return self[arm].map { .videoSettled($0, note) }
    case .overhead(let arm, let nanoseconds): return self[arm].map { .overhead($0, nanoseconds: nanoseconds) }
    case .outcomeReported: return entry
    }
  }

  func callAsFunction(_ end: AttemptEnd) -> AttemptEnd? {
    guard let arm = self[end.arm] else { return nil }
    var end = end
    end.arm = arm
    if !keepsTags { end.labels = nil }
    return end
  }
}
