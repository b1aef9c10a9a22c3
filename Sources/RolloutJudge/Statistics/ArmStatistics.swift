/// What an arm has done since the rollout began: the figures that status, metrics and reports show. No test reads them.

import Dialects

/// One arm, one population.
struct ArmStatistics: Sendable {
  private(set) var latency = DurationHistogram()
  private(set) var ttft = DurationHistogram()
  private var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
  /// USD, of attempts whose cost is known.
  private(set) var cost = 0.0
  /// Answers, and each picture of those that are pictures.
  private(set) var costKnown = 0
  private var pictures = 0
  private var videos = 0
  private(set) var retries = 0
  /// Nil before the first one.
  private var jobs: JobAccount?

  mutating func record(_ end: AttemptEnd) {
    outcomes[end.outcome.place] += 1
    if end.outcome.isOk { latency.record(nanoseconds: end.latency) }
    if let time = end.ttft { ttft.record(nanoseconds: time) }
    pictures += Int(end.pictures)
    if end.isVideo { videos += 1 }
    if let job = end.job { jobs = jobs.with { $0.record(job, of: end) } }
    if let dollars = end.cost {
      cost += dollars
      costKnown += end.assets
    }
  }

  /// One that failed has been asked again.
  mutating func retried() { retries += 1 }

  mutating func videoSettled(_ job: JobFigures) { jobs = jobs.with { $0.settled(job) } }

  func count(_ outcome: Outcome) -> Int { outcomes[outcome.place] }

  var requests: Int { outcomes.reduce(0, +) }
  /// Attempts that did not end as `client_gone`: what rates are taken of.
  var judged: Int { requests - count(.clientGone) }
  var errors: Int { judged - count(.ok) }

  var figures: RolloutStatus.Figures {
    RolloutStatus.Figures(
      requests: requests, errors: errors, errorRate: judged > 0 ? Double(errors) / Double(judged) : nil,
      latencyP50: latency.milliseconds(at: 0.50), latencyP95: latency.milliseconds(at: 0.95),
      latencyP99: latency.milliseconds(at: 0.99), ttftP95: ttft.milliseconds(at: 0.95),
      cost: costKnown > 0 ? cost : nil, pictures: pictures > 0 ? pictures : nil, videos: videos > 0 ? videos : nil,
      jobs: jobs.map(RolloutStatus.Jobs.init),
      outcomes: Dictionary(
        uniqueKeysWithValues: Outcome.allCases.filter { count($0) > 0 }.map { ($0.rawValue, count($0)) }))
  }

  /// The metric's plain value; nil where nothing is known.
  func value(of metric: Metric) -> Double? {
    if let stopwatch = metric.stopwatch, let quantile = metric.quantile {
      return (stopwatch == .latency ? latency : ttft).milliseconds(at: quantile)
    }
    let of = { (bad: Int) in self.judged > 0 ? Double(bad) / Double(self.judged) : nil }
    switch metric {
    case .errorRate: return of(errors)
    case .incompleteRate: return of(count(.incomplete))
    case .rateLimitedRate: return of(count(.rateLimited))
    case .retryRate: return of(retries)
    case .costPerRequest: return costKnown > 0 ? cost / Double(costKnown) : nil
    default: return nil
    }
  }
}

extension ArmStatistics {
  struct Saved: Sendable, Equatable, Codable {
    var outcomes: [String: Int]
    var latency: [UInt64]
    var ttft: [UInt64]
    var cost: Double
    var costKnown: Int
    var retries: Int
    /// Nil in older checkpoints.
    var pictures: Int?
    var videos: Int?
    var jobs: JobAccount?
  }

  var saved: Saved {
    Saved(
      outcomes: figures.outcomes, latency: latency.saved, ttft: ttft.saved, cost: cost, costKnown: costKnown,
      retries: retries, pictures: pictures, videos: videos, jobs: jobs)
  }

  init(_ saved: Saved) {
    for outcome in Outcome.allCases { outcomes[outcome.place] = saved.outcomes[outcome.rawValue] ?? 0 }
    latency = DurationHistogram(saved.latency)
    ttft = DurationHistogram(saved.ttft)
    (cost, costKnown, retries) = (saved.cost, saved.costKnown, saved.retries)
    (pictures, videos) = (saved.pictures ?? 0, saved.videos ?? 0)
    jobs = saved.jobs
  }
}
