import RolloutJudge
import Testing

@testable import crossfade

@Suite("DemoStory")
struct DemoStoryTests {
  private func story() -> DemoStory { DemoStory(pace: .full) }

  @Test("The candidate breaks once the breaking stage has been seen for its time, and only once")
  func breaks() {
    var story = story()
    let early = Samples.status(stage: "canary", index: 2, weight: 0.05)
    #expect(story.observed(early, at: .seconds(20)) == .goOn)
    #expect(story.observed(Samples.status(), at: .seconds(24)) == .goOn)
    #expect(story.observed(Samples.status(), at: .milliseconds(27_999)) == .goOn)
    #expect(story.observed(Samples.status(), at: .seconds(28)) == .breakCandidate)
    #expect(story.chapter == .broken)
    #expect(story.observed(Samples.status(), at: .seconds(28)) == .goOn)
  }

  @Test("After the rollback the traffic is watched for the aftermath, then the story ends")
  func ends() {
    var story = broken()
    let rolledBack = Samples.status(.rolledBack, weight: 0)
    #expect(story.observed(rolledBack, at: .seconds(29)) == .goOn)
    #expect(story.chapter == .rolledBack)
    #expect(story.observed(rolledBack, at: .seconds(33)) == .goOn)
    #expect(story.observed(rolledBack, at: .seconds(34)) == .end)
  }

  @Test("A rollback in a later stage is the same story")
  func laterStage() {
    var story = broken()
    #expect(story.observed(Samples.status(stage: "ramp-50", index: 4, weight: 0.5), at: .seconds(35)) == .goOn)
    #expect(story.observed(Samples.status(.rolledBack, stage: "ramp-50", index: 4), at: .seconds(36)) == .goOn)
  }

  @Test(
    "Any other state is another story",
    arguments: [RolloutState.paused, .completed, .aborted, .rolledBack])
  func otherStates(state: RolloutState) {
    var story = story()
    let turn = story.observed(Samples.status(state, stage: "canary", last: Samples.rollback()), at: .seconds(20))
    #expect(
      turn
        == .fail(
          "the rollout is \(state.rawValue) in stage canary, which was not to happen: "
            + "rolled back challenger: error_rate 53.3% of 15 requests, allowed 5.0%"))
  }

  @Test("A story that does not end says where it is stuck", arguments: [false, true])
  func deadline(isBroken: Bool) {
    var story = isBroken ? broken() : story()
    let stuck = Samples.status(stage: "shadow", index: 1, weight: 0, waitingFor: "undecided")
    #expect(
      story.observed(stuck, at: .seconds(181)) == .fail("still in stage shadow after 181 s, waiting for undecided"))
  }

  private func broken() -> DemoStory {
    var story = story()
    _ = story.observed(Samples.status(), at: .seconds(24))
    #expect(story.observed(Samples.status(), at: .seconds(28)) == .breakCandidate)
    return story
  }
}
