/// A decision as its log line: the same names as in the journal, so that one can be found from the other.

import Logging
import RolloutJudge

extension Decision {
  var record: EventRecord {
    EventRecord(
      .decision, logLevel, message,
      [
        .decision: .string(decision.rawValue), .rollout: .string(rollout), .stage: .string(stage),
        .candidate: candidate.map(JSONValue.string), .metric: (metric?.rawValue).map(JSONValue.string),
        .condition: condition?.json, .weightsBefore: .shares(weightsBefore), .weightsAfter: .shares(weightsAfter),
        .evidence: evidence?.json, .seq: .integer(seq), .actor: .string(actor),
        .playbookSHA256: .string(playbookSHA256), .reason: reason.map(JSONValue.string),
      ])
  }

  /// What takes traffic away or stops the rollout is a warning: someone should look.
  private var logLevel: Logger.Level {
    switch decision {
    case .rollback, .pause, .abort: .warning
    case .start, .advance, .hold, .resume, .complete, .rearm, .configChanged: .info
    }
  }
}

extension Decision.Limits {
  fileprivate var json: JSONValue {
    .object(present: ["above": above.map(JSONValue.number), "ratio_above": ratioAbove.map(JSONValue.number)])
  }
}

extension Evidence {
  fileprivate var json: JSONValue {
    .object(present: [
      "test": .string(test), "e_value": eValue.map(JSONValue.number), "threshold": threshold.map(JSONValue.number),
      "candidate": candidate.json, "baseline": baseline.json, "since": .string(since.rfc3339),
    ])
  }
}

extension Evidence.Counts {
  fileprivate var json: JSONValue { .object(["n": .integer(n), "bad": .integer(bad)]) }
}
