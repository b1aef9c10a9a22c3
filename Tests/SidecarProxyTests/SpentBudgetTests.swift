/// A candidate that may cost no more today gets nothing more, live or copied; all others go on as they were.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct SpentBudgetTests {
  private static let team = [RolloutJudge.Tag(name: "team", source: .header("x-team"))]

  @Test("its live exchanges go to the baseline and count for nobody")
  func live() async throws {
    var plan = StoryPlan.canary()
    plan.spent = [SpentBudget(arm: .candidate(0))]
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.value("x-crossfade-arm") == "openrouter")
      #expect(answer.value("x-crossfade-fallback") == nil)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.starts.map(\.arm) == [.baseline])
      #expect(record.starts.map(\.shares) == [[]])
      #expect(story.candidate.requestCount == 0)
    }
  }

  @Test("nothing is copied to it, and what is not is counted")
  func shadow() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    plan.spent = [SpentBudget(arm: .candidate(0))]
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.wait { $0.drops.count == 1 && $0.ends.count == 1 }
      #expect(record.drops.map(\.reason) == [.budget])
      #expect(story.candidate.requestCount == 0)
    }
  }

  @Test("the budget of a tag stops only what has the tag, until a new routing says otherwise")
  func tag() async throws {
    var plan = StoryPlan.canary()
    plan.tags = Self.team
    plan.spent = [SpentBudget(arm: .candidate(0), tag: Budget.TagValue(tag: 0, value: "search"))]
    try await story(plan) { story in
      for (lines, arm) in [
        ("x-team: search\r\n", "openrouter"), ("x-team: ads\r\n", "litellm"), ("", "litellm"),
        ("x-team: Search\r\n", "litellm"),
      ] {
        let answer = try await story.exchange(Request.chat(lines: lines))
        #expect(answer.value("x-crossfade-arm") == arm, "\(lines)")
      }
      try await story.proxy.adopt(StoryPlan.canary().routing())
      let answer = try await story.exchange(Request.chat(lines: "x-team: search\r\n"))
      #expect(answer.value("x-crossfade-arm") == "litellm", "the next day")
    }
  }

  // MARK: shares

  private func spared(_ assignment: Assignment, _ spent: Int...) -> Assignment {
    var assignment = assignment
    assignment.spare { !$0.isBaseline && spent.contains($0.candidate) }
    return assignment
  }

  @Test("the shares of the others are those among the arms that are left")
  func shares() {
    let baseline = Assignment(arm: .baseline, shares: [0.2, 0.4])
    #expect(spared(baseline, 0).shares == [0, 0.5])
    #expect(spared(baseline, 0, 1).shares == [])
    #expect(spared(baseline).shares == [0.2, 0.4])
    let other = Assignment(arm: .candidate(1), candidateModel: "m", shares: [0.2, 0.4])
    #expect(spared(other, 0) == Assignment(arm: .candidate(1), candidateModel: "m", shares: [0, 0.5]))
    #expect(spared(other, 1) == .baseline)
    #expect(spared(Assignment(arm: .baseline, shares: [1, 0]), 0).shares == [])
  }

  @Test("one that could not have been given the exchange anyway changes nothing")
  func absent() {
    let assignment = Assignment(
      arm: .baseline, shares: [0, 0.4], shadows: [ShadowCopy(arm: .candidate(0), model: "m")])
    #expect(spared(assignment, 0) == assignment)
    #expect(spared(.baseline, 0) == .baseline)
  }
}
