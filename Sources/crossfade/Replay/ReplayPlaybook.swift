/// The playbook that a replay is run by: the given one with one candidate, which gets a copy of everything and nothing live.

import RolloutJudge

extension Playbook {
  static let replayStage = "replay"

  /// - Parameters:
  ///   - candidate: its index.
  ///   - baselinePort: where recorded answers are played, in place of the baseline itself.
  func replaying(candidate: Int, baselinePort: Int) -> Playbook {
    var replay = self
    // The key of a request says which one it is, so it has to be passed through.
    replay.baseline.url = ArmURL(isTLS: false, host: "127.0.0.1", port: baselinePort, basePath: "/v1")
    replay.baseline.key = nil
    replay.baseline.headers = []
    replay.candidates = [candidates[candidate]]
    replay.traffic.sticky = []
    replay.traffic.rules = []
    replay.traffic.allowsOverride = false
    // The replay holds its own budget, before each request; and an answer that is played differs from itself never.
    replay.shadow = ShadowPolicy(maxInFlight: ReplayPace.inFlightLimit * 2, dollarsPerDay: nil, noise: 0)
    replay.budgets = []
    replay.rollbackWhen = []
    replay.pauseWhen = []
    replay.onDecision = []
    replay.compare.perSecond = 1000
    replay.stages = [
      Stage(name: Self.replayStage, weights: [0], shadow: [1], hold: .seconds(365 * 86_400), advance: .held)
    ]
    return replay
  }
}

/// How fast a replay goes.
struct ReplayPace: Sendable, Equatable {
  /// Requests that wait for their answers at once; slow ones slow the replay down.
  static let inFlightLimit = 32

  var perSecond: Double

  var interval: Duration { .seconds(1 / perSecond) }

  /// `2/s`, `30/m`.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Double(parts[0]), number > 0, number.isFinite else { return nil }
    switch parts[1] {
    case "s": perSecond = number
    case "m": perSecond = number / 60
    default: return nil
    }
    guard perSecond <= 1000, perSecond >= 1 / 3600 else { return nil }
  }
}
