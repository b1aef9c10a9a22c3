/// What was decided, why, and the evidence that forced it: one value for the journal, the log, the endpoints and `verify`.

/// Encoded as DESIGN's log line has it: shares are fractions, durations milliseconds, money USD.
package struct Decision: Sendable, Equatable, Codable {
  /// 1, 2, 3… within a rollout; given by whoever proposes, checked by the journal.
  package var seq: Int
  /// When it was proposed.
  package var at: Instant
  package var decision: Kind
  package var rollout: String
  /// The stage it was taken in; for an advance or a start, the stage being entered.
  package var stage: String
  package var stageIndex: Int
  /// The candidate concerned, where one is.
  package var candidate: String?
  /// The application's model id, where a rollback takes one model back from the candidate, which keeps the others.
  package var model: String?
  /// Where `model` stands for all that have no test of their own: those that have one.
  package var othersThan: [String]?
  package var metric: Metric?
  package var condition: Limits?
  package var weightsBefore: [String: Double]
  package var weightsAfter: [String: Double]
  package var evidence: Evidence?
  /// What an advance out of a stage with `advance: proven` rests on: one for each candidate and condition.
  package var proofs: [Proof]?
  /// What a promotion did not wait for: what the stage would have waited for, as `waiting_for` has it.
  package var skipped: String?
  /// What another playbook changes, in words; without values that may be secret.
  package var changed: [String]?
  /// Candidates that are others now under their old names: evidence and stage begin anew.
  package var renewed: [String]?
  /// The playbook as the decision found it, setting by setting, so that a later start can tell what has changed.
  package var settings: [String: String]?
  /// One sentence for people.
  package var message: String
  /// A person's words, or why a hold holds (`no_traffic`, `baseline_degraded`, …).
  package var reason: String?
  /// `crossfade`, or who commanded it.
  package var actor: String
  package var playbookSHA256: String
  /// The head of the journal's chain after it, where it is told; no part of what is journaled.
  package var head: String?

  package enum Kind: String, Sendable, Codable, CaseIterable {
    case start, advance, hold, pause, resume, rollback, complete, abort, rearm
    /// The playbook of a running rollout was replaced.
    case configChanged = "config_changed"
  }

  package struct Limits: Sendable, Equatable, Codable {
    package var above: Double?
    package var ratioAbove: Double?
    package var below: Double?
    package var ratioBelow: Double?

    package init(above: Double? = nil, ratioAbove: Double? = nil, below: Double? = nil, ratioBelow: Double? = nil) {
      self.above = above
      self.ratioAbove = ratioAbove
      self.below = below
      self.ratioBelow = ratioBelow
    }

    enum CodingKeys: String, CodingKey {
      case above, below
      case ratioAbove = "ratio_above"
      case ratioBelow = "ratio_below"
    }
  }

  enum CodingKeys: String, CodingKey {
    case at = "ts"
    case othersThan = "others_than"
    case seq, decision, rollout, stage, candidate, model, metric, condition, evidence, proofs, message, reason, actor
    case skipped, changed, renewed, settings, head
    case stageIndex = "stage_index"
    case weightsBefore = "weights_before"
    case weightsAfter = "weights_after"
    case playbookSHA256 = "playbook_sha256"
  }

  package init(
    seq: Int, at: Instant, decision: Kind, rollout: String, stage: String, stageIndex: Int, candidate: String? = nil,
    metric: Metric? = nil, condition: Limits? = nil, weightsBefore: [String: Double], weightsAfter: [String: Double],
    evidence: Evidence? = nil, message: String, reason: String? = nil, actor: String, playbookSHA256: String
  ) {
    self.seq = seq
    self.at = at
    self.decision = decision
    self.rollout = rollout
    self.stage = stage
    self.stageIndex = stageIndex
    self.candidate = candidate
    self.metric = metric
    self.condition = condition
    self.weightsBefore = weightsBefore
    self.weightsAfter = weightsAfter
    self.evidence = evidence
    self.message = message
    self.reason = reason
    self.actor = actor
    self.playbookSHA256 = playbookSHA256
  }
}

/// What a decision rests on; enough to compute it again.
package struct Evidence: Sendable, Equatable, Codable {
  /// `sequential` or `threshold`.
  package var test: String
  /// The smallest of the tests that all had to cross; nil for a threshold gate.
  package var eValue: Double?
  /// What `eValue` had to reach: 1 / α of this condition.
  package var threshold: Double?
  package var candidate: Counts
  package var baseline: Counts
  /// When this evidence began to be gathered.
  package var since: Instant
  /// Every test of the condition by name (`absolute`, `ratio`, …), with its own e-value.
  package var parts: [String: Double]?
  /// `live` or `shadow`; nil in older journals and for a threshold gate, like all that follows.
  package var population: String?
  /// What the condition may spend on this candidate: 1 / `threshold`.
  package var alpha: Double?
  /// The population's part of it, which the e-values have been multiplied by.
  package var budget: Double?
  /// Every test of the condition by name: what its e-value is made of.
  package var basis: [String: EvidenceBasis]?
  /// What the bad attempts since `since` were, the most frequent first, where they failed; of the last `FailureLog.limit`.
  package var failures: [FailureCount]?
  /// The application's model id, where the evidence is about one model's requests alone.
  package var model: String?
  /// The bad attempts by model, of those that are beyond the limits by themselves, where the others are within; nil where the evidence
  /// is not put down to models.
  package var badByModel: [String: Int]?

  package struct Counts: Sendable, Equatable, Codable {
    package var n: Int
    package var bad: Int

    package init(n: Int, bad: Int) {
      self.n = n
      self.bad = bad
    }
  }

  enum CodingKeys: String, CodingKey {
    case test, threshold, candidate, baseline, since, parts, population, alpha, budget, basis, failures, model
    case badByModel = "bad_by_model"
    case eValue = "e_value"
  }

  package init(
    test: String, eValue: Double?, threshold: Double?, candidate: Counts, baseline: Counts, since: Instant,
    parts: [String: Double]? = nil, population: String? = nil, alpha: Double? = nil, budget: Double? = nil,
    basis: [String: EvidenceBasis]? = nil
  ) {
    self.test = test
    self.eValue = eValue
    self.threshold = threshold
    self.candidate = candidate
    self.baseline = baseline
    self.since = since
    self.parts = parts
    self.population = population
    self.alpha = alpha
    self.budget = budget
    self.basis = basis
  }
}
