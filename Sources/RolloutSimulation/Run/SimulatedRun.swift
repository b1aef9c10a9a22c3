/// What became of one imagined rollout.

package import RolloutJudge

package struct SimulatedRun: Sendable, Equatable {
  /// 1, 2, 3…
  package var number: Int
  package var ending: Ending
  /// The metric whose condition rolled back first; nil without a rollback.
  package var metric: Metric?
  /// The stage it ended in.
  package var stageIndex: Int
  /// Nanoseconds spent in each stage that was reached, in order, the last one cut off by the ending.
  package var stageDurations: [Int64]
  /// Requests that arrived, over the whole run.
  package var exchanges: Int
  /// From when the candidate that was rolled back last became another, or got its first request if that was later, to
  /// the rollback: its requests, copies included; all requests; and the time in nanoseconds.
  package var candidateRequests: Int
  package var requests: Int
  package var timeToRollback: Int64
  /// Canary answers that were bad and that the safety net could not replace.
  package var usersAffected: Int
  /// Models that were taken back while the candidate kept the others, in that order.
  package var taken: [TakenModel] = []
  /// All that was decided, where a trace was asked for.
  package var decisions: [Decision]

  package struct TakenModel: Sendable, Equatable {
    package var model: String
    /// The candidate's for that model, since it last became another.
    package var requests: Int
    /// Nanoseconds since the candidate last became another, or got its first request if that was later.
    package var after: Int64
  }

  package enum Ending: String, Sendable, CaseIterable, Codable {
    case rolledBack = "rolled_back"
    case completed
    case paused
    /// Still under way when time was up.
    case undecided
  }
}
