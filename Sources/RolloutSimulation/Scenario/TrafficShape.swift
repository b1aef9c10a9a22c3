/// How many requests arrive, by the time of day.

package struct TrafficShape: Sendable, Equatable {
  /// One step at least, `at` rising. Where all lie within a day the shape repeats daily, the last step reaching over
  /// midnight; else the first reaches back to the start and the last goes on.
  package var steps: [Step]

  package struct Step: Sendable, Equatable {
    package var at: Duration
    /// Requests a second; 0: none.
    package var rate: Double

    package init(at: Duration, rate: Double) {
      self.at = at
      self.rate = rate
    }
  }

  package init(rate: Double) { steps = [Step(at: .zero, rate: rate)] }

  package init(steps: [Step]) { self.steps = steps }

  static let day = Duration.seconds(86_400)

  var isDaily: Bool { steps.count > 1 && steps.allSatisfy { $0.at < Self.day } }
}
