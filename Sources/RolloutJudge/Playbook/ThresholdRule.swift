/// How a plain gate looks: over which window, how often, and how many times in a row before it acts.

package struct ThresholdRule: Sendable, Equatable {
  package var window: Duration
  /// Attempts in the window, below which a look says nothing.
  package var minSamples: Int
  /// Between two looks; nil: after every attempt.
  package var interval: Duration?
  /// Looks in a row that must find the limit exceeded.
  package var failures: Int
  /// From the entry of a stage to the first look.
  package var initialDelay: Duration

  package init(
    window: Duration, minSamples: Int, interval: Duration? = nil, failures: Int = 1, initialDelay: Duration = .zero
  ) {
    self.window = window
    self.minSamples = minSamples
    self.interval = interval
    self.failures = failures
    self.initialDelay = initialDelay
  }
}
