/// What the control plane decides takes effect for the next request, on every loop.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct RoutingTests {
  @Test("a new routing holds for the next request; what is open finishes on its arm")
  func adopt() async throws {
    var plan = StoryPlan()
    plan.candidate.streamEventCount = 40
    plan.candidate.streamEventInterval = .milliseconds(5)
    try await story(plan) { story in
      let client = try await story.client()
      client.send(Request.chat())
      let first = await client.receiveMessage()
      #expect(first.value("x-crossfade-arm") == "openrouter")

      var canary = plan
      canary.weight = 1
      try await story.proxy.adopt(canary.routing())
      client.send(Request.chat(stream: true))
      _ = await client.receive(upTo: "x-crossfade-arm: litellm\r\n")
      try await story.proxy.adopt(plan.routing())
      let rest = await client.receive(upTo: "0\r\n\r\n")
      #expect(rest.text.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"), "a rollback lets open streams finish")

      client.send(Request.chat())
      let last = await client.receiveMessage()
      #expect(last.value("x-crossfade-arm") == "openrouter")
      #expect(story.candidate.requestCount == 1)
    }
  }

  @Test("a spent budget stops copies from the next request on")
  func budget() async throws {
    let plan = StoryPlan.shadow()
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      var spent = plan
      spent.budgetSpent = true
      try await story.proxy.adopt(spent.routing())
      _ = try await story.exchange(Request.chat())
      let record = await story.ledger.wait { $0.drops.count == 1 && $0.ends.count == 3 }
      #expect(record.ends(.shadow).count == 1)
    }
  }

  @Test("rules by header, model, path and body choose the arm")
  func rules() async throws {
    func rule(_ attribute: TrafficRule.Attribute, _ glob: String, _ weight: Double) -> TrafficRule {
      TrafficRule(match: [.init(attribute: attribute, glob: Glob(glob))], weights: [weight])
    }
    var plan = StoryPlan()
    plan.weight = 1e-9
    plan.rules = [
      rule(.header("x-team"), "internal", 1), rule(.model, "app/new-*", 1), rule(.body("metadata.team"), "blue", 1),
      rule(.path, "/v1/completions", 1),
    ]
    plan.traffic.rules = plan.rules
    try await story(plan) { story in
      for (request, arm) in [
        (Request.chat(lines: "X-Team: internal\r\n"), "litellm"),
        (Request.chat(lines: "X-Team: other\r\n"), "openrouter"),
        (Request.chat(model: "app/new-1"), "litellm"), (Request.chat(), "openrouter"),
        (Request.chat(fields: #","metadata":{"team":"blue"}"#), "litellm"),
        (Request.chat(fields: #","metadata":{"team":"red"}"#), "openrouter"),
        (Request.post("/v1/completions", #"{"model":"app/x","prompt":"p"}"#), "litellm"),
        (Request.chat(model: "other/new", lines: "X-Team: internal\r\n"), "openrouter"),
      ] {
        let answer = try await story.exchange(request)
        #expect(answer.status == 200)
        #expect(answer.value("x-crossfade-arm") == arm)
      }
      let record = await story.ledger.waitForEnds(8)
      #expect(record.ends(.live).count == 8)
    }
  }

  @Test("a conversation stays on its arm, and its unit is in the ledger")
  func sticky() async throws {
    var plan = StoryPlan()
    plan.weight = 0.5
    try await story(plan) { story in
      let client = try await story.client()
      var arms: [String: Set<String>] = [:]
      for round in 1...3 {
        for number in 1...12 {
          client.send(Request.chat(fields: #","session_id":"s\#(number)","n":\#(round)"#))
          let answer = await client.receiveMessage()
          arms["s\(number)", default: []].insert(answer.value("x-crossfade-arm") ?? "")
        }
      }
      #expect(arms.values.allSatisfy { $0.count == 1 })
      #expect(Set(arms.values).count == 2, "of twelve conversations some are on either arm")
      let record = await story.ledger.waitForEnds(36)
      #expect(Set(record.starts.map(\.unit)).count == 12)
      #expect(record.starts.allSatisfy { $0.shares == [0.5] })
    }
  }

  @Test("several loops share the work, adopt together, and never give two attempts one number")
  func loops() async throws {
    var plan = StoryPlan()
    plan.threads = 2
    try await story(plan) { story in
      var clients: [WirePeer] = []
      for _ in 1...8 { clients.append(try await story.client()) }
      for arm in ["openrouter", "litellm"] {
        for client in clients {
          client.send(Request.chat())
          let answer = await client.receiveMessage()
          #expect(answer.value("x-crossfade-arm") == arm)
        }
        var canary = plan
        canary.weight = 1
        try await story.proxy.adopt(canary.routing())
      }
      let record = await story.ledger.waitForEnds(16)
      #expect(record.counters.requests == 16)
      #expect(Set(record.starts.map(\.attempt)).count == 16)
      #expect(Set(record.starts.map { $0.attempt >> 56 }) == [0, 1])
    }
  }

  @Test("says where it listens, and why where it cannot")
  func listening() async throws {
    try await story { story in
      let record = story.ledger.record
      let ports = record.events.compactMap { if case .listening(_, let port) = $0 { port } else { nil } }
      #expect(ports == [story.proxy.port])
    }
    let reserved = ReservedPort.refusing()
    var plan = StoryPlan()
    plan.listenPort = reserved.port
    do {
      try await story(plan) { _ in Issue.record("it started") }
    } catch let error as ProxyStartError {
      #expect(error.description.hasPrefix("cannot listen on 127.0.0.1:\(reserved.port): "))
    }
  }

  @Test("an arm that comes back after it was down is reported, once each")
  func upAgain() async throws {
    let reserved = ReservedPort.refusing()
    var plan = StoryPlan.canary()
    plan.candidatePort = reserved.port
    try await story(plan) { story in
      for _ in 1...4 { _ = try await story.exchange(Request.chat()) }
      let arm = try await ScriptedArm.start(at: reserved)
      for _ in 1...2 {
        let client = try await story.client()
        client.send(Request.chat())
        let upstream = await arm.accept()
        _ = await upstream.receiveMessage()
        let body = #"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}"#
        upstream.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = await client.receiveMessage()
        #expect(answer.value("x-crossfade-arm") == "litellm")
      }
      let events = story.ledger.record.events.compactMap { event -> String? in
        switch event {
        case .upstreamDown: "down"
        case .upstreamUp: "up"
        default: nil
        }
      }
      #expect(events == ["down", "up"])
      try await arm.stop()
    }
  }
}
