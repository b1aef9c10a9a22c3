/// Connections are kept on both sides, and nobody notices when one of them dies between two requests.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct KeepAliveTests {
  @Test("one connection to each side carries one exchange after another")
  func reuse() async throws {
    try await story { story in
      let client = try await story.client()
      for stream in [false, true, false, true] {
        client.send(Request.chat(stream: stream))
        let answer = await client.receiveMessage()
        #expect(answer.status == 200)
        #expect(answer.value("connection") == nil)
      }
      #expect(story.baseline.counts.connections == 1)
      let record = await story.ledger.waitForEnds(4)
      #expect(record.counters.requests == 4)
      #expect(record.counters.connectionsAccepted == 1)
      #expect(record.counters.upstreamConnections == 1)
      #expect(Set(record.starts.map(\.exchange)).count == 4)
    }
  }

  @Test("different clients share an upstream connection one after another")
  func sharing() async throws {
    try await story { story in
      for _ in 1...5 { _ = try await story.exchange(Request.chat()) }
      #expect(story.baseline.counts.connections == 1)
    }
  }

  @Test("requests that wait at the same time have a connection each")
  func sameTime() async throws {
    try await scriptedStory { story, arm in
      var waiting: [(client: WirePeer, upstream: WirePeer)] = []
      for number in 1...3 {
        let client = try await story.client()
        client.send(Request.chat(text: "\(number)"))
        let upstream = await arm.accept()
        #expect(await upstream.receiveMessage().bodyText == Request.body(text: "\(number)"))
        waiting.append((client, upstream))
      }
      for (number, (client, upstream)) in waiting.enumerated() {
        upstream.send(scriptedAnswer("\(number)"))
        #expect(await client.receiveMessage().bodyText == "\(number)")
      }
      #expect(arm.acceptedCount == 3)
    }
  }

  @Test("a kept connection that the arm gives up under a request is replaced, once, and the client sees nothing of it")
  func replay() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      let first = await arm.serve(client)
      client.send(Request.chat(text: "two"))
      _ = await first.receiveMessage()
      first.reset()
      let second = await arm.accept()
      let again = await second.receiveMessage()
      #expect(again.bodyText == Request.body(text: "two"))
      second.send(scriptedAnswer("second"))
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.bodyText == "second")
      let record = await story.ledger.waitForEnds(2)
      #expect(record.counters.replaysByArm == [1])
      #expect(record.starts.count == 2, "one attempt, however often it had to be sent")
    }
  }

  @Test("a replay that fails too is a failure: nothing is sent a third time")
  func replayOnce() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      let first = await arm.serve(client)
      client.send(Request.chat())
      _ = await first.receiveMessage()
      first.close()
      let second = await arm.accept()
      _ = await second.receiveMessage()
      second.close()
      let answer = await client.receiveMessage()
      #expect(answer.status == 502)
      #expect(arm.acceptedCount == 2)
      let record = await story.ledger.waitForEnds(2)
      #expect(record.ends.last?.outcome == .failed)
    }
  }

  @Test("an arm that closes after each answer without saying so loses no request that it cannot have read")
  func closesUnsaid() async throws {
    try await scriptedStory(staleIdle: .seconds(600)) { story, arm in
      let client = try await story.client()
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          while !Task.isCancelled {
            let upstream = await arm.accept()
            _ = await upstream.receiveMessage()
            upstream.send(scriptedAnswer())
            upstream.close()
          }
        }
        for round in 1...200 {
          client.send(Request.chat())
          #expect(await client.receiveMessage().status == 200, "round \(round)")
        }
        group.cancelAll()
      }
    }
  }

  @Test("a kept connection that dies right after it was used is not replaced: the arm has read the request")
  func justUsed() async throws {
    try await scriptedStory(staleIdle: .seconds(600)) { story, arm in
      let client = try await story.client()
      let first = await arm.serve(client)
      client.send(Request.chat())
      _ = await first.receiveMessage()
      first.reset()
      let answer = await client.receiveMessage()
      #expect(answer.status == 502)
      #expect(await story.ledger.waitForEnds(2).counters.replaysByArm == [])
      #expect(arm.acceptedCount == 1)
    }
  }

  @Test("a candidate that resets what it has read is caught by the safety net, and never given the request twice")
  func canaryJustUsed() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan.canary()
    plan.candidatePort = arm.port
    plan.limits.staleIdle = .seconds(600)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      upstream.send(scriptedAnswer(#"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}"#))
      #expect(await client.receiveMessage().value("x-crossfade-arm") == "litellm")
      client.send(Request.chat())
      _ = await upstream.receiveMessage()
      upstream.reset()
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
      #expect(answer.value("x-crossfade-fallback") == "failed")
      #expect(arm.acceptedCount == 1)
      #expect(await story.ledger.waitForEnds(3).counters.replaysByArm == [])
    }
    try await arm.stop()
  }

  @Test("a fresh connection that dies, or a kept one that dies after its first byte, is not replayed")
  func noReplay() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await arm.accept()
      _ = await first.receiveMessage()
      first.close()
      let failed = await client.receiveMessage()
      #expect(failed.status == 502)
      let second = await arm.serve(client)
      client.send(Request.chat())
      _ = await second.receiveMessage()
      await second.sendAll(Array("HTTP/1.1 2".utf8))
      second.close()
      let cut = await client.receiveMessage()
      #expect(cut.status == 502)
      #expect(arm.acceptedCount == 2)
      #expect(await story.ledger.waitForEnds(3).counters.replaysByArm == [])
    }
  }

  @Test("a connection that closes while idle is not there for the next request")
  func idleClose() async throws {
    try await scriptedStory { story, arm in
      for number in 1...5 {
        let client = try await story.client()
        let upstream = await arm.serve(client)
        upstream.close()
        _ = await upstream.receiveAll()
        #expect(arm.acceptedCount == number)
      }
    }
  }

  @Test("an upload that cannot be repeated does not go on a kept connection that may be dead")
  func uploadsAreFresh() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      _ = await arm.serve(client)
      let body = String(repeating: "x", count: 100_000)
      client.send(Request.post("/v1/files", body))
      let second = await arm.accept()
      let upload = await second.receiveMessage()
      #expect(upload.bodyText == body)
      second.send(scriptedAnswer())
      let answer = await client.receiveMessage()
      #expect(answer.status == 200)
    }
  }

  @Test(
    "a connection is not used again where the answer leaves any doubt",
    arguments: [
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil",
    ])
  func doubtful(_ answer: String) async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      for _ in 1...2 {
        client.send(Request.chat())
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        upstream.send(answer)
        let received = await client.receiveMessage()
        #expect(!received.bytes.text.contains("evil"))
      }
      #expect(client.ending == .open)
    }
  }

  @Test("bytes that come to an idle connection unasked end it: they answer no later request")
  func unasked() async throws {
    try await scriptedStory { story, arm in
      let client = try await story.client()
      let first = await arm.serve(client)
      first.send(scriptedAnswer("evil"))
      _ = await first.receiveAll()
      client.send(Request.chat())
      let second = await arm.accept()
      _ = await second.receiveMessage()
      second.send(scriptedAnswer("good"))
      let answer = await client.receiveMessage()
      #expect(answer.bodyText == "good")
    }
  }

  @Test("an idle upstream connection is closed after its time")
  func upstreamIdle() async throws {
    var plan = StoryPlan()
    plan.limits.upstreamIdle = .milliseconds(1)
    plan.limits.clientIdle = .milliseconds(1)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      _ = await client.receiveMessage()
      await story.baseline.wait { $0.openConnections == 0 }
      _ = await client.receiveAll()
      #expect(client.ending == .closed)
    }
  }
}
