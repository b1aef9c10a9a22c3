/// A decision with its evidence in words.

import RolloutJudge

extension ReportedDecision {
  init(_ decision: Decision) {
    self.init(
      seq: decision.seq, at: decision.at, decision: decision.decision.rawValue, stage: decision.stage,
      candidate: decision.candidate, model: decision.model?.plainText, metric: decision.metric?.rawValue,
      message: decision.message.plainText,
      reason: decision.reason?.plainText, actor: decision.actor.plainText,
      evidence: decision.evidence.map { Self.words($0, decision) },
      weightsAfter: decision.weightsAfter.sorted { $0.key < $1.key }.map { Weight(candidate: $0.key, share: $0.value) })
  }

  private static func words(_ evidence: Evidence, _ decision: Decision) -> String {
    let counts =
      "candidate \(FigureFormat.count(evidence.candidate.bad)) bad of \(FigureFormat.count(evidence.candidate.n)), "
      + "baseline \(FigureFormat.count(evidence.baseline.bad)) of \(FigureFormat.count(evidence.baseline.n))"
    if let value = evidence.eValue, let threshold = evidence.threshold {
      let shown = value < 1e6 ? FigureFormat.fixed(value, 1) : "over a million"
      return "\(counts); e-value \(shown), needed \(FigureFormat.fixed(threshold, 1))"
    }
    if let observed = evidence.parts?["observed"], let limit = evidence.parts?["limit"] {
      let unit: FigureUnit =
        switch decision.metric?.unit {
        case .milliseconds: .milliseconds
        case .dollars: .dollars
        case .tokensPerSecond: .tokensPerSecond
        // A score is a share of the best.
        case .score: .share
        case .share, nil: .share
        }
      return "\(counts); observed \(FigureFormat.text(observed, unit)), allowed \(FigureFormat.text(limit, unit))"
    }
    return counts
  }
}
