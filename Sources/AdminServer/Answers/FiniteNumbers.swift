/// JSON has no infinities: evidence beyond the range of `Double` is shown as its largest value.

import RolloutJudge

extension RolloutStatus {
  var finite: RolloutStatus {
    var status = self
    for index in status.guards.indices {
      status.guards[index].evidence = status.guards[index].evidence.finite
      status.guards[index].threshold = status.guards[index].threshold.finite
    }
    status.lastDecision = lastDecision?.finite
    return status
  }
}

extension Decision {
  var finite: Decision {
    var decision = self
    decision.evidence?.eValue = evidence?.eValue?.finite
    decision.evidence?.threshold = evidence?.threshold?.finite
    decision.evidence?.parts = evidence?.parts?.mapValues(\.finite)
    return decision
  }
}

extension Double {
  /// NaN, which is no evidence, becomes 0.
  fileprivate var finite: Double {
    if isNaN { return 0 }
    return min(max(self, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }
}
