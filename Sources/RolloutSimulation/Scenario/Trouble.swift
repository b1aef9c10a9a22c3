/// What goes wrong for a while and comes back: outages of both arms, incidents of one, a store that fails.

/// Begins at a phase drawn for each run.
package struct Recurrence: Sendable, Equatable {
  /// From the start of one to the next.
  package var every: Duration
  package var lasting: Duration

  package init(every: Duration, lasting: Duration) {
    self.every = every
    self.lasting = lasting
  }
}

/// One arm, or either by itself, behaves otherwise for a while.
package struct Incident: Sendable, Equatable {
  package var times: Recurrence
  package var baseline: PartialBehavior
  package var candidate: PartialBehavior

  package init(
    _ times: Recurrence, baseline: PartialBehavior = PartialBehavior(), candidate: PartialBehavior = PartialBehavior()
  ) {
    self.times = times
    self.baseline = baseline
    self.candidate = candidate
  }
}

/// An application that sends a failed request again.
package struct Retries: Sendable, Equatable {
  /// Of failed requests.
  package var share: Double
  /// Of one request.
  package var atMost: Int
  package var after: Duration

  package init(share: Double, atMost: Int = 2, after: Duration = .milliseconds(500)) {
    self.share = share
    self.atMost = atMost
    self.after = after
  }
}

/// How slow both arms are from an hour of the day on.
package struct HourStep: Sendable, Equatable {
  /// Since midnight, when every rollout begins.
  package var at: Duration
  /// A factor on every answer's time.
  package var latency: Double

  package init(at: Duration, latency: Double) {
    self.at = at
    self.latency = latency
  }
}
