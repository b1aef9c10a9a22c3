/// What many imagined rollouts say about a playbook: how often it rolled back, how fast, at whose cost.

import RolloutJudge

/// Keys as machines read them; durations in seconds, as the keys say.
package struct SimulationReport: Sendable, Equatable, Codable {
  package var rollout: String
  package var playbookSHA256: String
  package var seed: UInt64
  package var runs: Int
  /// The runs by how they ended; they sum to `runs`.
  package var rolledBack: Int
  package var completed: Int
  package var paused: Int
  package var undecided: Int
  /// The most that the playbook promises of rollouts of a candidate no worse than allowed; nil for a threshold test,
  /// which promises nothing.
  package var falseRollbackBound: Double?
  /// Over the rolled-back runs; nil where there are none.
  package var candidateRequests: Spread?
  package var requests: Spread?
  package var usersAffected: Spread?
  package var secondsToRollback: Spread?
  /// What no test of this confidence can be below on average; nil where the candidate breaches no condition for
  /// certain.
  package var waldBoundRequests: Double?
  /// Rolled-back runs by the metric that did it.
  package var byMetric: [String: Int]
  /// Rolled-back runs by the stage they were in.
  package var byStage: [String: Int]
  /// Models that were taken back while the candidate kept the others: empty without `rollback: model`.
  package var modelsRolledBack: [String: ModelFigures]
  /// In the playbook's order.
  package var stages: [StageFigures]
  /// All requests of all runs.
  package var exchanges: Int
  /// What the figures leave out.
  package var remarks: [String]

  package struct ModelFigures: Sendable, Equatable, Codable {
    package var runs: Int
    /// The candidate's for that model.
    package var requests: Spread?
    /// From when the candidate became another; nil where there is none.
    package var seconds: Spread?
  }

  package struct StageFigures: Sendable, Equatable, Codable {
    package var name: String
    /// Runs that reached it.
    package var runs: Int
    /// Over these, cut off where a run ended in it; nil where there are none.
    package var meanSeconds: Double?
    package var medianSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case name, runs
      case meanSeconds = "mean_seconds"
      case medianSeconds = "median_seconds"
    }
  }

  enum CodingKeys: String, CodingKey {
    case rollout, seed, runs, completed, paused, undecided, requests, stages, exchanges, remarks
    case playbookSHA256 = "playbook_sha256"
    case rolledBack = "rolled_back"
    case falseRollbackBound = "false_rollback_bound"
    case candidateRequests = "candidate_requests"
    case usersAffected = "users_affected"
    case secondsToRollback = "seconds_to_rollback"
    case waldBoundRequests = "wald_bound_requests"
    case byMetric = "by_metric"
    case byStage = "by_stage"
    case modelsRolledBack = "models_rolled_back"
  }

  /// Every key always, `null` where nothing is known.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rollout, forKey: .rollout)
    try container.encode(playbookSHA256, forKey: .playbookSHA256)
    try container.encode(seed, forKey: .seed)
    try container.encode(runs, forKey: .runs)
    try container.encode(rolledBack, forKey: .rolledBack)
    try container.encode(completed, forKey: .completed)
    try container.encode(paused, forKey: .paused)
    try container.encode(undecided, forKey: .undecided)
    try container.encode(falseRollbackBound, forKey: .falseRollbackBound)
    try container.encode(candidateRequests, forKey: .candidateRequests)
    try container.encode(requests, forKey: .requests)
    try container.encode(usersAffected, forKey: .usersAffected)
    try container.encode(secondsToRollback, forKey: .secondsToRollback)
    try container.encode(waldBoundRequests, forKey: .waldBoundRequests)
    try container.encode(byMetric, forKey: .byMetric)
    try container.encode(byStage, forKey: .byStage)
    try container.encode(modelsRolledBack, forKey: .modelsRolledBack)
    try container.encode(stages, forKey: .stages)
    try container.encode(exchanges, forKey: .exchanges)
    try container.encode(remarks, forKey: .remarks)
  }
}

extension Simulation {
  /// - Parameter runs: In any order; the report does not depend on it.
  package func report(of runs: [SimulatedRun]) -> SimulationReport {
    let runs = runs.sorted { $0.number < $1.number }
    let caught = runs.filter { $0.ending == .rolledBack }
    func count(_ ending: SimulatedRun.Ending) -> Int { runs.count { $0.ending == ending } }
    return SimulationReport(
      rollout: playbook.name, playbookSHA256: playbook.sha256, seed: scenario.seed, runs: runs.count,
      rolledBack: caught.count, completed: count(.completed), paused: count(.paused), undecided: count(.undecided),
      falseRollbackBound: playbook.test == .sequential ? playbook.alpha : nil,
      candidateRequests: Spread(caught.map { Double($0.candidateRequests) }),
      requests: Spread(caught.map { Double($0.requests) }),
      usersAffected: Spread(caught.map { Double($0.usersAffected) }),
      secondsToRollback: Spread(caught.map { Double($0.timeToRollback) / 1e9 }), waldBoundRequests: waldBound,
      byMetric: Dictionary(grouping: caught.compactMap(\.metric), by: \.rawValue).mapValues(\.count),
      byStage: Dictionary(grouping: caught, by: { playbook.stages[$0.stageIndex].name }).mapValues(\.count),
      modelsRolledBack: modelFigures(runs), stages: playbook.stages.indices.map { stageFigures($0, runs) },
      exchanges: runs.reduce(0) { $0 + $1.exchanges }, remarks: remarks)
  }

  private func modelFigures(_ runs: [SimulatedRun]) -> [String: SimulationReport.ModelFigures] {
    Dictionary(grouping: runs.flatMap(\.taken), by: \.model).mapValues { taken in
      SimulationReport.ModelFigures(
        runs: taken.count, requests: Spread(taken.map { Double($0.requests) }),
        seconds: Spread(taken.map { Double($0.after) / 1e9 }))
    }
  }

  private func stageFigures(_ index: Int, _ runs: [SimulatedRun]) -> SimulationReport.StageFigures {
    // A stage cannot be skipped, and the first is always entered.
    let durations = runs.compactMap { $0.stageDurations.indices.contains(index) ? $0.stageDurations[index] : nil }
    let spread = Spread(durations.map { Double($0) / 1e9 })
    return SimulationReport.StageFigures(
      name: playbook.stages[index].name, runs: durations.count, meanSeconds: spread?.mean, medianSeconds: spread?.median
    )
  }

  private var remarks: [String] {
    var remarks: [String] = []
    let unknown = (playbook.rollbackWhen + playbook.pauseWhen).map(\.metric).filter { !isImagined($0) }
    if !unknown.isEmpty {
      remarks.append("not imagined, so never breached: " + unknown.map(\.rawValue).joined(separator: ", "))
    }
    if approves, playbook.stages.contains(where: \.needsApproval) {
      remarks.append("stages that wait for approval are promoted at once")
    }
    return remarks
  }

  /// What an imagined attempt can be bad in, as far as the judge weighs it.
  private func isImagined(_ metric: Metric) -> Bool {
    switch metric {
    case .errorRate, .latencyP50, .latencyP95, .latencyP99, .mismatchRate: true
    case .abandonedRate: scenario.patience != nil
    case .retryRate: scenario.retries != nil
    case .costPerRequest, .costPerOutcome: scenario.baseline.cost != nil && scenario.candidate.cost != nil
    default: false
    }
  }
}
