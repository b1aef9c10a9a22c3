/// Replays on real sockets: what the candidate is sent, what it is not, and that limit and budget hold.

import Dialects
import Foundation
import GatewayEmulation
import MigrationReport
import OperatorLog
import RolloutJudge
import SidecarProxy
import Testing
import TrafficSplit

@testable import crossfade

@Suite(.serialized, .timeLimit(.minutes(2)))
struct ReplayRunTests {
  private struct Silence: LineSink {
    var isTerminal: Bool { false }
    func write(_ line: [UInt8]) -> Bool { true }
  }

  private static let answer = RecordedAnswer(
    status: 200, contentType: "application/json",
    body: Array(
      (#"{"id":"gen-1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"yes"},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"cost":0.5}}"#).utf8))

  private static func recording(_ count: Int, answer: RecordedAnswer? = Self.answer) -> Recording {
    var recording = Recording()
    recording.requests = (0..<count).map { number in
      let body = #"{"model":"app/model","max_tokens":10,"messages":[{"role":"user","content":"question \#(number)"}]}"#
      return RecordedRequest(
        origin: "r:\(number)", endpoint: .chatCompletions, headers: [.init(name: "x-team", value: "search")],
        body: Array(body.utf8), answer: answer, model: "app/model")
    }
    return recording
  }

  private static func playbook(candidate: Int, baseline: Int = 1, prices: [String: Price]) -> Playbook {
    let map = ModelMap(lines: [.init(from: Glob("app/model"), to: "own-model")])
    let arm = Arm(
      name: "litellm", vendor: "litellm",
      url: ArmURL(isTLS: false, host: "127.0.0.1", port: candidate, basePath: "/v1"),
      key: Secret("candidate-key"), models: map, prices: prices)
    return Playbook(
      name: "replayed",
      baseline: Arm(
        name: "openrouter", vendor: "openrouter",
        url: ArmURL(isTLS: false, host: "127.0.0.1", port: baseline, basePath: "/api/v1")),
      candidates: [arm], stages: [Stage(name: "shadow", weights: [0], shadow: [1], hold: .seconds(60))])
  }

  private struct Story {
    var result: ReplayResult
    var received: [ReceivedRequest]
    var store: String
  }

  private static func replay(
    _ recording: Recording, budget: Double? = nil, baseline: EmulatedGateway? = nil,
    behavior: GatewayBehavior = GatewayBehavior(vendor: .litellm),
    prices: [String: Price] = ["own-model": Price(input: 1, output: 4)], check: (Story) async throws -> Void
  ) async throws {
    let gateway = try await EmulatedGateway.start(behavior: behavior)
    let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let clock = ProcessClock()
    let store = folder.appending(path: "replay.db").path
    let run = ReplayRun(
      playbook: playbook(candidate: gateway.port, baseline: baseline?.port ?? 1, prices: prices), candidate: 0,
      recording: recording,
      pace: try #require(ReplayPace("500/s")), budget: budget, storePath: store,
      baselineKey: baseline.map { _ in Secret("baseline-key") }, certificateAuthorities: nil,
      log: EventLog(sink: Silence(), now: { clock.now }), clock: clock)
    let outcome: Result<Void, any Error>
    do {
      let result = try await run.run(stoppingOn: [])
      outcome = .success(try await check(Story(result: result, received: gateway.received, store: store)))
    } catch {
      outcome = .failure(error)
    }
    await gateway.stop()
    try FileManager.default.removeItem(at: folder)
    try outcome.get()
  }

  @Test("every request reaches the candidate once, under its own model and key, and is compared")
  func replays() async throws {
    try await Self.replay(Self.recording(20)) { story in
      #expect(story.result.stop == nil)
      #expect(story.result.figures.sent == 20)
      #expect(story.result.figures.outcomes == ["ok": 20])
      #expect(story.received.count == 20)
      let questions = Set(story.received.map(\.bodyText))
      #expect(questions.count == 20)
      for request in story.received {
        #expect(request.bodyText.contains(#""model":"own-model""#))
        #expect(request.values("authorization") == ["Bearer candidate-key"])
        #expect(request.values("x-team") == [], "a header that the playbook does not let pass")
        #expect(!request.headers.contains { $0.value.contains("replay-") })
      }
      let pairs = try #require(
        try ReplaySummary.comparisons(in: story.store, rollout: "replayed", candidate: "litellm"))
      #expect(pairs.pairs == 20)
      let lines = ReplaySummary(
        result: story.result, candidate: "litellm", storePath: "s.db", recorded: 20, pairs: pairs
      ).lines
      #expect(lines.first == "20 of 20 requests sent to litellm")
      #expect(lines.contains { $0.hasPrefix("compared:   20 pairs") })
    }
  }

  @Test("the baseline is asked where no answer was recorded, and only there")
  func asksBaseline() async throws {
    let baseline = try await EmulatedGateway.start(behavior: GatewayBehavior(requireKey: "baseline-key"))
    var recording = Self.recording(4)
    recording.requests[1].answer = nil
    recording.requests[3].answer = nil
    try await Self.replay(recording, baseline: baseline) { story in
      #expect(story.result.figures.answeredWell == 4)
      #expect(story.received.count == 4)
      #expect(story.result.figures.spent > story.result.figures.candidateCost, "the baseline's answers were paid for")
    }
    #expect(baseline.received.count == 2)
    #expect(baseline.received.allSatisfy { $0.target == "/api/v1/chat/completions" })
    #expect(
      Set(baseline.received.map(\.bodyText))
        == Set([1, 3].map { String(decoding: recording.requests[$0].body, as: UTF8.self) }))
    await baseline.stop()
  }

  @Test("a budget is never exceeded where prices and max_tokens bound the next answer", arguments: [0, 1, 5, 39])
  func budget(_ affordable: Int) async throws {
    let recording = Self.recording(40)
    let longest = try #require(recording.requests.map(\.body.count).max())
    // A dollar a million bytes at most, and ten tokens at four dollars a million.
    let reserve = Double(longest + 40) / 1e6
    let budget = reserve * (Double(affordable) + 0.5) / 2
    try await Self.replay(recording, budget: budget, behavior: GatewayBehavior(vendor: .litellm, answerWords: 4)) {
      story in
      #expect(story.result.figures.spent <= budget)
      #expect(story.received.count == story.result.figures.sent)
      #expect(story.result.stop == (story.result.figures.sent < 40 ? .budgetSpent : nil))
      // Every answer costs less than what is set aside for it, so at least these had room.
      #expect(story.result.figures.sent >= affordable / 2)
      if affordable == 0 { #expect(story.received.isEmpty) }
    }
  }

  @Test("an answer without a cost ends a replay with a budget, after one request")
  func unknownCost() async throws {
    try await Self.replay(
      Self.recording(5), budget: 1, behavior: GatewayBehavior(vendor: .openai), prices: [:]
    ) { story in
      #expect(story.result.stop == .costUnknown)
      #expect(story.received.count == 1)
    }
  }

  @Test("a stream is over at its last event, whatever is held open behind it")
  func heldOpen() async throws {
    var recording = Self.recording(3)
    for index in recording.requests.indices {
      recording.requests[index].body = Array(
        #"{"model":"app/model","stream":true,"messages":[{"role":"user","content":"question \#(index)"}]}"#.utf8)
    }
    let began = ContinuousClock.now
    try await Self.replay(recording, behavior: GatewayBehavior(fault: .hangAfterBody)) { story in
      #expect(story.result.figures.outcomes == ["ok": 3])
      #expect(story.result.stop == nil)
    }
    #expect(ContinuousClock.now - began < .seconds(60), "the time-out is ten minutes")
  }

  @Test("a candidate that fails is told by its outcomes, and ends the replay no sooner")
  func failing() async throws {
    try await Self.replay(
      Self.recording(6), behavior: GatewayBehavior(script: [.none, .status(500, retryAfterSeconds: nil), .garbage])
    ) { story in
      #expect(story.result.figures.copies == 6)
      #expect(story.result.figures.outcomes["failed"] == 2)
      #expect(story.result.figures.answeredWell == 6)
    }
  }
}
