/// The migration report as values: what Markdown, HTML, CSV and JSON are each a rendering of.

package import RolloutJudge

package struct RolloutReport: Sendable, Encodable {
  /// The version of this form; raised when a key changes its meaning.
  package var format = 1
  package var rollout: String
  package var playbookSHA256: String
  package var generatedAt: Instant
  /// The instants of the first decision and of the newest figures; nil before them.
  @Nullable package var startedAt: Instant?
  @Nullable package var figuresAt: Instant?
  package var state: RolloutState
  package var stage: String
  /// The playbook's; nil without one.
  @Nullable package var confidence: Double?
  package var arms: [ReportArm]
  package var verdicts: [Verdict]
  /// What the worksheet's columns are taken of.
  package var basis: [Basis]
  package var worksheet: [WorksheetRow]
  package var costStack: [CostLayer]
  /// What was billed, of arms that say so.
  package var bills: [ReportedBills]
  /// Over the whole rollout, every arm's populations apart.
  package var figures: [ArmFigures]
  /// By stage, model and tag.
  package var breakdowns: [BreakdownTable]
  package var comparisons: [AnswerFindings]
  /// Models that arms say have answered in place of those they were asked for.
  package var otherModels: [OtherModel]
  /// What each guard has prevented and what that took; nil where none has done anything.
  package var guards: [ReportedGuard]?
  package var inventory: Inventory
  package var decisions: [ReportedDecision]
  package var timelines: [ReportTimeline]
  package var distributions: [LatencyDistribution]
  /// What this report does not know, in words.
  package var notMeasured: [String]

  package var baseline: ReportArm { arms[0] }
  package var candidates: ArraySlice<ReportArm> { arms.dropFirst() }
}

package struct ReportArm: Sendable, Encodable {
  package var name: String
  package var vendor: String
  package var isBaseline: Bool
  @Nullable package var effortDays: Double?
}

package struct Basis: Sendable, Encodable {
  package var arm: String
  /// nil: the arm had no attempt.
  @Nullable package var population: String?
  package var stages: [String]
  package var attempts: Int
}

package struct WorksheetRow: Sendable, Encodable {
  package var id: String
  package var label: String
  package var unit: FigureUnit
  /// One for each arm, in their order.
  package var cells: [WorksheetCell]
}

package struct WorksheetCell: Sendable, Encodable {
  package var arm: String
  @Nullable package var value: Double?
  /// What must be known to read the value, or why there is none.
  @Nullable package var note: String?
}

/// One of the five layers that the cost of a route is made of.
package struct CostLayer: Sendable, Encodable {
  package var id: String
  package var label: String
  package var measured: Measured
  package var unit: FigureUnit
  package var cells: [WorksheetCell]
  /// How it was measured, or what is missing.
  package var explanation: String

  package enum Measured: String, Sendable, Encodable {
    case yes, partly, no
  }
}

package struct ArmFigures: Sendable, Encodable {
  package var arm: String
  package var population: String
  package var figures: FigureList
  package var outcomes: [String: Int]
}

package struct BreakdownTable: Sendable, Encodable {
  /// `stage`, `model`, or the tag's name.
  package var by: String
  package var rows: [BreakdownRow]
}

package struct BreakdownRow: Sendable, Encodable {
  package var value: String
  package var arm: String
  package var population: String
  package var figures: FigureList
}

package struct ReportedDecision: Sendable, Encodable {
  package var seq: Int
  package var at: Instant
  package var decision: String
  package var stage: String
  @Nullable package var candidate: String?
  /// The model that a rollback took back; null where it took all of the candidate.
  @Nullable package var model: String?
  @Nullable package var metric: String?
  package var message: String
  @Nullable package var reason: String?
  package var actor: String
  /// In words: counts, e-value and bar, or what was observed and allowed.
  @Nullable package var evidence: String?
  package var weightsAfter: [Weight]

  package struct Weight: Sendable, Encodable {
    package var candidate: String
    package var share: Double
  }
}

package struct ReportTimeline: Sendable, Encodable {
  package var arm: String
  package var population: String
  /// What the five numbers of a bucket are; `start` in seconds since 1970.
  package var columns = ["start", "seconds", "n", "bad", "cost"]
  package var buckets: [Timeline.Bucket]
}

/// How many attempts took how long, on a logarithmic scale.
package struct LatencyDistribution: Sendable, Encodable {
  package var arm: String
  package var population: String
  package var attempts: Int
  /// Milliseconds.
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  /// Upper bounds in milliseconds, each a fortieth of a decade above the one before, and attempts up to them.
  package var bins: [Bin]

  package struct Bin: Sendable, Encodable {
    package var upTo: Double
    package var count: Int
  }
}
