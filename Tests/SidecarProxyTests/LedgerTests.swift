/// What the ledger says of every way an answer can go, in every role: one start, one end, one outcome.

import Dialects
import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(2)))
struct LedgerTests {
  /// A fault and what it amounts to, as a document and as a stream.
  struct Row: Sendable {
    var fault: Fault
    var document: Outcome
    var stream: Outcome

    init(_ fault: Fault, _ document: Outcome, _ stream: Outcome? = nil) {
      self.fault = fault
      self.document = document
      self.stream = stream ?? document
    }
  }

  private static func status(_ code: Int, retryAfter: Int? = nil) -> Fault {
    .status(code, retryAfterSeconds: retryAfter)
  }

  /// These wait for their time-outs.
  static let hangs = [
    Row(.hangBeforeHead, .timeout), Row(.hangAfterHead, .timeout), Row(.hangMidBody(afterBytes: 30), .timeout),
  ]

  static let rows: [Row] = [
    Row(.none, .ok), Row(.refuse, .failed), Row(.resetBeforeHead, .failed),
    Row(.cutMidBody(afterBytes: 30), .incomplete), Row(.resetMidBody(afterBytes: 30), .incomplete),
    Row(.cutMidBody(afterBytes: 0), .incomplete), Row(.cutMidEvent, .incomplete),
    Row(.dripBytes(interval: .microseconds(100)), .ok), Row(.oversizedHead(bytes: 70_000), .failed),
    // A stream that is one byte short of its promise has said [DONE] all the same.
    Row(.wrongLength(by: 1), .incomplete, .ok), Row(.wrongLength(by: -1), .incomplete, .ok),
    Row(.garbage, .failed), Row(.earlyResponse, .rejected), Row(.flood(bytes: 200_000), .ok),
    Row(status(400), .rejected), Row(status(401), .unauthorized), Row(status(402), .unpaid),
    Row(status(403), .unauthorized), Row(status(404), .rejected), Row(status(408), .failed),
    Row(status(413), .rejected), Row(status(422), .rejected), Row(status(429), .rateLimited),
    Row(status(429, retryAfter: 1), .rateLimited), Row(status(500), .failed), Row(status(502), .failed),
    Row(status(503), .failed), Row(status(503, retryAfter: 1), .rateLimited), Row(status(504), .failed),
    Row(status(529), .failed), Row(status(529, retryAfter: 1), .rateLimited),
    Row(.errorInBody, .errorInBody), Row(.errorEvent, .errorInBody), Row(.noTerminal, .incomplete),
    Row(.empty, .empty), Row(.duplicateLength, .failed), Row(.lengthAndChunked, .ok),
    Row(.badChunk, .incomplete), Row(.hundredContinue, .ok), Row(.earlyHints, .ok), Row(.closeAfterAnswer, .ok),
    Row(.http10, .ok), Row(.none, .ok),
  ]

  enum Role: CaseIterable {
    case baseline, canary, shadow

    var population: Population { self == .shadow ? .shadow : .live }
    var arm: ArmIndex { self == .baseline ? .baseline : .candidate(0) }

    func plan() -> StoryPlan { self == .shadow ? .shadow() : self == .canary ? .canary() : StoryPlan() }
  }

  @Test(
    "every fault ends as one outcome, once, in every role", arguments: Role.allCases,
    [VendorShape.openrouter, .litellm, .openai])
  func outcomes(_ role: Role, _ vendor: VendorShape) async throws {
    for stream in [false, true] {
      try await play(Self.rows, role.plan(), role, vendor, stream: stream)
    }
  }

  @Test("every hang ends once, a candidate's as a timeout", arguments: Role.allCases, [false, true])
  func hangs(_ role: Role, _ stream: Bool) async throws {
    var plan = role.plan()
    plan.traffic.timeouts.firstByte = .milliseconds(1000)
    plan.traffic.timeouts.idle = .milliseconds(1000)
    plan.limits.clientPatience = .milliseconds(1000)
    // The baseline has had what its client would wait: by then the client would have left.
    let rows = role == .baseline ? Self.hangs.map { Row($0.fault, .clientGone) } : Self.hangs
    try await play(rows, plan, role, .openai, stream: stream)
  }

  private func play(_ rows: [Row], _ plan: StoryPlan, _ role: Role, _ vendor: VendorShape, stream: Bool) async throws {
    try await story(plan) { story in
      for row in rows {
        let gateway = role == .baseline ? story.baseline : story.candidate
        gateway.set(GatewayBehavior(vendor: vendor, fault: row.fault, answerWords: 4))
        let seen = story.ledger.record.ends(role.population).count
        let client = try await story.client()
        client.send(Request.chat(stream: stream, lines: "Connection: close\r\n"))
        _ = await client.receiveAll()
        client.close()
        let record = await story.ledger.wait { $0.open == 0 && $0.ends(role.population).count > seen }
        let expected = stream ? row.stream : row.document
        #expect(
          record.outcomes(role.population).suffix(from: seen) == [expected],
          "\(row.fault) \(stream ? "streamed" : "as a document")")
      }
      expectSound(story.ledger.record, role)
    }
  }

  /// What holds of any ledger.
  private func expectSound(_ record: LedgerProbe.Record, _ role: Role) {
    let starts = Dictionary(uniqueKeysWithValues: record.starts.map { ($0.attempt, $0) })
    #expect(Set(record.ends.map(\.attempt)) == Set(starts.keys))
    #expect(record.ends.count == record.starts.count)
    for end in record.ends {
      guard let start = starts[end.attempt] else { continue }
      #expect(start.arm == end.arm && start.population == end.population && start.exchange == end.exchange)
      #expect(start.at.nanoseconds >= 1_000)
      #expect(end.at >= start.at)
      let took = end.at.nanoseconds - start.at.nanoseconds
      // The time in which a copy was let wait is not the arm's.
      #expect(start.population == .shadow ? (0...took).contains(end.latency) : end.latency == took)
      if let ttft = end.ttft { #expect(ttft >= 0 && ttft <= end.latency) }
      if end.outcome == .ok { #expect(end.ttft != nil) }
      if end.isNormalFinish { #expect(end.outcome == .ok) }
      if let cost = end.cost { #expect(cost >= 0 && cost < 0.01) }
    }
    #expect(record.ends(role.population).allSatisfy { $0.arm == role.arm })
    #expect(record.ends(.rescue).allSatisfy { $0.arm == .baseline && $0.outcome == .ok })
    #expect(record.fallbacks.count == record.ends(.rescue).count)
    #expect(
      record.starts.count == record.ends(role.population).count + record.ends(role == .shadow ? .live : .rescue).count)
  }

  // MARK: time and cost

  @Test("latency runs to the last byte, time to first token to the first content")
  func timing() async throws {
    var plan = StoryPlan()
    plan.baseline.latency = .fixed(.milliseconds(60))
    plan.baseline.streamEventCount = 5
    plan.baseline.streamEventInterval = .milliseconds(20)
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat(stream: true))
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      let ttft = try #require(end.ttft)
      #expect(ttft >= 60_000_000)
      #expect(end.latency >= ttft + 80_000_000)
      #expect(end.isNormalFinish)
    }
  }

  @Test("the clock of a request starts when its last byte has been read")
  func clockStart() async throws {
    try await story { story in
      let client = try await story.client()
      let request = Array(Request.chat().utf8)
      await client.sendAll(Array(request.dropLast()))
      _ = try await story.exchange(Request.chat(text: "in between"))
      client.send([request[request.count - 1]])
      _ = await client.receiveMessage()
      let record = await story.ledger.waitForEnds(2)
      #expect(record.starts[1].at >= record.ends[0].at)
    }
  }

  @Test("cost is what the arm reports, else the prices, else unknown")
  func cost() async throws {
    let price = Price(input: 1_000, output: 2_000)
    for (vendor, prices, stream, isKnown) in [
      (VendorShape.openrouter, [:], false, true), (.openrouter, [:], true, true), (.litellm, [:], false, true),
      // A stream is asked for its usage, and LiteLLM's has its cost there.
      (.litellm, [:], true, true), (.openai, [:], false, false), (.openai, ["cand-large": price], false, true),
      (.openai, ["app/large": price], false, false), (.openai, ["cand-large": price], true, true),
    ] as [(VendorShape, [String: Price], Bool, Bool)] {
      var plan = StoryPlan.canary(GatewayBehavior(vendor: vendor))
      plan.prices = prices
      try await story(plan) { story in
        _ = try await story.exchange(Request.chat(stream: stream))
        let end = try #require(await story.ledger.waitForEnds(1).ends.first)
        #expect((end.cost != nil) == isKnown, "\(vendor) \(stream) \(prices.keys)")
        if !prices.isEmpty, let cost = end.cost { #expect(cost > 0.001, "by the playbook's prices") }
      }
    }
  }

  @Test("the baseline's prices count also while nothing else of a request needs to be read")
  func quietCost() async throws {
    var plan = StoryPlan()
    plan.baseline.vendor = .openai
    plan.baselinePrices = ["app/large": Price(input: 1_000, output: 2_000)]
    try await story(plan) { story in
      _ = try await story.exchange(Request.chat())
      let end = try #require(await story.ledger.waitForEnds(1).ends.first)
      #expect((end.cost ?? 0) > 0.001)
    }
  }

  @Test("only the endpoints that are read are measured")
  func unmeasured() async throws {
    try await story { story in
      for request in [Request.get("/v1/models"), Request.get("/v1/videos/v_1"), Request.post("/v1/files", "{}")] {
        _ = try await story.exchange(request)
      }
      for (path, body) in [
        ("chat/completions", Request.body()), ("completions", #"{"model":"m","prompt":"p"}"#),
        ("responses", #"{"model":"m","input":"p"}"#), ("embeddings", #"{"model":"m","input":"p"}"#),
        ("messages", #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"p"}]}"#),
      ] {
        let answer = try await story.exchange(Request.post("/v1/\(path)", body))
        #expect(answer.status == 200)
      }
      let record = await story.ledger.wait { $0.counters.requests == 8 && $0.ends.count == 5 }
      #expect(record.outcomes(.live) == Array(repeating: .ok, count: 5))
    }
  }

  // MARK: retries

  @Test("a retry is told by its SDK, else by the same request within half a minute of a failure")
  func retries() async throws {
    var plan = StoryPlan()
    plan.baseline.script = [Self.status(500), .none, .none, .cutMidBody(afterBytes: 5), .none, .none]
    try await story(plan) { story in
      for request in [
        Request.chat(text: "a"), Request.chat(text: "a"), Request.chat(text: "b"), Request.chat(text: "c"),
        Request.chat(text: "c"), Request.chat(text: "d", lines: "x-stainless-retry-count: 1\r\n"),
      ] {
        let client = try await story.client()
        client.send(request)
        _ = await client.receiveMessage()
        client.close()
      }
      let record = await story.ledger.waitForEnds(6)
      #expect(record.ends.map(\.isRetry) == [false, true, false, false, true, true])
      // Nobody has seen what the last one retries: it counts where it is sent.
      #expect(record.retried.map(\.exchange) == [0, 3, 5].map { record.ends[$0].exchange })
      #expect(record.retried.allSatisfy { $0.arm == .baseline })
    }
  }

  // MARK: requests that name their arm
}
