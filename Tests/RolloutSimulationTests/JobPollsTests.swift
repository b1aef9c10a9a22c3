/// When what a job has made is known.

import Testing

@testable import RolloutSimulation

@Suite struct JobPollsTests {
  private static let second = 1_000_000_000.0

  @Test("a result is known at the first question after it, and the questions come with growing patience")
  func questions() {
    let polls = JobPolls(ArmBehavior.Jobs(), deadline: .seconds(60))
    let found = [0, 0.5, 0.6, 1.3, 2.4, 4, 40].map { polls.found($0 * Self.second).map { Double($0) / Self.second } }
    #expect(found.prefix(5) == [0.5, 0.5, 1.25, 2.375, 4.0625])
    #expect((found[6] ?? 0) >= 40 && (found[6] ?? 0) <= 45)
  }

  @Test("what is not there by the deadline is never found")
  func deadline() {
    let polls = JobPolls(ArmBehavior.Jobs(), deadline: .seconds(2))
    #expect(polls.found(1.2 * Self.second) == 1_250_000_000 && polls.found(1.3 * Self.second) == nil)
    #expect(JobPolls(ArmBehavior.Jobs(), deadline: .milliseconds(100)).found(0) == nil)
  }
}
