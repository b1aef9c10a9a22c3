/// The decisions that this process knows to be journaled, so that a store that has forgotten them can be told again.

import RolloutJudge
import Synchronization

/// The last ones of each rollout.
final class DecisionMemory: Sendable {
  static let limit = 64

  private let recent = Mutex<[String: [Decision]]>([:])

  /// - Parameter decisions: Of one rollout, oldest first.
  func note(_ decisions: [Decision]) {
    guard let rollout = decisions.first?.rollout else { return }
    recent.withLock { recent in
      var known = recent[rollout] ?? []
      for decision in decisions {
        // What has taken its number has taken those of its successors too.
        known.removeAll { $0.seq >= decision.seq && $0 != decision }
        if known.last?.seq ?? 0 < decision.seq { known.append(decision) }
      }
      recent[rollout] = known.suffix(Self.limit)
    }
  }

  /// Those that a journal lacks which ends earlier: oldest first, without a gap.
  ///
  /// - Returns: nil where not all of them are known any more.
  func missing(in rollout: String, after last: Int) -> [Decision]? {
    recent.withLock { recent in
      let later = (recent[rollout] ?? []).filter { $0.seq > last }
      guard let first = later.first else { return [] }
      return first.seq == last + 1 ? later : nil
    }
  }

  var rollouts: [String] { recent.withLock { $0.keys.sorted() } }

  /// The greatest number that is known; 0: none.
  func lastSeq(of rollout: String) -> Int { recent.withLock { $0[rollout]?.last?.seq ?? 0 } }
}
