/// Answers and the questions after their bills, at the far end of real connections.

import Dialects
import GatewayEmulation
import RolloutJudge
import Synchronization
import Testing
import Vendors

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct BillStoryTests {
  private func plan(reconcile: Double = 0.05, key: String? = "own-key") -> StoryPlan {
    var plan = StoryPlan()
    plan.baselineKey = key
    plan.baselineReconcile = reconcile
    plan.baseline.bills = BillManners(after: .zero, drift: 0.05)
    return plan
  }

  private func ask(_ story: ProxyStory, _ id: String) async -> BillReply {
    await withCheckedContinuation { told in
      story.proxy.askBill(of: id, at: "openrouter") { told.resume(returning: $0) }
    }
  }

  @Test("an answer's bill is asked for by the arm's own key, and is what the vendor says", arguments: [false, true])
  func whole(_ isStream: Bool) async throws {
    try await story(plan()) { story in
      let answer = try await story.exchange(Request.chat(stream: isStream))
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      let id = try #require(end.billID)
      #expect(id == answer.value("x-generation-id"))
      let told = try #require(end.cost)
      guard case .billed(let dollars) = await ask(story, id) else { throw BillMissing() }
      #expect(abs(dollars / told - 1.05) < 1e-9)
      let question = try #require(story.baseline.received.last)
      #expect(question.method == "GET" && question.target == "/api/v1/generation?id=\(id)")
      #expect(question.values("authorization") == ["Bearer own-key"])
    }
  }

  @Test("a stream whose client leaves before there is anything in it can be asked after by its head's id")
  func abandoned() async throws {
    var plan = plan()
    plan.baseline.latency = .fixed(.seconds(30))
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      _ = await client.receive(upTo: "PROCESSING")
      client.close()
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect(end.outcome == .clientGone && end.cost == nil)
      guard case .billed(let dollars) = await ask(story, try #require(end.billID)) else { throw BillMissing() }
      #expect(dollars > 0)
    }
  }

  @Test("what cannot have been billed, and arms that are not asked, carry no id")
  func none() async throws {
    for plan in [plan(reconcile: 0), plan(key: nil)] {
      try await story(plan) { story in
        _ = try await story.exchange(Request.chat())
        #expect(try #require(await story.ledger.waitForEnds(1).ends.first).billID == nil)
      }
    }
    var failing = plan()
    failing.baseline.errorRate = 1
    try await story(failing) { story in
      _ = try await story.exchange(Request.chat())
      #expect(try #require(await story.ledger.waitForEnds(1).ends.first).billID == nil)
    }
  }

  @Test(
    "what stands in the way is told as it is",
    arguments: [
      (BillManners.Fault.missing, BillReply.notYet), (.refused, .refused(status: 403)),
      (.limited, .limited(.seconds(1))),
    ])
  func faults(_ fault: BillManners.Fault, reply: BillReply) async throws {
    var plan = plan()
    plan.baseline.bills.fault = fault
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let id = try #require(await story.ledger.waitForEnds(1).ends.first?.billID)
      #expect(await ask(story, id) == reply)
    }
  }

  @Test("an id that no vendor gives is never sent, and an arm that is not there is not asked")
  func nonsense() async throws {
    try await story(plan()) { story in
      #expect(await ask(story, "a b") == .failed)
      let reply = await withCheckedContinuation { told in
        story.proxy.askBill(of: "gen-1", at: "litellm") { told.resume(returning: $0) }
      }
      #expect(reply == .failed)
      #expect(story.baseline.requestCount == 0 && story.candidate.requestCount == 0)
    }
  }
}

private struct BillMissing: Error {}
