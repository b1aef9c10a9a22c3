/// What keeps a stage from advancing: one reason at a time, the one that has to go first.

/// Raw values are what `waiting_for` and a hold's `reason` say.
enum Obstacle: String, Sendable {
  case journal
  case paused
  case noTraffic = "no_traffic"
  case baselineDegraded = "baseline_degraded"
  case splitMismatch = "split_mismatch"
  case hold
  case minSamples = "min_samples"
  case unreachable
  case unanswered
  case leaning
  case minRate = "min_rate"
  case undecided
  case candidateBehind = "candidate_behind"
  case approval

  /// Worth a line in the journal; the others are in the ordinary course of a stage.
  var matters: Bool {
    switch self {
    case .journal, .paused, .hold: false
    default: true
    }
  }

  /// `max_hold` ends it.
  var isUndecided: Bool {
    switch self {
    case .noTraffic, .baselineDegraded, .splitMismatch, .minSamples, .minRate, .undecided, .unreachable, .unanswered,
      .leaning:
      true
    default: false
    }
  }

  var words: String {
    switch self {
    case .journal: "the journal is unavailable"
    case .paused: "paused"
    case .noTraffic: "no traffic"
    case .baselineDegraded: "the baseline is beyond the limits too"
    case .splitMismatch: "the split is not the one configured"
    case .hold: "the hold has not passed"
    case .minSamples: "too few requests"
    case .unreachable: "the candidate cannot be reached"
    case .unanswered: "the candidate has answered nobody in this stage"
    case .leaning: "what is known so far speaks against the candidate"
    case .minRate: "not as busy as it has been"
    case .undecided: "neither worse nor proven not worse"
    case .candidateBehind: "a candidate that was re-armed has not caught up"
    case .approval: "waiting for approval"
    }
  }
}
