/// The last word on every rollout, kept beside the store, so that a store that has forgotten something is found out.

import Foundation
package import RolloutJudge
import TrafficSplit

/// Written after each decision is journaled and before it takes effect. A journal may be ahead of its mark, by the
/// decision during which the process ended; one that is behind it has lost something.
package struct StoreMark: Sendable, Equatable, Codable {
  /// The entries by name, one for each rollout; the most recent `maxRollouts`.
  package var rollouts: [Entry] = []
  /// Rollbacks in force that the journal could not take, oldest first.
  package var pending: [Pending] = []
  /// The damage that was found and is not settled yet: only a person may go on from there.
  package var damage: String?

  package static let maxRollouts = 50
  package static let maxPending = 16

  package struct Pending: Sendable, Equatable, Codable {
    /// To the millisecond, as its text has it; `nanoseconds` is the whole of it.
    var told: Decision
    var nanoseconds: Int64

    init(_ decision: Decision) {
      (told, nanoseconds) = (decision, decision.at.nanoseconds)
      told.at = decision.at.inMilliseconds
    }

    package var decision: Decision {
      var decision = told
      decision.at = Instant(nanoseconds: nanoseconds)
      return decision
    }
  }

  package struct Entry: Sendable, Equatable, Codable {
    package var rollout: String
    package var seq: Int
    /// The seal of the decision's row; nil where the journal does not have it.
    package var seal: Int64?
    package var at: Instant
    package var decision: Decision.Kind
    package var state: RolloutState
    package var stage: String
    package var weights: [String: Double]
    /// Candidates that are rolled back.
    package var closed: [String]
  }

  package init() {}

  package func entry(_ rollout: String) -> Entry? { rollouts.first { $0.rollout == rollout } }

  /// - Parameter seal: of the decision's row; nil where it could not be journaled.
  mutating func note(_ decision: Decision, seal: Int64?) {
    let entry = Entry(decision, seal: seal, after: entry(decision.rollout))
    rollouts.removeAll { $0.rollout == decision.rollout }
    rollouts.append(entry)
    rollouts.removeFirst(max(0, rollouts.count - Self.maxRollouts))
    pending.removeAll { pending in
      let seq = pending.told.seq
      return pending.told.rollout == decision.rollout && (seal != nil ? seq <= decision.seq : seq == decision.seq)
    }
    if seal == nil { pending = (pending + [Pending(decision)]).suffix(Self.maxPending) }
  }
}

extension StoreMark.Entry {
  fileprivate init(_ decision: Decision, seal: Int64?, after former: StoreMark.Entry?) {
    var closed = Set(former?.closed ?? [])
    switch decision.decision {
    // One that takes a model back leaves the candidate open.
    case .rollback where decision.model == nil:
      closed.formUnion(decision.candidate.map { [$0] } ?? Array(decision.weightsAfter.keys))
    case .start: closed = []
    case .rearm: closed.subtract(decision.candidate.map { [$0] } ?? Array(closed))
    default: break
    }
    let isAllClosed = !decision.weightsAfter.isEmpty && decision.weightsAfter.keys.allSatisfy(closed.contains)
    let state: RolloutState =
      switch decision.decision {
      case .start, .advance, .resume, .rearm: .running
      case .pause: .paused
      case .complete: .completed
      case .abort: .aborted
      case .rollback where isAllClosed: .rolledBack
      case .rollback, .hold, .configChanged: former?.state ?? .running
      }
    self.init(
      rollout: decision.rollout, seq: decision.seq, seal: seal, at: decision.at.inMilliseconds,
      decision: decision.decision,
      state: state, stage: decision.stage, weights: decision.weightsAfter, closed: closed.sorted())
  }

  /// `decision 7 of r (rollback)`.
  var words: String { "decision \(seq) of \(rollout) (\(decision.rawValue))" }
}

extension Instant {
  /// The instant as far as its text goes.
  fileprivate var inMilliseconds: Instant { Instant(nanoseconds: nanoseconds / 1_000_000 * 1_000_000) }
}
