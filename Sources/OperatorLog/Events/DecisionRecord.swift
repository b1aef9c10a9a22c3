/// A decision as its log line: the same names as in the journal, so that one can be found from the other.

import Dialects
import Logging
import RolloutJudge

extension Decision {
  var record: EventRecord {
    EventRecord(
      .decision, logLevel, message,
      [
        .decision: .string(decision.rawValue), .rollout: .string(rollout), .stage: .string(stage),
        .candidate: candidate.map(JSONValue.string), .rolledBackModel: model.map(JSONValue.string),
        .othersThan: othersThan.map { .string($0.joined(separator: ", ")) },
        .metric: (metric?.rawValue).map(JSONValue.string),
        .condition: condition?.json, .weightsBefore: .shares(weightsBefore), .weightsAfter: .shares(weightsAfter),
        .evidence: evidence?.json, .proofs: proofs.map { .array($0.map(\.json)) }, .seq: .integer(seq),
        .actor: .string(actor),
        .playbookSHA256: .string(playbookSHA256), .reason: reason.map(JSONValue.string),
        .head: head.map(JSONValue.string), .skipped: skipped.map(JSONValue.string),
        .changes: changed.map { .string($0.joined(separator: "; ")) },
      ])
  }

  /// A decision that takes traffic away or stops the rollout is a warning: someone should look.
  private var logLevel: Logger.Level {
    switch decision {
    case .rollback, .pause, .abort: .warning
    case .start, .advance, .hold, .resume, .complete, .rearm, .configChanged: .info
    }
  }
}

extension Decision.Limits {
  fileprivate var json: JSONValue {
    .object(present: [
      "above": above.map(JSONValue.number), "ratio_above": ratioAbove.map(JSONValue.number),
      "below": below.map(JSONValue.number), "ratio_below": ratioBelow.map(JSONValue.number),
    ])
  }
}

extension Proof {
  fileprivate var json: JSONValue {
    .object(present: [
      "candidate": .string(candidate), "metric": .string(metric.rawValue), "condition": condition.json,
      "test": .string(test), "population": .string(population), "e_value": .number(eValue),
      "threshold": .number(threshold), "basis": basis.json,
    ])
  }
}

extension Evidence {
  fileprivate var json: JSONValue {
    .object(present: [
      "test": .string(test), "e_value": eValue.map(JSONValue.number), "threshold": threshold.map(JSONValue.number),
      "candidate": candidate.json, "baseline": baseline.json, "since": .string(since.rfc3339),
      "population": population.map(JSONValue.string), "model": model.map(JSONValue.string),
      "alpha": alpha.map(JSONValue.number),
      "budget": budget.map(JSONValue.number), "parts": basis.flatMap { _ in parts.map(JSONValue.numbers) },
      "basis": basis.map { .object($0.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.json) }) },
      "failures": failures.map { .array($0.map(\.json)) },
      "bad_by_model": badByModel.map { bad in
        .object(bad.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .integer($0.value)) })
      },
    ])
  }
}

extension EvidenceBasis {
  /// The basis as in the journal, so that a decision can be computed again from its line alone.
  fileprivate var json: JSONValue {
    .object(present: [
      "p0": p0.map(JSONValue.number), "r0": r0.map(JSONValue.number), "limit": limit.map(JSONValue.number),
      "cap": cap.map(JSONValue.number), "candidate_mean": candidateMean.map(JSONValue.number),
      "baseline_mean": baselineMean.map(JSONValue.number), "starts": .array(starts.map(\.json)),
      "largest": isLargest.map(JSONValue.boolean), "rescues": rescues.map { .array($0.map(\.json)) },
      "frozen": frozen?.json, "baseline": baseline?.json,
    ])
  }
}

extension EvidenceBasis.Frozen {
  fileprivate var json: JSONValue {
    .object(present: [
      "doubt": .number(doubt), "n": .integer(n), "bad": .integer(bad), "starts": .array(starts.map(\.json)),
      "largest": isLargest.map(JSONValue.boolean),
    ])
  }
}

extension EvidenceBasis.Start {
  fileprivate var json: JSONValue {
    .object(present: [
      "start": .integer(start), "weight": weight.map(JSONValue.number), "n": n.map(JSONValue.integer),
      "bad": bad.map(JSONValue.integer),
      "rescued": rescued.map(JSONValue.integer), "unknown": unknown.map(JSONValue.integer),
      "shares": shares.map { .array($0.map(\.json)) }, "pairs": pairs.map { .array($0.map(JSONValue.integer)) },
    ])
  }
}

extension EvidenceBasis.Share {
  fileprivate var json: JSONValue {
    .object(["share": .number(share), "candidate": .integer(candidate), "baseline": .integer(baseline)])
  }
}

extension FailureCount {
  fileprivate var json: JSONValue {
    .object(present: [
      "outcome": .string(outcome.rawValue), "status": status.map(JSONValue.integer),
      "mistake": (mistake?.rawValue).map(JSONValue.string), "name": name.map(JSONValue.string), "n": .integer(n),
    ])
  }
}

extension Evidence.Counts {
  fileprivate var json: JSONValue { .object(["n": .integer(n), "bad": .integer(bad)]) }
}
