/// What is handed over to be compared: both answers as they came, whole or cut, and only where there is something to compare.

import Dialects
import GatewayEmulation
import NIOCore
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct ExchangeCaptureTests {
  private func body(_ answer: CapturedAnswer) -> [UInt8] { answer.body.flatMap { Array($0.readableBytesView) } }

  /// Both arms are played by hand: what they say is known to the byte.
  private func scripted(
    _ plan: StoryPlan = .shadow(), live: String, shadow: String,
    then check: (ProxyStory, WireMessage, LedgerProbe.Record) async throws -> Void
  ) async throws {
    let baseline = try await ScriptedArm.start()
    let candidate = try await ScriptedArm.start()
    var plan = plan
    plan.baselinePort = baseline.port
    plan.candidatePort = candidate.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let liveArm = await baseline.accept()
      _ = await liveArm.receiveMessage()
      let shadowArm = await candidate.accept()
      _ = await shadowArm.receiveMessage()
      liveArm.send(live)
      let answer = await client.receiveMessage()
      shadowArm.send(shadow)
      try await check(story, answer, await story.ledger.waitForEnds(2))
    }
    try await baseline.stop()
    try await candidate.stop()
  }

  private func document(_ body: String, type: String = "application/json") -> String {
    "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("two documents, byte for byte, with what their heads say of them")
  func documents() async throws {
    let (live, shadow) = (#"{"id":"a","choices":[]}"#, #"{"id":"b", "choices":[]}"#)
    try await scripted(
      live: document(live), shadow: document(shadow, type: "Application/JSON; charset=utf-8")
    ) { story, answer, _ in
      #expect(answer.bodyText == live)
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(exchange.endpoint == .chatCompletions)
      #expect(String(buffer: exchange.request) == Request.body())
      #expect(body(exchange.baseline).text == live)
      #expect(exchange.baseline.contentType == "application/json")
      #expect(exchange.baseline.contentEncoding == "")
      #expect(exchange.baseline.status == 200)
      #expect(exchange.baseline.end.population == .live)
      let copy = try #require(exchange.copies.first)
      #expect(exchange.copies.count == 1)
      #expect(body(copy).text == shadow)
      #expect(copy.contentType == "Application/JSON; charset=utf-8")
      #expect(copy.end.population == .shadow && copy.end.arm == .candidate(0))
      #expect(copy.end.exchange == exchange.baseline.end.exchange)
      #expect(!copy.isCut && !exchange.baseline.isCut)
    }
  }

  @Test("streams without their chunk framing, and the client's copy with it")
  func streams() async throws {
    let events = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n"
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    let cut = events.utf8.count / 2
    let (first, second) = (String(events.prefix(cut)), String(events.dropFirst(cut)))
    let chunks = [first, second].map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    try await scripted(live: head + chunks, shadow: head + chunks) { story, answer, _ in
      #expect(answer.rawBodyText == chunks)
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(body(exchange.baseline).text == events)
      #expect(exchange.copies.map { body($0).text } == [events])
    }
  }

  @Test("what is compressed stays so, and says how")
  func gzip() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(vendor: .litellm, gzip: true))
    plan.baseline.gzip = true
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(lines: "Accept-Encoding: gzip\r\n"))
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(exchange.baseline.contentEncoding == "gzip")
      #expect(body(exchange.baseline) == answer.body)
      #expect(exchange.copies.map(\.contentEncoding) == ["gzip"])
      #expect(exchange.copies.map { body($0).starts(with: [0x1F, 0x8B]) } == [true])
    }
  }

  @Test("an answer longer than may be kept is cut, and the client's is not")
  func cut() async throws {
    var plan = StoryPlan.shadow()
    plan.limits.comparedAnswerBytes = 50
    let long = #"{"choices":[{"message":{"content":"\#(String(repeating: "x", count: 100))"}}]}"#
    let exact = #"{"id":"\#(String(repeating: "y", count: 41))"}"#
    #expect(exact.utf8.count == 50)
    try await scripted(plan, live: document(long), shadow: document(exact)) { story, answer, _ in
      #expect(answer.bodyText == long)
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(exchange.baseline.isCut)
      #expect(body(exchange.baseline).text == String(long.prefix(50)))
      #expect(exchange.copies.map(\.isCut) == [false])
      #expect(exchange.copies.map { body($0).text } == [exact])
    }
  }

  @Test("exchanges that do not fit beside the others are not compared, and are counted")
  func bytes() async throws {
    var plan = StoryPlan.shadow()
    plan.limits.comparisonBytes = 4_000
    let long = #"{"choices":[{"message":{"content":"\#(String(repeating: "x", count: 5_000))"}}]}"#
    try await scripted(plan, live: document(long), shadow: document("{}")) { story, answer, record in
      #expect(answer.bodyText == long)
      #expect(record.counters.comparisonsDropped == 1)
      #expect(record.captured.isEmpty)
    }
  }

  @Test("the room of an exchange is free again once it has been handed over")
  func room() async throws {
    var plan = StoryPlan.shadow()
    plan.limits.comparisonBytes = 16_000
    try await story(plan) { story in
      for number in 1...20 {
        _ = try await story.exchange(Request.chat())
        await story.ledger.wait { $0.captured.count == number }
      }
      #expect(story.ledger.record.counters.comparisonsDropped == 0)
    }
  }

  @Test("no more exchanges than the playbook says, each chosen before its answers are known")
  func budget() async throws {
    var plan = StoryPlan.shadow()
    plan.compare.perSecond = 3
    plan.threads = 1
    try await story(plan) { story in
      let client = try await story.client()
      for number in 1...30 {
        client.send(Request.chat())
        _ = await client.receiveMessage()
        await story.ledger.waitForEnds(number, .shadow)
      }
      let first = story.ledger.record
      let seconds = Double(first.ends.map(\.at.nanoseconds).max() ?? 0) * 1e-9
      #expect(first.captured.count >= 3)
      #expect(Double(first.captured.count) <= 3 + 1 + 3 * (seconds + 1))
      #expect(first.captured.count < 30)
      #expect(first.counters.comparisonsDropped == 0, "what is not chosen is not dropped")
    }
  }

  @Test("with nothing to compare a second nothing is kept")
  func off() async throws {
    var plan = StoryPlan.shadow()
    plan.compare.perSecond = 0
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(2)
      #expect(record.captured.isEmpty)
    }
  }

  @Test("the baseline's second answer comes with them")
  func noise() async throws {
    var plan = StoryPlan.shadow()
    plan.noise = 1
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(Set(exchange.copies.map(\.end.population)) == [.shadow, .noise])
      #expect(exchange.copies.allSatisfy { !body($0).isEmpty })
      let noise = try #require(exchange.copies.first { $0.end.population == .noise })
      #expect(noise.end.arm == .baseline)
      #expect(body(noise) != body(exchange.baseline), "another answer, not the same one twice")
    }
  }

  @Test("a copy that hangs is waited for until its time-out, and compared as what it was")
  func hangs() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.traffic.timeouts.firstByte = .milliseconds(2000)
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      // All attempts have ended, and it is handed over once: not when the baseline's answer was there.
      let record = await story.ledger.wait { $0.captured.count == 1 && $0.ends.count == 2 }
      let exchange = try #require(record.captured.first)
      #expect(record.captured.count == 1)
      #expect(exchange.baseline.end.outcome == .ok)
      #expect(exchange.copies.map(\.end.outcome) == [.timeout])
      #expect(exchange.copies.map(\.status) == [nil])
      #expect(exchange.copies.allSatisfy { $0.body.isEmpty })
    }
  }

  @Test("an answer that broke off is compared with what there was of it")
  func brokeOff() async throws {
    try await story(.shadow(GatewayBehavior(fault: .cutMidBody(afterBytes: 10)))) { story in
      _ = try await story.exchange(Request.chat())
      let exchange = try #require(await story.ledger.wait { $0.captured.count == 1 }.captured.first)
      #expect(exchange.copies.map(\.end.outcome) == [.incomplete])
      #expect(exchange.copies.map { body($0).count } == [10])
    }
  }

  @Test("copies that were not sent leave nothing to compare")
  func copiesDropped() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(fault: .hangBeforeHead))
    plan.shadowPolicy.maxInFlight = 1
    try await story(plan) { story in
      for _ in 1...3 { _ = try await story.exchange(Request.chat()) }
      let record = await story.ledger.wait { $0.drops.count == 2 && $0.ends(.live).count == 3 }
      #expect(record.captured.isEmpty)
    }
  }

  @Test("a client that left has no answer to compare with")
  func clientLeft() async throws {
    var plan = StoryPlan.shadow()
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.ledger.waitForEnds(1, .shadow)
      client.close()
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(record.captured.isEmpty)
    }
  }

  @Test("canaries are not compared")
  func canaries() async throws {
    var plan = StoryPlan.canary()
    plan.shadow = 1
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(1)
      #expect(record.captured.isEmpty)
    }
  }
}
