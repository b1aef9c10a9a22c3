/// What a rehearsal imagines: the traffic, how each arm behaves, what goes wrong and when.

/// Instants are durations since the rollout began. Shares are fractions, costs USD.
package struct Scenario: Sendable, Equatable {
  /// At least 1.
  package var runs: Int
  /// The same seed and the same playbook give the same runs, on every machine.
  package var seed: UInt64
  package var traffic: TrafficShape
  /// Empty: all requests are alike, for a model that most candidates serve.
  package var mix: [RequestKind] = []
  /// Nil: every request is a unit of its own.
  package var units: Units?
  package var baseline: ArmBehavior
  package var candidate: ArmBehavior
  /// In the order of `at`.
  package var changes: [Change]
  package var outages: Outages?
  package var incidents: [Incident] = []
  /// Both arms', by the hour; `at` rising, within a day.
  package var hours: [HourStep] = []
  /// Times at which nothing can be journaled.
  package var store: Recurrence?
  package var badUnits: BadUnits?
  /// How long a client waits for a live answer before it leaves; nil: as long as it takes.
  package var patience: ArmBehavior.LogNormal?
  package var retries: Retries?
  /// When a run that is still under way is given up; nil: a day after everything has held.
  package var until: Duration?

  package init(
    runs: Int = 1000, seed: UInt64 = 1, traffic: TrafficShape = TrafficShape(rate: 1), units: Units? = nil,
    baseline: ArmBehavior = ArmBehavior(), candidate: ArmBehavior = ArmBehavior(), changes: [Change] = [],
    outages: Outages? = nil, badUnits: BadUnits? = nil, patience: ArmBehavior.LogNormal? = nil, until: Duration? = nil
  ) {
    self.runs = runs
    self.seed = seed
    self.traffic = traffic
    self.units = units
    self.baseline = baseline
    self.candidate = candidate
    self.changes = changes
    self.outages = outages
    self.badUnits = badUnits
    self.patience = patience
    self.until = until
  }

  /// Whether each arm treats all requests alike, but for when they come.
  var isOneForAll: Bool {
    incidents.isEmpty && changes.allSatisfy { $0.model == nil }
      && mix.allSatisfy { $0.baseline == PartialBehavior() && $0.candidate == PartialBehavior() }
  }

  /// Sticky units, a fixed number of them.
  package struct Units: Sendable, Equatable {
    package var count: Int
    /// Sigma of the log-normal activity: 0 makes all equally active, 1.5 lets a tenth of them send well over half.
    package var heavy: Double
    /// Sigma of the log-normal factor on the time of all answers to one unit.
    package var latency: Double

    package init(count: Int, heavy: Double = 0, latency: Double = 0) {
      self.count = count
      self.heavy = heavy
      self.latency = latency
    }
  }

  /// From `at` on an arm behaves otherwise.
  package struct Change: Sendable, Equatable {
    package var at: Duration
    /// Only with requests for this model, which the mix has; nil: with all.
    package var model: String?
    package var isCandidate: Bool
    package var behavior: PartialBehavior

    package init(at: Duration, model: String? = nil, isCandidate: Bool, behavior: PartialBehavior) {
      self.at = at
      self.model = model
      self.isCandidate = isCandidate
      self.behavior = behavior
    }
  }

  /// Hit both arms alike, at a phase drawn for each run.
  package struct Outages: Sendable, Equatable {
    package var every: Duration
    package var lasting: Duration
    /// The error rate of every arm that does not fail more often anyway.
    package var errorRate: Double

    package init(every: Duration, lasting: Duration, errorRate: Double) {
      self.every = every
      self.lasting = lasting
      self.errorRate = errorRate
    }
  }

  /// Units that fail by their own doing, on whichever arm.
  package struct BadUnits: Sendable, Equatable {
    /// The share of all units.
    package var share: Double
    package var errorRate: Double

    package init(share: Double, errorRate: Double) {
      self.share = share
      self.errorRate = errorRate
    }
  }
}
