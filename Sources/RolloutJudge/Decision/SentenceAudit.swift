/// Holds what a decision says in words against what it records in values: people read the sentence.

import TrafficSplit

enum SentenceAudit {
  static func faults(_ decision: Decision) -> [String] {
    guard let expected = sentence(of: decision) else { return isSaid(decision) ? [] : ["its sentence is not its own"] }
    return decision.message == expected ? [] : ["says '\(decision.message)', its values say '\(expected)'"]
  }

  /// Where values alone make it.
  private static func sentence(of decision: Decision) -> String? {
    guard decision.actor == "crossfade" else { return nil }
    switch decision.decision {
    case .start: return "started \(decision.rollout) in stage \(decision.stage)"
    case .rollback, .pause:
      guard let evidence = decision.evidence, let metric = decision.metric, let candidate = decision.candidate else {
        return nil
      }
      let population = evidence.population == "shadow" ? Population.shadow : .live
      var limits: [Limit] = []
      if let limit = decision.condition?.above { limits.append(.above(limit)) }
      if let limit = decision.condition?.below { limits.append(.below(limit)) }
      if let limit = decision.condition?.ratioAbove { limits.append(.ratioAbove(limit)) }
      if let limit = decision.condition?.ratioBelow { limits.append(.ratioBelow(limit)) }
      let condition = Condition(metric: metric, limits: limits)
      // Of a gate it is not recorded whose requests it looked at.
      guard evidence.test == "sequential" else { return nil }
      let breach = Breach(condition, evidence, in: population)
      return decision.decision == .rollback
        ? breach.sentence(
          rollingBack: candidate, model: decision.model, isLastModel: decision.reason == Breach.lastModel)
        : breach.sentence(pausing: candidate, in: decision.stage)
    default: return nil
    }
  }

  /// The parts that values make, of a sentence that has others too.
  private static func isSaid(_ decision: Decision) -> Bool {
    let message = decision.message
    let byWhom = " by \(decision.actor)" + (decision.reason.map { ": \($0)" } ?? "")
    switch decision.decision {
    case .advance:
      let isProven = message.contains(": proven not worse")
      return message.hasPrefix("advanced ") && message.contains(" to \(decision.stage)")
        && (decision.actor == "crossfade" || message.hasSuffix(byWhom) || message.contains("promoted"))
        && (!isProven || decision.proofs?.isEmpty == false)
    case .complete: return message.hasPrefix("completed \(decision.rollout) in stage \(decision.stage)")
    case .pause, .resume, .rearm, .abort, .rollback:
      return decision.actor == "crossfade" || message.hasSuffix(byWhom)
    case .hold:
      // A candidate that is behind is in a stage of its own.
      guard let words = decision.reason.flatMap(Obstacle.init)?.words else { return false }
      return message.hasPrefix("holding ") && message.hasSuffix(": \(words)")
    case .start, .configChanged: return true
    }
  }
}
