/// The figures by model as `/status` has them: those of models that a candidate has answered.

package import RolloutJudge

extension Accounts {
  private static let modelsShown = 10

  /// The most frequent first, at most ten. What no candidate is ever given has nothing to be compared with.
  package var modelStatus: [ModelStatus] {
    let candidates = armNames.indices.filter { $0 != arms.first }
    return models.values.indices
      .filter { value in candidates.contains { attempts(ofModel: value, arm: $0) > 0 } }
      .map { value in (value: value, attempts: armNames.indices.reduce(0) { $0 + attempts(ofModel: value, arm: $1) }) }
      .sorted { ($1.attempts, $0.value) < ($0.attempts, $1.value) }
      .prefix(Self.modelsShown)
      .map { model in
        ModelStatus(
          model: models.values[model.value], live: figures(ofModel: model.value, .live),
          shadow: figures(ofModel: model.value, .shadow))
      }
  }

  private func attempts(ofModel value: Int, arm: Int) -> Int {
    [Population.live, .shadow].reduce(0) { sum, population in
      sum + (models.account(value, arm: arm, population: population)?.attempts ?? 0)
    }
  }

  /// By the arm's name.
  private func figures(ofModel value: Int, _ population: Population) -> [String: RolloutStatus.Figures] {
    var figures: [String: RolloutStatus.Figures] = [:]
    for (arm, name) in armNames.enumerated() {
      figures[name] = models.account(value, arm: arm, population: population).map(RolloutStatus.Figures.init)
    }
    return figures
  }
}

extension RolloutStatus.Figures {
  fileprivate init(_ account: AttemptAccount) {
    let latency = account.times.latency
    self.init(
      requests: account.attempts, errors: account.errors, errorRate: account.errorRate,
      latencyP50: latency.milliseconds(at: 0.5), latencyP95: latency.milliseconds(at: 0.95),
      latencyP99: latency.milliseconds(at: 0.99), ttftP95: account.times.ttft.milliseconds(at: 0.95),
      cost: account.cost.total, outcomes: account.outcomes.named)
  }
}
