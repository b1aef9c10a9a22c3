/// Keeps count of a run: where the time went, what the candidate was given, how it ended.

import RolloutJudge

struct RunLog: Sendable {
  /// Requests that arrived since counting began anew.
  var exchanges = 0
  var usersAffected = 0
  private(set) var isOver = false

  private let number: Int
  private let names: [String]
  private let models: [String?]
  private var candidates: [Candidate]
  private var stageIndex = 0
  private var enteredAt: Int64 = 0
  private var stageDurations: [Int64] = []
  private var rollback: (metric: Metric?, candidate: Int, requests: Int, at: Int64, since: Int64)?
  private var taken: [SimulatedRun.TakenModel] = []
  private var state = RolloutState.running
  private var decisions: [Decision] = []

  /// One candidate since it last became another, or since its first request.
  private struct Candidate: Sendable {
    var isCounting = false
    var since: Int64 = 0
    var requests = 0
    /// By kind.
    var requestsByKind: [Int]
    /// Requests of the rollout before.
    var exchangesBefore = 0
  }

  /// - Parameter models: By kind of request.
  init(_ playbook: Playbook, models: [String?], number: Int) {
    self.models = models
    self.number = number
    names = playbook.candidates.map(\.name)
    candidates = names.map { _ in Candidate(requestsByKind: models.map { _ in 0 }) }
  }

  mutating func candidateStarted(_ index: Int, _ kind: Int, at now: Int64, since changed: Int64) {
    if !candidates[index].isCounting || changed > candidates[index].since {
      candidates[index] = Candidate(
        isCounting: true, since: candidates[index].isCounting ? changed : now, requests: 0,
        requestsByKind: models.map { _ in 0 }, exchangesBefore: exchanges - 1)
    }
    candidates[index].requests += 1
    candidates[index].requestsByKind[kind] += 1
  }

  mutating func note(_ decision: Decision, at now: Int64, _ changed: Int64, state: RolloutState, keeps: Bool) {
    self.state = state
    if keeps { decisions.append(decision) }
    switch decision.decision {
    case .advance: enter(decision.stageIndex, at: now)
    case .rollback where decision.model != nil:
      let index = decision.candidate.flatMap { names.firstIndex(of: $0) } ?? 0
      guard candidates.indices.contains(index), let model = decision.model else { break }
      let requests = models.indices.reduce(0) { $0 + (models[$1] == model ? candidates[index].requestsByKind[$1] : 0) }
      taken.append(
        SimulatedRun.TakenModel(model: model, requests: requests, after: now - candidates[index].since))
    case .rollback:
      let index = decision.candidate.flatMap { names.firstIndex(of: $0) } ?? 0
      if rollback == nil {
        let own = candidates[index]
        rollback = (decision.metric, index, exchanges - own.exchangesBefore, now, own.since)
      }
    default: break
    }
    isOver = state == .rolledBack || state == .completed || state == .aborted
  }

  private mutating func enter(_ index: Int, at now: Int64) {
    stageDurations.append(now - enteredAt)
    (stageIndex, enteredAt) = (index, now)
  }

  func run(endedAt: Int64, exchanges total: Int) -> SimulatedRun {
    let ending: SimulatedRun.Ending =
      rollback != nil ? .rolledBack : state == .completed ? .completed : state == .paused ? .paused : .undecided
    return SimulatedRun(
      number: number, ending: ending, metric: rollback?.metric, stageIndex: stageIndex,
      stageDurations: stageDurations + [endedAt - enteredAt], exchanges: total,
      candidateRequests: rollback.map { candidates[$0.candidate].requests } ?? 0, requests: rollback?.requests ?? 0,
      timeToRollback: rollback.map { $0.at - $0.since } ?? 0, usersAffected: usersAffected, taken: taken,
      decisions: decisions)
  }
}
