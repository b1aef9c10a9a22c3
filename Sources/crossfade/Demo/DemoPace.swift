/// How fast the demo goes: its traffic, how far the playbook's holds are shortened, when the candidate breaks.

import RolloutJudge

struct DemoPace: Sendable, Equatable {
  /// Requests a second, all conversations together.
  var rate = 120.0
  var conversations = 24
  /// The factor of the holds before the stage in which the candidate breaks; they are rounded up to whole seconds.
  var holdScale = 1.0
  /// The time from entering `DemoStory.breakingStage` until the candidate breaks.
  var healthyTime = Duration.seconds(4)
  /// How long traffic is watched after the rollback.
  var aftermath = Duration.seconds(5)
  /// Between two looks at the status.
  var look = Duration.milliseconds(200)
  /// Between two status lines where progress is not drawn.
  var report = Duration.seconds(3)
  /// A story that has not ended by then has failed; far beyond any machine that can carry the traffic.
  var deadline = Duration.seconds(180)

  static let full = DemoPace()
  static let fast = DemoPace(
    holdScale: 0.3, healthyTime: .milliseconds(1200), aftermath: .milliseconds(1500), report: .seconds(2))

  /// The playbook with the holds before the breaking stage shortened.
  func applied(to playbook: Playbook) -> Playbook {
    var playbook = playbook
    let breaking = playbook.stages.firstIndex { $0.name == DemoStory.breakingStage } ?? playbook.stages.count
    for index in 0..<breaking {
      let seconds = playbook.stages[index].hold / .seconds(1) * holdScale
      playbook.stages[index].hold = .seconds(seconds.rounded(.up))
    }
    return playbook
  }

  /// The time that the story takes where nothing holds it up, with a second for the evidence.
  func expected(_ playbook: Playbook) -> Duration {
    let before = playbook.stages.prefix { $0.name != DemoStory.breakingStage }
    return before.reduce(healthyTime + aftermath + .seconds(1)) { $0 + $1.hold }
  }
}

/// Said to the user as it is.
struct DemoFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
