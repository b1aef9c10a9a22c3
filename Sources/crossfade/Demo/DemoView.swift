/// The demo's progress as it shows at one moment, and how much each arm got just before.

import RolloutJudge

struct DemoView {
  var playbook: Playbook
  var pace: DemoPace
  var chapter: DemoStory.Chapter
  var status: RolloutStatus
  /// The instant of the status.
  var now: Instant
  var elapsed: Duration
  var clients: ClientView
  var recent: RecentFigures
  var entries: [DemoEntry]
  /// Where the dashboard is while the demo runs.
  var dashboard: String
}

/// One line of the demo's own log.
struct DemoEntry: Equatable {
  /// Since the demo began.
  var at: Duration
  var kind: String
  var message: String
}

/// Differences between the figures of now and of about two seconds ago.
struct RecentFigures {
  struct Recent: Equatable {
    /// Requests a second.
    var rate: Double
    /// Nil without requests.
    var errorRate: Double?
  }

  private var looks: [(at: Instant, arms: [String: RolloutStatus.ArmFigures])] = []
  static let window: Int64 = 2_000_000_000

  mutating func add(_ arms: [String: RolloutStatus.ArmFigures], at: Instant) {
    looks.append((at, arms))
    // The oldest look that is kept is the one just outside the window.
    while looks.count > 2, at.nanoseconds - looks[1].at.nanoseconds >= Self.window { looks.removeFirst() }
  }

  /// Live figures of an arm; nil before two looks.
  func figures(of arm: String) -> Recent? {
    guard let first = looks.first, let last = looks.last, last.at > first.at,
      let before = first.arms[arm]?.live, let after = last.arms[arm]?.live
    else { return nil }
    let seconds = Double(last.at.nanoseconds - first.at.nanoseconds) / 1e9
    let (requests, errors) = (after.requests - before.requests, after.errors - before.errors)
    return Recent(
      rate: Double(requests) / seconds, errorRate: requests > 0 ? Double(errors) / Double(requests) : nil)
  }
}
