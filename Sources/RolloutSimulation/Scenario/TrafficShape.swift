/// How many requests arrive, by the time of day.

import RolloutJudge

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

  /// That arrive on average.
  func requests(until end: Duration) -> Double {
    let total = end.milliseconds / 1000
    func sum(_ length: Double) -> Double {
      steps.indices.reduce(0) { sum, index in
        let next = index + 1 < steps.count ? steps[index + 1].at.milliseconds / 1000 : length
        let from = index == 0 && !isDaily ? 0 : steps[index].at.milliseconds / 1000
        return sum + steps[index].rate * max(0, min(next, length) - from)
      }
    }
    guard isDaily, let last = steps.last else { return sum(total) }
    // The last step of a day reaches over midnight.
    let day = Self.day.milliseconds / 1000
    let early = last.rate * steps[0].at.milliseconds / 1000
    let days = (total / day).rounded(.down)
    let rest = total - days * day
    return days * (sum(day) + early) + sum(rest) + last.rate * min(rest, steps[0].at.milliseconds / 1000)
  }

  static let day = Duration.seconds(86_400)

  var isDaily: Bool { steps.count > 1 && steps.allSatisfy { $0.at < Self.day } }
}
