/// Who does not read stops who sends, through the proxy and in both directions; what is held in between is bounded.

import Dialects
import GatewayEmulation
import NIOCore
import RolloutJudge
import Synchronization
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct BackpressureTests {
  private static let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 18)
  private static let pieces = 480
  /// The kernel's buffers of two hops may hold some seventy megabytes where they are generous, the proxy less than one.
  private static let bound = 400

  /// Sends piece after piece, each when the kernel has taken the one before; counts them.
  private func pour(_ peer: WirePeer, _ count: borrowing Mutex<Int>) async {
    for _ in 0..<Self.pieces {
      guard await peer.sendAll(Self.piece) else { return }
      count.withLock { $0 += 1 }
    }
  }

  /// Other clients are answered while the one stands still; as many exchanges as it takes to see that nothing moves on.
  private func settle(_ story: ProxyStory, _ count: borrowing Mutex<Int>) async throws {
    var last = -1
    repeat {
      last = count.withLock { $0 }
      for _ in 1...40 {
        let answer = try await story.exchange(Request.get("/nowhere"))
        #expect(answer.status == 404)
      }
    } while count.withLock({ $0 }) != last
  }

  @Test("a client that does not read stops its upstream, and gets every byte when it reads again")
  func slowClient() async throws {
    try await scriptedStory(Request.get("/v1/models")) { story, client, upstream in
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.piece.count * Self.pieces)\r\n\r\n")
      _ = await client.receive(upTo: "\r\n\r\n")
      client.onlyCount()
      try await client.stopReading()
      let sent = Mutex(0)
      async let pouring: Void = pour(upstream, sent)
      try await settle(story, sent)
      #expect(sent.withLock { $0 } < Self.bound)
      let before = client.receivedCount
      try await client.startReading()
      await client.waitForBytes(before + Self.piece.count * (Self.pieces - Self.bound))
      await pouring
      client.close()
    }
  }

  @Test("an upstream that does not read stops an upload, and gets every byte when it reads again")
  func slowUpstream() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      let total = Self.piece.count * Self.pieces
      client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: \(total)\r\n\r\n")
      let upstream = await arm.accept()
      let begun = await upstream.receive(upTo: "\r\n\r\n")
      upstream.onlyCount()
      try await upstream.stopReading()
      let sent = Mutex(0)
      async let pouring: Void = pour(client, sent)
      try await settle(story, sent)
      #expect(sent.withLock { $0 } < Self.bound)
      let head = begun.count
      try await upstream.startReading()
      await upstream.waitForBytes(head + total)
      await pouring
      #expect(upstream.receivedCount == head + total)
      upstream.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
      let answer = await client.receiveMessage()
      #expect(answer.status == 201)
    }
    try await arm.stop()
  }

  @Test("a client that does not read until its time is up is cut off, and the arm is not to blame")
  func neverReads() async throws {
    var plan = StoryPlan.canary()
    plan.candidate.fault = .flood(bytes: 64 << 20)
    plan.traffic.timeouts.total = .seconds(5)
    try await story(plan) { story in
      let client = try await story.client()
      try await client.stopReading()
      client.send(Request.chat())
      #expect(await story.ledger.waitForEnds(1).outcomes(.live) == [.clientGone])
    }
  }

  @Test("a slow client still gets its whole answer where both ends announced their close")
  func slowCloser() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    // The pace-maker below: a head that trickles is refused at a housekeeping tick.
    plan.limits.headTime = .milliseconds(1)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.get("/v1/models", lines: "Connection: close\r\n"))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      try await client.stopReading()
      let body = [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20)
      await upstream.sendAll(
        Array("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
      upstream.close()
      // Housekeeping passes over the connection for some seconds; its answer is not yet written.
      for _ in 1...3 {
        let ticking = try await story.client()
        ticking.send("GET ")
        _ = await ticking.receiveAll()
      }
      try await client.startReading()
      let answer = await client.receiveMessage()
      #expect(answer.rawBody == body)
    }
    try await arm.stop()
  }
}
