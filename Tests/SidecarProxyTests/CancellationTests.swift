/// A client that leaves takes its upstream request along, wherever the exchange stands.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct CancellationTests {
  enum Leaving: CaseIterable {
    case closing, resetting

    func leave(_ client: WirePeer) {
      switch self {
      case .closing: client.close()
      case .resetting: client.reset()
      }
    }
  }

  @Test("before the head: the upstream sees the close, the attempt counts as the client's", arguments: Leaving.allCases)
  func beforeHead(_ leaving: Leaving) async throws {
    var plan = StoryPlan()
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.baseline.waitForRequests(count: 1)
      leaving.leave(client)
      await story.baseline.waitForAbandoned(count: 1)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(record.counters.clientsGone == 1)
    }
  }

  @Test("in the middle of a stream, hung or flowing", arguments: Leaving.allCases, [true, false])
  func midStream(_ leaving: Leaving, _ hangs: Bool) async throws {
    var plan = StoryPlan.canary()
    if hangs {
      plan.candidate.fault = .hangMidBody(afterBytes: 300)
    } else {
      plan.candidate.streamEventCount = 1_000
      plan.candidate.streamEventInterval = .milliseconds(10)
    }
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      _ = await client.receive(upTo: "data: ")
      leaving.leave(client)
      await story.candidate.waitForAbandoned(count: 1)
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
      #expect(story.baseline.requestCount == 0, "nobody is left to be rescued")
    }
  }

  @Test("while the upstream is still being connected to")
  func connecting() async throws {
    let unanswering = ReservedPort.unanswering()
    var plan = StoryPlan()
    plan.baselinePort = unanswering.port
    plan.traffic.timeouts.connect = .seconds(30)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.ledger.wait { $0.starts.count == 1 }
      client.close()
      let record = await story.ledger.waitForEnds(1)
      #expect(record.outcomes(.live) == [.clientGone])
    }
  }

  @Test("while the safety net's rescue is under way")
  func duringRescue() async throws {
    var plan = StoryPlan.canary(GatewayBehavior(errorRate: 1))
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.baseline.waitForRequests(count: 1)
      client.close()
      await story.baseline.waitForAbandoned(count: 1)
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.failed])
      #expect(record.outcomes(.rescue) == [.clientGone])
    }
  }

  @Test("before the request is whole: no attempt was made")
  func halfRequest() async throws {
    try await story { story in
      let client = try await story.client()
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
      let other = try await story.client()
      other.send(Request.chat())
      _ = await other.receiveMessage()
      client.close()
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.waitForEnds(2)
      #expect(record.starts.count == 2)
      #expect(record.outcomes(.live) == [.ok, .ok])
    }
  }

  @Test("in the middle of an upload that is passed on as it comes")
  func midUpload() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nbegun")
      let upstream = await arm.accept()
      _ = await upstream.receive(upTo: "begun")
      client.close()
      _ = await upstream.receiveAll()
      #expect(upstream.ending != .open)
    }
    try await arm.stop()
  }

  @Test("right after [DONE]: what SDKs do is no failure of anybody")
  func afterDone() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      for terminal in [true, false] {
        let client = try await story.client()
        client.send(Request.chat(stream: true))
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        let events =
          "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"
          + (terminal ? "data: [DONE]\n\n" : "data: {}\n\n")
        upstream.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "\(String(events.utf8.count, radix: 16))\r\n\(events)\r\n")
        _ = await client.receive(upTo: terminal ? "[DONE]" : "data: {}")
        client.close()
        _ = await upstream.receiveAll()
      }
      let record = await story.ledger.waitForEnds(2)
      #expect(record.outcomes(.live) == [.ok, .clientGone])
      #expect(record.counters.clientsGone == 1)
    }
    try await arm.stop()
  }

  @Test("the connection of an abandoned request is not used for another")
  func notReused() async throws {
    var plan = StoryPlan()
    plan.baseline.script = [.hangMidBody(afterBytes: 10), .none]
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      _ = await client.receive(upTo: "\r\n\r\n")
      client.close()
      await story.baseline.waitForAbandoned(count: 1)
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 200)
      #expect(story.baseline.received.map(\.connection) == [1, 2])
    }
  }

  @Test("a client that has sent more ahead than is read is seen to leave all the same")
  func pipelinedThenGone() async throws {
    var plan = StoryPlan()
    plan.baseline.fault = .hangBeforeHead
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      await story.baseline.waitForRequests(count: 1)
      await client.sendAll(Array(repeating: UInt8(ascii: "x"), count: 100_000))
      client.close()
      await story.baseline.waitForAbandoned(count: 1)
    }
  }
}
