/// The rollout in one word, over every state, and how tools are told it.

import HTTPTypes
import RolloutJudge
import Synchronization
import Testing

@testable import AdminServer

@Suite struct VerdictTests {
  private static func status(
    _ state: RolloutState = .running, guards: [(String, RolloutStatus.Guard.State)] = [], back: [String] = []
  ) -> RolloutStatus {
    var status = Samples.status
    status.state = state
    status.weights = ["a": 0.05, "b": 0]
    status.candidates = Dictionary(
      uniqueKeysWithValues: ["a", "b"].map {
        (
          $0,
          RolloutStatus.CandidatePlace(
            stage: "s", stageIndex: 0, since: Samples.noon, isRolledBack: back.contains($0))
        )
      })
    status.guards = guards.map { action, state in
      RolloutStatus.Guard(
        metric: .errorRate, above: 0.02, ratioAbove: nil, candidate: "a", evidence: 1, threshold: 100, state: state,
        action: action)
    }
    return status
  }

  private static func word(_ status: RolloutStatus, _ candidate: String? = nil) -> RolloutVerdict.Word? {
    RolloutVerdict(status, candidate: candidate)?.word
  }

  @Test("every state and every state of a condition has a word")
  func words() {
    let rollback = "rollback"
    #expect(Self.word(Self.status()) == .inconclusive)
    #expect(Self.word(Self.status(guards: [(rollback, .passed)])) == .pass)
    #expect(Self.word(Self.status(guards: [(rollback, .passed), (rollback, .undecided)])) == .inconclusive)
    #expect(Self.word(Self.status(guards: [(rollback, .breached)])) == .fail)
    #expect(Self.word(Self.status(guards: [("pause", .breached)])) == .inconclusive)
    #expect(Self.word(Self.status(.paused, guards: [(rollback, .passed)])) == .inconclusive)
    #expect(Self.word(Self.status(.completed)) == .pass)
    #expect(Self.word(Self.status(.completed, guards: [(rollback, .breached)])) == .fail)
    #expect(Self.word(Self.status(.rolledBack)) == .fail)
    #expect(Self.word(Self.status(.aborted)) == .fail)
  }

  @Test("one candidate's word is its own, all of them together have the worst")
  func candidates() {
    let status = Self.status(guards: [("rollback", .passed)], back: ["b"])
    #expect(Self.word(status, "a") == .pass)
    #expect(Self.word(status, "b") == .fail)
    #expect(Self.word(status) == .fail)
    #expect(Self.word(status, "c") == nil)
  }

  @Test("a reader of JSON is always answered, a hook by its status")
  func statuses() async throws {
    let caller = try Caller()
    caller.control.state.withLock { $0.status = Self.status(.rolledBack) }
    let got = try await caller.send(.get, "/verdict")
    #expect(got.status == 200)
    #expect(got.object["verdict"] as? String == "fail")
    #expect((got.object["reason"] as? String)?.isEmpty == false)
    #expect(try await caller.send(.post, "/verdict", body: #"{"name":"podinfo"}"#).status == 409)
    #expect(try await caller.send(.post, "/verdict?expect=fail").status == 200)
    #expect(try await caller.send(.get, "/verdict?expect=pass,inconclusive").status == 409)
    caller.control.state.withLock { $0.status = Self.status(.completed) }
    #expect(try await caller.send(.post, "/verdict").status == 200)
    #expect(try await caller.send(.post, "/verdict?expect=fail").status == 409)
  }

  @Test("what it does not know is refused")
  func refused() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.get, "/verdict?expect=good").status == 400)
    #expect(try await caller.send(.get, "/verdict?x=1").status == 400)
    #expect(try await caller.send(.get, "/verdict?candidate=nobody").status == 404)
  }

  @Test("a hook that can be told no more than a URL gives the token as its password")
  func basic() async throws {
    let token = try #require(BearerToken("s3cret"))
    #expect(token.admits("Basic Y3Jvc3NmYWRlOnMzY3JldA=="))
    #expect(!token.admits("Basic Y3Jvc3NmYWRlOnMzY3JldHM="))
    #expect(!token.admits("Basic ???"))
    #expect(!token.admits("Basic czNjcmV0"))
  }
}
