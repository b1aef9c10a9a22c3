/// A rollback that the journal went on without: what becomes of its number and its weights.

import RolloutJudge
import Testing

@testable import RolloutSteering

@Suite("Following")
struct FollowingTests {
  private let last = decision(4, .advance, before: ["a": 0.1, "b": 0.2], after: ["a": 0.3, "b": 0.4])

  private static func decision(
    _ seq: Int, _ kind: Decision.Kind, before: [String: Double], after: [String: Double], candidate: String? = nil
  ) -> Decision {
    Decision(
      seq: seq, at: Instant(nanoseconds: Int64(seq)), decision: kind, rollout: "move", stage: "ramp", stageIndex: seq,
      candidate: candidate, weightsBefore: before, weightsAfter: after, message: "", actor: "crossfade",
      playbookSHA256: "")
  }

  @Test("one that follows already stays as it is")
  func same() {
    let rollback = Self.decision(
      5, .rollback, before: ["a": 0.3, "b": 0.4], after: ["a": 0, "b": 0.4], candidate: "a")
    #expect(rollback.following(last) == rollback)
  }

  @Test("it gets the next number and takes its candidate's weight, or everybody's, from what was left")
  func moved() {
    var rollback = Self.decision(
      4, .rollback, before: ["a": 0.1, "b": 0.2], after: ["a": 0, "b": 0.2], candidate: "a")
    let own = rollback.following(last)
    #expect(own.seq == 5 && own.weightsBefore == ["a": 0.3, "b": 0.4] && own.weightsAfter == ["a": 0, "b": 0.4])
    rollback.candidate = nil
    #expect(rollback.following(last).weightsAfter == ["a": 0, "b": 0])
  }

  @Test("a candidate that loses one model keeps its weight for the others")
  func model() {
    var rollback = Self.decision(
      4, .rollback, before: ["a": 0.1, "b": 0.2], after: ["a": 0.1, "b": 0.2], candidate: "a")
    rollback.model = "deepseek"
    let moved = rollback.following(last)
    #expect(moved.seq == 5 && moved.weightsAfter == ["a": 0.3, "b": 0.4])
  }
}
