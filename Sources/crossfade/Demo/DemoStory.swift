/// The demo's plot: watches where the rollout stands, and says when the candidate breaks and when the story is over.
///
/// `healthy` → `broken` (in the breaking stage) → `rolledBack` (by the judge) → over. Everything else is not the story.

import RolloutJudge

struct DemoStory: Sendable {
  enum Chapter: Sendable, Equatable {
    case healthy
    case broken
    case rolledBack
  }

  enum Turn: Sendable, Equatable {
    case goOn
    case breakCandidate
    case end
    /// Why this is not the story that was to be told.
    case fail(String)
  }

  static let breakingStage = "ramp-25"
  /// The share of the broken candidate's answers that are errors.
  static let brokenRate = 0.6

  let pace: DemoPace
  private(set) var chapter = Chapter.healthy
  /// When the breaking stage was first seen, when the rollback was.
  private var arrivedAt: Duration?
  private var rolledBackAt: Duration?

  init(pace: DemoPace) { self.pace = pace }

  /// - Parameter elapsed: since the story began.
  mutating func observed(_ status: RolloutStatus, at elapsed: Duration) -> Turn {
    switch (chapter, status.state) {
    case (.healthy, .running): return healthy(status, elapsed)
    case (.broken, .running): return late(status, elapsed) ?? .goOn
    case (.broken, .rolledBack):
      chapter = .rolledBack
      rolledBackAt = elapsed
      return .goOn
    case (.rolledBack, .rolledBack):
      return elapsed - (rolledBackAt ?? elapsed) >= pace.aftermath ? .end : .goOn
    default:
      let message = status.lastDecision.map { ": \($0.message)" } ?? ""
      return .fail(
        "the rollout is \(status.state.rawValue) in stage \(status.stage), which was not to happen\(message)")
    }
  }

  private mutating func healthy(_ status: RolloutStatus, _ elapsed: Duration) -> Turn {
    if let late = late(status, elapsed) { return late }
    guard status.stage == Self.breakingStage else { return .goOn }
    let arrived = arrivedAt ?? elapsed
    arrivedAt = arrived
    guard elapsed - arrived >= pace.healthyTime else { return .goOn }
    chapter = .broken
    return .breakCandidate
  }

  private func late(_ status: RolloutStatus, _ elapsed: Duration) -> Turn? {
    guard elapsed > pace.deadline else { return nil }
    let waiting = status.waitingFor.map { ", waiting for \($0)" } ?? ""
    return .fail("still in stage \(status.stage) after \(FigureText.seconds(elapsed))\(waiting)")
  }
}
