/// Where the rollout stands, as `GET /status` and `crossfade status` show it.

package enum RolloutState: String, Sendable, Codable {
  case running, paused, completed, aborted
  case rolledBack = "rolled_back"
}

package struct RolloutStatus: Sendable, Codable {
  package var rollout: String
  package var state: RolloutState
  package var stage: String
  package var stageIndex: Int
  package var stageCount: Int
  /// Candidate name to share, as traffic is split now.
  package var weights: [String: Double]
  /// When the stage was entered.
  package var since: Instant
  /// The earliest instant at which the stage's hold has passed.
  package var holdUntil: Instant?
  /// Why it does not advance now: `hold`, `min_samples`, `no_traffic`, `approval`, `journal`, …; nil when nothing keeps it.
  package var waitingFor: String?
  /// Arm name to figures.
  package var arms: [String: ArmFigures]
  /// Candidate name to where it is: in the rollout's stage, or behind.
  package var candidates: [String: CandidatePlace]
  package var guards: [Guard]
  package var lastDecision: Decision?
  /// Requests since the start that stayed away from a candidate, by its name and by reason; nil from those who do not
  /// count them.
  package var ineligible: [String: [String: Int]]?
  /// By candidate: the application's models that no line of its map matched, and their requests.
  package var unmappedModels: [String: [String: Int]]?
  /// Models that arms say have answered in place of those they were asked for, the most frequent first; nil from those
  /// who do not count them.
  package var otherModels: [OtherModel]?
  /// What each of the playbook's `guards:` has done since the start, by guard and result; nil without any.
  package var guardCounts: [String: [String: Double]]?
  /// Figures by model, of those that a candidate has answered, the most frequent first; nil from those who do not count them.
  package var models: [ModelStatus]?

  package struct CandidatePlace: Sendable, Codable {
    package var stage: String
    package var stageIndex: Int
    package var since: Instant
    package var isRolledBack: Bool
    package var holdUntil: Instant?
    package var waitingFor: String?
    /// Models that were taken back from it; it keeps the others.
    package var rolledBackModels: [String]?

    package init(
      stage: String, stageIndex: Int, since: Instant, isRolledBack: Bool, holdUntil: Instant? = nil,
      waitingFor: String? = nil, rolledBackModels: [String] = []
    ) {
      self.stage = stage
      self.stageIndex = stageIndex
      self.since = since
      self.isRolledBack = isRolledBack
      self.holdUntil = holdUntil
      self.waitingFor = waitingFor
      self.rolledBackModels = rolledBackModels
    }

    enum CodingKeys: String, CodingKey {
      case stage, since
      case rolledBackModels = "rolled_back_models"
      case stageIndex = "stage_index"
      case isRolledBack = "rolled_back"
      case holdUntil = "hold_until"
      case waitingFor = "waiting_for"
    }
  }

  package struct ArmFigures: Sendable, Codable {
    package var live: Figures
    package var shadow: Figures
    package var dropped: Int
    /// Nil of an arm whose vendor says nothing of its bills, and from those who do not ask.
    package var reconciliation: Reconciliation?

    package init(live: Figures, shadow: Figures, dropped: Int) {
      self.live = live
      self.shadow = shadow
      self.dropped = dropped
    }
  }

  /// Of one arm and one population since the rollout began. Latencies in milliseconds, nil before the first `ok`.
  package struct Figures: Sendable, Codable {
    package var requests: Int
    package var errors: Int
    package var errorRate: Double?
    package var latencyP50: Double?
    package var latencyP95: Double?
    package var latencyP99: Double?
    package var ttftP95: Double?
    /// USD, known costs only; nil where none is known.
    package var cost: Double?
    /// Pictures that came, and videos whose making was taken on; nil where there are none.
    package var pictures: Int?
    package var videos: Int?
    /// Nil of an arm that has made nothing by jobs.
    package var jobs: Jobs?
    /// Attempts by outcome name.
    package var outcomes: [String: Int]

    package init(
      requests: Int = 0, errors: Int = 0, errorRate: Double? = nil, latencyP50: Double? = nil,
      latencyP95: Double? = nil, latencyP99: Double? = nil, ttftP95: Double? = nil, cost: Double? = nil,
      pictures: Int? = nil, videos: Int? = nil, jobs: Jobs? = nil, outcomes: [String: Int] = [:]
    ) {
      self.requests = requests
      self.errors = errors
      self.errorRate = errorRate
      self.latencyP50 = latencyP50
      self.latencyP95 = latencyP95
      self.latencyP99 = latencyP99
      self.ttftP95 = ttftP95
      self.cost = cost
      self.pictures = pictures
      self.videos = videos
      self.jobs = jobs
      self.outcomes = outcomes
    }
  }

  /// One condition of one candidate.
  package struct Guard: Sendable, Codable {
    package var metric: Metric
    package var above: Double?
    package var ratioAbove: Double?
    package var below: Double?
    package var ratioBelow: Double?
    package var candidate: String
    /// The e-value now (sequential), or the observed value (threshold).
    package var evidence: Double
    /// What `evidence` must reach to breach.
    package var threshold: Double
    package var state: State
    /// `rollback` or `pause`.
    package var action: String
    /// Why it is not judged; nil where it is.
    package var note: String?

    package enum State: String, Sendable, Codable { case passed, breached, undecided }

    package init(
      metric: Metric, above: Double?, ratioAbove: Double?, below: Double? = nil, ratioBelow: Double? = nil,
      candidate: String, evidence: Double, threshold: Double, state: State, action: String, note: String? = nil
    ) {
      self.below = below
      self.ratioBelow = ratioBelow
      self.metric = metric
      self.above = above
      self.ratioAbove = ratioAbove
      self.candidate = candidate
      self.evidence = evidence
      self.threshold = threshold
      self.state = state
      self.action = action
      self.note = note
    }

    enum CodingKeys: String, CodingKey {
      case metric, above, below, candidate, evidence, threshold, state, action, note
      case ratioAbove = "ratio_above"
      case ratioBelow = "ratio_below"
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case rollout, state, stage, weights, since, arms, candidates, guards, ineligible, models
    case unmappedModels = "unmapped_models"
    case stageIndex = "stage_index"
    case stageCount = "stage_count"
    case holdUntil = "hold_until"
    case waitingFor = "waiting_for"
    case lastDecision = "last_decision"
    case otherModels = "other_models"
    case guardCounts = "guard_counts"
  }

  package init(
    rollout: String, state: RolloutState, stage: String, stageIndex: Int, stageCount: Int, weights: [String: Double],
    since: Instant, holdUntil: Instant?, waitingFor: String?, arms: [String: ArmFigures],
    candidates: [String: CandidatePlace] = [:], guards: [Guard], lastDecision: Decision?
  ) {
    self.rollout = rollout
    self.state = state
    self.stage = stage
    self.stageIndex = stageIndex
    self.stageCount = stageCount
    self.weights = weights
    self.since = since
    self.holdUntil = holdUntil
    self.waitingFor = waitingFor
    self.arms = arms
    self.candidates = candidates
    self.guards = guards
    self.lastDecision = lastDecision
  }
}
