/// SIGTERM: nothing new begins, what is open may finish, and nothing is left open in the ledger.

import Dialects
import GatewayEmulation
import NIOPosix
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct DrainingTests {
  private func waitForDraining(_ story: ProxyStory) async -> Int {
    let record = await story.ledger.wait { record in
      record.events.contains { if case .draining = $0 { true } else { false } }
    }
    for case .draining(let open, _) in record.events { return open }
    return -1
  }

  @Test("an open exchange finishes, and says that its connection will close")
  func openExchange() async throws {
    try await scriptedStory(Request.chat()) { story, client, upstream in
      async let drained: Void = story.proxy.drain()
      #expect(await waitForDraining(story) == 1)
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.rawBodyText == "late")
      #expect(answer.value("connection") == "close")
      try await drained
      _ = await upstream.receiveAll()
      let record = story.ledger.record
      #expect(record.outcomes(.live).count == 1 && record.open == 0, "the ledger was flushed before the end")
    }
  }

  @Test("an answer under way finishes too, although it promised to keep the connection")
  func openStream() async throws {
    try await scriptedStory(Request.chat(stream: true) + Request.chat()) { story, client, upstream in
      upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n")
      _ = await client.receive(upTo: "xyz")
      async let drained: Void = story.proxy.drain()
      _ = await waitForDraining(story)
      upstream.send("2\r\nde\r\n0\r\n\r\n")
      let rest = await client.receiveAll()
      #expect(rest.text == "\r\n2\r\nde\r\n0\r\n\r\n")
      try await drained
      #expect(story.ledger.record.counters.requests == 1, "what was sent ahead is not begun")
    }
  }

  @Test("new connections are refused, idle ones closed")
  func idle() async throws {
    try await story { story in
      let idle = try await story.client()
      idle.send(Request.chat())
      _ = await idle.receiveMessage()
      let fresh = try await story.client()
      // Connections are accepted in order: once a later one is answered, this one is the proxy's and not the kernel's.
      _ = try await story.exchange(Request.get("/nowhere"))
      try await story.proxy.drain()
      #expect(await idle.receiveAll().isEmpty)
      #expect(await fresh.receiveAll().isEmpty)
      // Where somebody answers there again it is not this proxy.
      do { try await story.client().close() } catch is NIOConnectionError {}
      #expect(story.ledger.record.counters.connectionsAccepted == 3)
      await story.baseline.wait { $0.openConnections == 0 }
    }
  }

  @Test("a client that is still reading its last answer gets all of it")
  func slowReader() async throws {
    let arm = try await ScriptedArm.start()
    var plan = StoryPlan()
    plan.baselinePort = arm.port
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.get("/v1/models"))
      let upstream = await arm.accept()
      _ = await upstream.receiveMessage()
      try await client.stopReading()
      let body = [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20)
      await upstream.sendAll(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
      upstream.close()
      // All of the answer has been read from the arm, not all of it written to the client.
      for _ in 1...20 { _ = try await story.exchange(Request.get("/nowhere")) }
      async let drained: Void = story.proxy.drain()
      _ = await waitForDraining(story)
      try await client.startReading()
      let answer = await client.receiveMessage()
      #expect(answer.rawBody == body)
      try await drained
    }
    try await arm.stop()
  }

  @Test("a request whose head has begun is still served, on its last connection, and not copied")
  func halfHead() async throws {
    try await story(.shadow()) { story in
      let client = try await story.client()
      let request = Request.chat()
      await client.sendAll(Array(request.utf8.prefix(40)))
      // A round trip on the same loop: the bytes above have been read.
      _ = try await story.exchange(Request.get("/nowhere"))
      async let drained: Void = story.proxy.drain()
      _ = await waitForDraining(story)
      client.send(Array(request.utf8.dropFirst(40)))
      let answer = WireMessage(await client.receiveAll())
      #expect(answer.status == 200)
      #expect(answer.value("connection") == "close")
      try await drained
      let record = story.ledger.record
      #expect(record.drops.map(\.reason) == [.draining])
      #expect(story.candidate.requestCount == 0)
    }
  }

  @Test("a stream longer than the drain time is cut")
  func tooLong() async throws {
    var plan = StoryPlan()
    plan.baseline.streamEventCount = 1_000
    plan.baseline.streamEventInterval = .milliseconds(10)
    plan.limits.drainTime = .milliseconds(100)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat(stream: true))
      _ = await client.receive(upTo: "data: ")
      try await story.proxy.drain()
      let rest = await client.receiveAll()
      #expect(!rest.text.hasSuffix("0\r\n\r\n"))
      await story.baseline.waitForAbandoned(count: 1)
      let record = story.ledger.record
      #expect(record.outcomes(.live) == [.clientGone], "no fault of the arm's")
      #expect(record.open == 0)
    }
  }

  @Test("copies do not hold up the end, and none is left open in the ledger")
  func copies() async throws {
    try await story(.shadow(GatewayBehavior(fault: .hangBeforeHead))) { story in
      _ = try await story.exchange(Request.chat())
      await story.candidate.waitForRequests(count: 1)
      try await story.proxy.drain()
      let record = story.ledger.record
      #expect(record.open == 0)
      #expect(record.outcomes(.shadow) == [.clientGone])
      await story.candidate.waitForAbandoned(count: 1)
    }
  }

  @Test("every loop drains")
  func loops() async throws {
    var plan = StoryPlan()
    plan.threads = 2
    try await story(plan) { story in
      var clients: [WirePeer] = []
      for _ in 1...6 { clients.append(try await story.client()) }
      for client in clients {
        client.send(Request.chat())
        _ = await client.receiveMessage()
      }
      try await story.proxy.drain()
      for client in clients { #expect(await client.receiveAll().isEmpty) }
    }
  }
}
