/// The attempts of one kind: of one arm and population in a stage, of a model, or of a tag's value.

package import Dialects
package import RolloutJudge

package struct AttemptAccount: Sendable, Codable {
  package private(set) var outcomes = NamedCounts<Outcome>()
  package private(set) var finishes = NamedCounts<FinishKind>()
  package private(set) var times = TimeAccount()
  package private(set) var cost = CostAccount()
  package private(set) var tokens = TokenAccount()
  /// Attempts that failed, and whose clients asked again.
  package private(set) var retries = 0
  /// Ended `ok` with a normal finish: a success where the application reports none.
  package private(set) var normalFinishes = 0
  /// The client left before any content.
  package private(set) var abandoned = 0
  /// Failed canaries that the baseline answered instead.
  package private(set) var rescued = 0
  package private(set) var reports = OutcomeReports()
  /// Pictures that came, and videos whose making was taken on; nil where there are none.
  package private(set) var pictures: Int?
  package private(set) var videos: Int?
  /// Nil where nothing was made by jobs.
  package private(set) var jobs: JobAccount?

  package init() {}

  mutating func record(_ end: AttemptEnd, isBrief: Bool = false) {
    outcomes.add(at: end.outcome.place)
    if let finish = end.finish { finishes.add(at: finish.place) }
    times.record(end, isBrief: isBrief)
    cost.record(end)
    if let usage = end.usage { tokens.record(usage, isSteady: end.labels?.isSteady ?? false) }
    if end.pictures > 0 { pictures = (pictures ?? 0) + Int(end.pictures) }
    if end.isVideo { videos = (videos ?? 0) + 1 }
    if let job = end.job { jobs = jobs.with { $0.record(job, of: end) } }
    if end.isNormalFinish { normalFinishes += 1 }
    if end.outcome == .clientGone, end.ttft == nil { abandoned += 1 }
  }

  mutating func videoSettled(_ job: JobFigures) { jobs = jobs.with { $0.settled(job) } }

  mutating func heldUp(nanoseconds: Int64) { times.overhead.record(nanoseconds: nanoseconds) }

  mutating func rescue() { rescued += 1 }

  mutating func retry() { retries += 1 }

  mutating func report(success: Bool, value: Double?, wasNormal: Bool) {
    reports.record(success: success, value: value, wasNormal: wasNormal)
  }

  package mutating func add(_ other: AttemptAccount) {
    outcomes.add(other.outcomes)
    finishes.add(other.finishes)
    times.add(other.times)
    cost.add(other.cost)
    tokens.add(other.tokens)
    retries += other.retries
    normalFinishes += other.normalFinishes
    abandoned += other.abandoned
    rescued += other.rescued
    reports.add(other.reports)
    if let count = other.pictures { pictures = (pictures ?? 0) + count }
    if let count = other.videos { videos = (videos ?? 0) + count }
    if let other = other.jobs { jobs = jobs.with { $0.add(other) } }
  }
}

/// What the application said became of exchanges.
package struct OutcomeReports: Sendable, Codable {
  package private(set) var successes = 0
  package private(set) var failures = 0
  /// Reported failures that had ended normally, and reported successes that had not.
  package private(set) var normalFailures = 0
  package private(set) var otherSuccesses = 0
  package private(set) var value = 0.0

  package init() {}

  mutating func record(success: Bool, value: Double?, wasNormal: Bool) {
    if success { successes += 1 } else { failures += 1 }
    if !success, wasNormal { normalFailures += 1 }
    if success, !wasNormal { otherSuccesses += 1 }
    if let value, value.isFinite { self.value += value }
  }

  mutating func add(_ other: OutcomeReports) {
    successes += other.successes
    failures += other.failures
    normalFailures += other.normalFailures
    otherSuccesses += other.otherSuccesses
    value += other.value
  }

  package var count: Int { successes + failures }
}
