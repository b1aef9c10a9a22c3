/// How status is written: every key always, `null` where nothing is known; an arm's live figures flat, the shadow ones under `shadow`.

extension RolloutStatus.Figures {
  enum CodingKeys: String, CodingKey {
    case requests, errors, cost, pictures, videos, jobs, outcomes
    case errorRate = "error_rate"
    case latencyP50 = "latency_p50"
    case latencyP95 = "latency_p95"
    case latencyP99 = "latency_p99"
    case ttftP95 = "ttft_p95"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(requests, forKey: .requests)
    try container.encode(errors, forKey: .errors)
    try container.encode(errorRate, forKey: .errorRate)
    try container.encode(latencyP50, forKey: .latencyP50)
    try container.encode(latencyP95, forKey: .latencyP95)
    try container.encode(latencyP99, forKey: .latencyP99)
    try container.encode(ttftP95, forKey: .ttftP95)
    try container.encode(cost, forKey: .cost)
    try container.encode(pictures, forKey: .pictures)
    try container.encode(videos, forKey: .videos)
    try container.encode(jobs, forKey: .jobs)
    try container.encode(outcomes, forKey: .outcomes)
  }
}

extension RolloutStatus.ArmFigures {
  private enum Keys: String, CodingKey { case shadow, dropped, reconciliation }

  package init(from decoder: any Decoder) throws {
    live = try RolloutStatus.Figures(from: decoder)
    let nested = try decoder.container(keyedBy: Keys.self).superDecoder(forKey: .shadow)
    shadow = try RolloutStatus.Figures(from: nested)
    dropped = try nested.container(keyedBy: Keys.self).decode(Int.self, forKey: .dropped)
    reconciliation = try decoder.container(keyedBy: Keys.self)
      .decodeIfPresent(Reconciliation.self, forKey: .reconciliation)
  }

  package func encode(to encoder: any Encoder) throws {
    try live.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    let nested = container.superEncoder(forKey: .shadow)
    try shadow.encode(to: nested)
    var extra = nested.container(keyedBy: Keys.self)
    try extra.encode(dropped, forKey: .dropped)
    try container.encodeIfPresent(reconciliation, forKey: .reconciliation)
  }
}

extension RolloutStatus.Guard {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(metric, forKey: .metric)
    try container.encode(above, forKey: .above)
    try container.encode(ratioAbove, forKey: .ratioAbove)
    try container.encodeIfPresent(below, forKey: .below)
    try container.encodeIfPresent(ratioBelow, forKey: .ratioBelow)
    try container.encode(candidate, forKey: .candidate)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(threshold, forKey: .threshold)
    try container.encode(state, forKey: .state)
    try container.encode(action, forKey: .action)
    try container.encodeIfPresent(note, forKey: .note)
  }
}

extension RolloutStatus {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rollout, forKey: .rollout)
    try container.encode(state, forKey: .state)
    try container.encode(stage, forKey: .stage)
    try container.encode(stageIndex, forKey: .stageIndex)
    try container.encode(stageCount, forKey: .stageCount)
    try container.encode(weights, forKey: .weights)
    try container.encode(since, forKey: .since)
    try container.encode(holdUntil, forKey: .holdUntil)
    try container.encode(waitingFor, forKey: .waitingFor)
    try container.encode(arms, forKey: .arms)
    try container.encode(candidates, forKey: .candidates)
    try container.encode(guards, forKey: .guards)
    try container.encode(lastDecision, forKey: .lastDecision)
    try container.encode(ineligible ?? [:], forKey: .ineligible)
    try container.encode(unmappedModels ?? [:], forKey: .unmappedModels)
    try container.encode(otherModels ?? [], forKey: .otherModels)
    try container.encode(models ?? [], forKey: .models)
    try container.encodeIfPresent(guardCounts, forKey: .guardCounts)
  }
}
