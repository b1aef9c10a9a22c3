/// How an imagined arm answers: how often it fails, how long answers and errors take, what they cost.

package struct ArmBehavior: Sendable, Equatable {
  /// Share of attempts that fail.
  package var errorRate: Double
  package var latency: LogNormal
  /// How long an error takes; from the playbook's `first_byte` on it is a time-out.
  package var errorLatency: Duration
  /// Nil: the arm reports none.
  package var cost: Cost?
  /// Share of answers that are held to be another than the baseline's; the baseline's own: of its second answers.
  package var mismatchRate: Double
  /// Nil: it answers at once.
  package var jobs: Jobs?

  package init(
    errorRate: Double = 0.01, latency: LogNormal = LogNormal(median: .milliseconds(900), sigma: 0.6),
    errorLatency: Duration = .milliseconds(120), cost: Cost? = nil, mismatchRate: Double = 0, jobs: Jobs? = nil
  ) {
    self.jobs = jobs
    self.errorRate = errorRate
    self.latency = latency
    self.errorLatency = errorLatency
    self.cost = cost
    self.mismatchRate = mismatchRate
  }

  package struct LogNormal: Sendable, Equatable {
    package var median: Duration
    package var sigma: Double

    package init(median: Duration, sigma: Double) {
      self.median = median
      self.sigma = sigma
    }
  }

  /// What it makes is made by jobs, which are asked after: an answer, or that there will be none, is known at the first question
  /// after its time.
  package struct Jobs: Sendable, Equatable {
    /// Share of the jobs that never end, of those that do not fail.
    package var stuck: Double

    package init(stuck: Double = 0) { self.stuck = stuck }
  }

  /// USD an answer, log-normal; errors cost nothing.
  package struct Cost: Sendable, Equatable {
    package var mean: Double
    package var sigma: Double

    package init(mean: Double, sigma: Double) {
      self.mean = mean
      self.sigma = sigma
    }
  }
}

/// What a change says; the rest stays as it was.
package struct PartialBehavior: Sendable, Equatable {
  package var errorRate: Double?
  package var latency: ArmBehavior.LogNormal?
  package var errorLatency: Duration?
  package var cost: ArmBehavior.Cost?
  package var mismatchRate: Double?
  package var jobs: ArmBehavior.Jobs?

  package init(
    errorRate: Double? = nil, latency: ArmBehavior.LogNormal? = nil, errorLatency: Duration? = nil,
    cost: ArmBehavior.Cost? = nil, mismatchRate: Double? = nil, jobs: ArmBehavior.Jobs? = nil
  ) {
    self.jobs = jobs
    self.errorRate = errorRate
    self.latency = latency
    self.errorLatency = errorLatency
    self.cost = cost
    self.mismatchRate = mismatchRate
  }

  /// What both say, this where both speak of the same.
  package func applied(to other: PartialBehavior) -> PartialBehavior {
    PartialBehavior(
      errorRate: errorRate ?? other.errorRate, latency: latency ?? other.latency,
      errorLatency: errorLatency ?? other.errorLatency, cost: cost ?? other.cost,
      mismatchRate: mismatchRate ?? other.mismatchRate, jobs: jobs ?? other.jobs)
  }

  package func applied(to behavior: ArmBehavior) -> ArmBehavior {
    ArmBehavior(
      errorRate: errorRate ?? behavior.errorRate, latency: latency ?? behavior.latency,
      errorLatency: errorLatency ?? behavior.errorLatency, cost: cost ?? behavior.cost,
      mismatchRate: mismatchRate ?? behavior.mismatchRate, jobs: jobs ?? behavior.jobs)
  }
}
