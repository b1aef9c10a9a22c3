/// Every wait has an end, and the end says whose it was.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct TimeoutTests {
  private func expectLocal(_ answer: WireMessage, _ status: Int) {
    #expect(answer.status == status)
    #expect(answer.bodyText.hasPrefix(#"{"error":{"code":\#(status),"#))
    #expect(answer.bodyText.contains(#""source":"crossfade""#))
  }

  @Test("connecting takes too long: 502, failed")
  func connect() async throws {
    let unanswering = ReservedPort.unanswering()
    var plan = StoryPlan()
    plan.baselinePort = unanswering.port
    plan.traffic.timeouts.connect = .milliseconds(100)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      expectLocal(answer, 502)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.failed])
      #expect((record.ends.first?.latency ?? 0) >= 100_000_000)
    }
  }

  @Test("no first byte for as long as the client would wait: 504, said, and the arm's connection is closed")
  func firstByte() async throws {
    var plan = StoryPlan()
    plan.baseline.fault = .hangBeforeHead
    plan.limits.clientPatience = .milliseconds(1500)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      expectLocal(await client.receiveMessage(), 504)
      await story.baseline.waitForAbandoned(count: 1)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone], "the client would have left: that is no error of the baseline")
      #expect(record.answersCut == [.baseline])
      story.baseline.set(GatewayBehavior())
      client.send(Request.chat())
      let next = await client.receiveMessage()
      #expect(next.status == 200, "the client's connection goes on")
    }
  }

  @Test("silence inside the baseline's answer: it is cut, and counts for nobody", arguments: [true, false])
  func idle(_ afterHead: Bool) async throws {
    var plan = StoryPlan()
    plan.baseline.fault = afterHead ? .hangAfterHead : .hangMidBody(afterBytes: 60)
    plan.limits.clientPatience = .milliseconds(1500)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.status == 200)
      #expect(client.ending == .closed)
      #expect(answer.body.count == (afterHead ? 0 : 60))
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(record.answersCut == [.baseline])
    }
  }

  @Test("bytes keep an answer alive past the idle limit, comments among them")
  func notIdle() async throws {
    var plan = StoryPlan()
    plan.baseline.latency = .fixed(.seconds(3))
    plan.baseline.commentInterval = .milliseconds(50)
    plan.limits.clientPatience = .seconds(2)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(stream: true))
      #expect(answer.bodyText.hasSuffix("data: [DONE]\n\n"))
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.ok])
      #expect((record.ends.first?.ttft ?? 0) >= 3_000_000_000, "a comment is no content")
    }
  }

  @Test("a candidate's answer that never ends is cut at the total")
  func total() async throws {
    var plan = StoryPlan.canary()
    plan.candidate.streamEventCount = 1_000
    plan.candidate.streamEventInterval = .milliseconds(10)
    plan.traffic.timeouts.total = .seconds(2)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true, lines: "Connection: close\r\n"))
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.bodyText.contains("data: "))
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.timeout])
      await story.candidate.waitForAbandoned(count: 1)
    }
  }

  @Test("the baseline's stream may take as long as it likes, as long as it is not silent")
  func noTotal() async throws {
    var plan = StoryPlan()
    plan.baseline.streamEventCount = 40
    plan.baseline.streamEventInterval = .milliseconds(10)
    plan.traffic.timeouts.total = .milliseconds(100)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(stream: true))
      #expect(answer.bodyText.hasSuffix("data: [DONE]\n\n"))
      #expect(await story.ledger.waitForEnds(1).outcomes(.live) == [.ok])
    }
  }

  @Test(
    "a client that says how long it waits is believed", arguments: ["x-stainless-read-timeout", "x-stainless-timeout"])
  func saidPatience(_ name: String) async throws {
    var plan = StoryPlan()
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat(lines: "\(name): 0.2\r\n"))
      expectLocal(answer, 504)
    }
  }

  @Test("the total also bounds the wait for a candidate's head: the baseline answers")
  func totalBeforeHead() async throws {
    var plan = StoryPlan.canary(GatewayBehavior(vendor: .litellm, fault: .hangBeforeHead))
    plan.traffic.timeouts.total = .milliseconds(100)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.value("x-crossfade-fallback") == "timeout")
    }
  }

  @Test("a client that stops inside its body is told so: 408, and no arm was asked")
  func bufferedBody() async throws {
    var plan = StoryPlan()
    plan.traffic.timeouts.idle = .milliseconds(50)
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
      let answer = WireMessage(await client.receiveAll())
      expectLocal(answer, 408)
      #expect(story.baseline.counts.connections == 0)
      #expect(story.ledger.record.starts.isEmpty)
    }
  }

  @Test("a client that stops inside an upload under way: 408, and it is not the arm's fault")
  func streamedBody() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    plan.traffic.maxBodyBytes = 10
    plan.traffic.timeouts.idle = .milliseconds(50)
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
      let upstream = await arm.accept()
      let answer = WireMessage(await client.receiveAll())
      expectLocal(answer, 408)
      _ = await upstream.receiveAll()
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
    }
    try await arm.stop()
  }

  @Test("a baseline that stops taking an upload: 504, said, and nobody's error")
  func stuckUpload() async throws {
    let arm = try await ScriptedArm.start(reads: false)
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    plan.traffic.maxBodyBytes = 10
    plan.limits.clientPatience = .milliseconds(1500)
    try await story(plan) { story in
      let client = try await story.client()
      let body = [UInt8](repeating: 120, count: 16_000_000)
      let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n"
      async let upload = client.sendAll(Array(head.utf8) + body)
      let answer = await client.receiveMessage()
      expectLocal(answer, 504)
      #expect(answer.value("connection") == "close")
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
      _ = await upload
      client.close()
    }
    try await arm.stop()
  }

  @Test("a copy is bounded by the same waits")
  func shadows() async throws {
    var plan = StoryPlan.shadow(GatewayBehavior(script: [.hangBeforeHead, .hangMidBody(afterBytes: 5)]))
    plan.traffic.timeouts.firstByte = .milliseconds(500)
    plan.traffic.timeouts.idle = .milliseconds(500)
    try await story(plan) { story in
      for number in 1...2 {
        _ = try await story.exchange(Request.chat())
        await story.ledger.waitForEnds(number, .shadow)
      }
      #expect(story.ledger.record.outcomes(.shadow) == [.timeout, .timeout])
      await story.candidate.waitForAbandoned(count: 2)
    }
  }
}
