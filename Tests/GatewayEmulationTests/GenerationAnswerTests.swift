/// What an emulated OpenRouter says afterwards of its answers.

import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("GenerationAnswer")
struct GenerationAnswerTests {
  private func ask(_ gateway: EmulatedGateway, _ id: String, key: String? = nil) async throws -> RawClient.Received {
    let line = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    return try await exchange(
      gateway, "GET /api/v1/generation?id=\(id) HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\(line)\r\n")
  }

  @Test("an answer's record has what it cost, and what is billed beyond")
  func record() async throws {
    var behavior = GatewayBehavior()
    behavior.bills = BillManners(after: .zero, drift: 0.05)
    try await withGateway(behavior) { gateway in
      let answer = try await exchange(gateway, Wire.chat())
      let usage = try #require(try Wire.object(answer.bodyText)["usage"] as? [String: Any])
      let told = try #require(usage["cost"] as? Double)
      let id = try #require(answer.header("X-Generation-Id"))
      let record = try #require(try Wire.object(try await ask(gateway, id).bodyText)["data"] as? [String: Any])
      #expect(record["id"] as? String == id)
      let billed = try #require(record["total_cost"] as? Double)
      #expect(abs(billed / told - 1.05) < 1e-9)
      #expect(record["streamed"] as? Bool == false && record["cancelled"] as? Bool == false)
      #expect(record["native_tokens_prompt"] as? Int == usage["prompt_tokens"] as? Int)
    }
  }

  @Test("404 before its time, for an id of nobody, and for another vendor's gateway")
  func missing() async throws {
    var behavior = GatewayBehavior()
    behavior.bills.after = .seconds(3600)
    try await withGateway(behavior) { gateway in
      let id = try #require(try await exchange(gateway, Wire.chat()).header("X-Generation-Id"))
      for id in [id, "gen-1-x", "gen-1795360001-x", "x", ""] {
        #expect(try await ask(gateway, id).head.hasPrefix("HTTP/1.1 404 "))
      }
    }
    try await withGateway(GatewayBehavior(vendor: .litellm)) { gateway in
      let answer = try await ask(gateway, "gen-1-x")
      #expect(answer.head.hasPrefix("HTTP/1.1 404 "))
    }
  }

  @Test("a wrong key is 401, a right one may ask")
  func keys() async throws {
    var behavior = GatewayBehavior(requireKey: "right")
    behavior.bills.after = .zero
    try await withGateway(behavior) { gateway in
      for (key, status) in [("wrong", 401), ("right", 404)] {
        let answer = try await ask(gateway, "gen-1-x", key: key)
        #expect(answer.head.hasPrefix("HTTP/1.1 \(status) "))
      }
    }
  }

  @Test("only the latest ten thousand answers are remembered")
  func bounded() throws {
    var book = GenerationBook()
    let behavior = GatewayBehavior()
    let fields = try #require(RequestFields(body: ByteBuffer(string: "{}")))
    var ids: [String] = []
    for serial in 1...10_001 {
      let draft = AnswerDraft(
        plan: RequestPlan(behavior: behavior, number: serial), serial: serial, fields: fields)
      ids.append(draft.generationID)
      book.write(Generation(draft, streamed: false, at: .zero), serial: serial)
    }
    var manners = BillManners(after: .zero)
    if case .found = book.find(ids[0], manners, at: .zero) { Issue.record("the oldest is forgotten") }
    guard case .found = book.find(ids[1], manners, at: .zero) else {
      Issue.record("the second is not")
      return
    }
    manners.after = .seconds(1)
    if case .found = book.find(ids[1], manners, at: .zero) { Issue.record("not before its time") }
  }
}
