/// From captured bytes to what judge, figures and store are told, by way of the service as it runs.

import Dialects
import Foundation
import Journal
import Logging
import NIOCore
import OperatorLog
import ResponseDiff
import RolloutJudge
import SidecarProxy
import Synchronization
import Testing
import TrafficSplit

@testable import crossfade

/// Exchanges as the proxy hands them over.
enum Captured {
  /// When the baseline was asked: later than any clock, so that nothing is too old to be kept.
  static let at = Instant(nanoseconds: 4_000_000_000_000_000_000)

  static func answer(
    _ population: Population, _ body: String, outcome: Outcome = .ok, status: Int? = 200,
    type: String = "application/json",
    coding: String = "", arm: ArmIndex? = nil, exchange: UInt64 = 0xAB, bytes: [UInt8]? = nil, isCut: Bool = false
  ) -> CapturedAnswer {
    let labels = ExchangeLabels(
      endpoint: .chatCompletions, model: "m", tags: [], features: RequestFeatures(), isStream: false)
    let end = AttemptEnd(
      attempt: 1, exchange: exchange, arm: arm ?? (population == .shadow ? .candidate(0) : .baseline),
      population: population, outcome: outcome, at: at + .seconds(1), latency: 1_000_000_000,
      ttft: nil, cost: nil, isRetry: false, isNormalFinish: true, labels: labels)
    return CapturedAnswer(
      end: end, status: status, contentType: type, contentEncoding: coding,
      body: [bytes.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: body)], isCut: isCut)
  }

  static func chat(_ text: String) -> String {
    #"{"id":"x","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"#
      + #""finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
  }

  static func stream(_ pieces: [String]) -> String {
    pieces.map { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n" }.joined()
      + #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
  }

  static func exchange(_ baseline: CapturedAnswer, _ copies: [CapturedAnswer], request: String = "{}")
    -> CapturedExchange
  {
    CapturedExchange(
      endpoint: .chatCompletions, request: ByteBuffer(string: request), baseline: baseline, copies: copies)
  }

  static func playbook(_ compare: ComparePolicy = ComparePolicy()) -> Playbook {
    let url = ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "")
    return Playbook(
      name: "r", baseline: Arm(name: "base", vendor: "openrouter", url: url),
      candidates: [Arm(name: "cand", vendor: "litellm", url: url), Arm(name: "other", vendor: "litellm", url: url)],
      stages: [Stage(name: "shadow", weights: [0, 0], shadow: [1, 1], hold: .seconds(1))], compare: compare)
  }
}

@Suite("ExchangeComparison")
struct ComparisonTests {
  private let comparer = AnswerComparer(rules: ComparisonRules(text: .init(similarity: 0.5)))

  @Test("each candidate's copy is a pair, with what the baseline's second answer says about its own variation")
  func pairs() {
    let exchange = Captured.exchange(
      Captured.answer(.live, Captured.chat("the quick brown fox")),
      [
        Captured.answer(.shadow, Captured.chat("the quick brown fox")),
        Captured.answer(.noise, Captured.chat("nothing alike at all here")),
        Captured.answer(.shadow, Captured.chat("lorem ipsum dolor sit"), arm: .candidate(1)),
      ])
    let pairs = ExchangeComparison(exchange, by: comparer).pairs
    let at = Captured.at
    #expect(
      pairs.map(\.verdict) == [
        PairComparison(exchange: 0xAB, candidate: .candidate(0), isMismatch: false, noiseMismatch: true, at: at),
        PairComparison(exchange: 0xAB, candidate: .candidate(1), isMismatch: true, noiseMismatch: true, at: at),
      ])
    #expect(pairs.map(\.toolCalls) == [0, 0])
    #expect(pairs[0].noise?.isMismatch == true)
  }

  @Test("an answer that was cut, or whose coding hides it, is held against nobody")
  func incomparable() {
    let whole = Captured.chat("the quick brown fox")
    let baseline = Captured.answer(.live, whole)
    for copy in [
      Captured.answer(.shadow, String(whole.prefix(40)), isCut: true), Captured.answer(.shadow, whole, coding: "br"),
      Captured.answer(.shadow, whole, coding: "gzip"), Captured.answer(.shadow, whole, outcome: .clientGone),
    ] {
      let pairs = ExchangeComparison(Captured.exchange(baseline, [copy]), by: comparer).pairs
      #expect(pairs.map(\.verdict) == [nil])
      #expect(pairs.map(\.comparison.isMismatch) == [false])
    }
    let noise = Captured.answer(.noise, whole, coding: "br")
    let pairs = ExchangeComparison(
      Captured.exchange(baseline, [Captured.answer(.shadow, whole), noise]), by: comparer
    ).pairs
    #expect(pairs[0].verdict?.noiseMismatch == nil && pairs[0].verdict != nil && pairs[0].noise == nil)
  }

  /// `{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}`, by gzip.
  private static let gzipped: [UInt8] = Array(
    Data(
      base64Encoded: "H4sIAAAAAAACAw3IMQ6AMAgF0Lv8uYMzVzHGNBUtQ8EIg0nD3fWNb6J1k8YOWidED35BS8Fg93oxaKKZ"
        + "BmuA0AVZcIqK9/3h6qb/etiN3PIDYlfzp0sAAAA=")
      ?? Data())

  @Test("a compressed answer is read as what it says")
  func gzip() throws {
    let answer = Captured.answer(.shadow, "", coding: "gzip", bytes: Self.gzipped)
    let read = ReadAnswer(answer, endpoint: .chatCompletions)
    #expect(String(decoding: read.body, as: UTF8.self).hasPrefix(#"{"choices""#))
    #expect(read.content?.choices.first?.text == "hi")
    #expect(!read.isCut)
    let cut = ReadAnswer(
      Captured.answer(.shadow, "", coding: "gzip", bytes: Array(Self.gzipped.prefix(30))), endpoint: .chatCompletions)
    #expect(cut.content?.choices.first?.text ?? "" != "hi")
  }

  @Test("a stream and a document that say the same are the same, whatever the body looks like")
  func streams() {
    let baseline = Captured.answer(.live, Captured.stream(["the qu", "ick brown", " fox"]), type: "text/event-stream")
    let copy = Captured.answer(.shadow, Captured.stream(["the quick ", "brown fox"]), type: "text/event-stream")
    let comparison = ExchangeComparison(Captured.exchange(baseline, [copy]), by: comparer)
    #expect(comparison.baseline.isStream && comparison.baseline.content?.choices.first?.text == "the quick brown fox")
    #expect(comparison.pairs[0].comparison.differences == [])
  }

  @Test("texts are asked about where they differ, and what comes of it is a mismatch of whoever is too far away")
  func meaning() throws {
    func comparison(_ copy: String, noise: String? = nil) -> ExchangeComparison {
      let copies =
        [Captured.answer(.shadow, Captured.chat(copy))]
        + (noise.map { [Captured.answer(.noise, Captured.chat($0))] } ?? [])
      return ExchangeComparison(
        Captured.exchange(Captured.answer(.live, Captured.chat("a b c")), copies),
        by: AnswerComparer(rules: ComparisonRules()))
    }
    #expect(comparison("a b c").texts == nil)
    #expect(comparison("").texts == nil)
    #expect(comparison("d e f", noise: "a b d").texts == ["a b c", "d e f", "a b d"])
    var judged = comparison("d e f", noise: "a b d")
    judged.add(cosines: [0.4, 0.9], atLeast: 0.85)
    #expect(judged.pairs[0].verdict?.isMismatch == true && judged.pairs[0].verdict?.noiseMismatch == false)
    #expect(judged.pairs[0].comparison.differences[0].kind == .semantic)
    #expect(judged.pairs[0].comparison.distance > 0.5)
    judged = comparison("d e f", noise: "a b d")
    judged.add(cosines: [0.85, 0.1], atLeast: 0.85)
    #expect(judged.pairs[0].verdict?.isMismatch == false && judged.pairs[0].verdict?.noiseMismatch == true)
  }

  @Test("cosines come from the endpoint's vectors, and what it gets wrong is an error")
  func cosines() throws {
    func read(_ body: String, _ count: Int) throws -> [Double] {
      try SemanticAsking.cosines(in: ByteBuffer(string: body), count: count)
    }
    let body = #"{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,0]},{"index":2,"embedding":[1,1]}]}"#
    let found = try read(body, 3)
    #expect(found.count == 2 && found[0] == 0 && abs(found[1] - 0.5.squareRoot()) < 1e-6)
    for (body, count) in [
      (body, 2), ("{}", 2), ("nonsense", 1),
      (#"{"data":[{"index":0,"embedding":[0,0]},{"index":1,"embedding":[1,0]}]}"#, 2),
      (#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,0]}]}"#, 2),
    ] {
      #expect(throws: SemanticAsking.Unusable.self) { try read(body, count) }
    }
  }
}

@Suite("ComparisonQueue")
struct ComparisonQueueTests {
  private final class Lines: LineSink {
    let isTerminal = false
    let lines = Mutex([String]())

    func write(_ line: [UInt8]) -> Bool {
      lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      return true
    }
  }

  private final class Clock: Sendable {
    private let instant = Mutex(Instant(nanoseconds: 0))
    var now: Instant { instant.withLock { $0 } }
    func advance(_ duration: Duration) { instant.withLock { $0 = $0 + duration } }
  }

  private let lines = Lines()

  private func exchange(bytes: Int = 10) -> CapturedExchange {
    Captured.exchange(Captured.answer(.live, String(repeating: "x", count: bytes)), [])
  }

  @Test("what finds no room is dropped and counted, and logged once a minute")
  func limit() async {
    let clock = Clock()
    let log = EventLog(sink: lines, level: .info, now: { clock.now })
    let queue = ComparisonQueue(log: log, now: { clock.now })
    for _ in 0..<ComparisonQueue.limit { queue.offer(exchange()) }
    #expect(queue.dropped == 0)
    for _ in 0..<3 { queue.offer(exchange()) }
    #expect(queue.dropped == 3)
    #expect(lines.lines.withLock(\.count) == 1)
    clock.advance(.seconds(60))
    queue.offer(exchange())
    let written = lines.lines.withLock { $0 }
    #expect(written.count == 2)
    #expect(written[1].contains(#""limit":"comparisons""#) && written[1].contains(#""count":3"#))
    var taken = 0
    for await exchange in queue.exchanges {
      queue.taken(exchange)
      taken += 1
      if taken == 1 { queue.offer(self.exchange()) }
      if taken == ComparisonQueue.limit { queue.close() }
    }
    #expect(taken == ComparisonQueue.limit + 1)
    #expect(queue.dropped == 4)
  }

  @Test("a few exchanges of many bytes are too much as well")
  func bytes() {
    let log = EventLog(sink: lines, level: .info, now: { Instant(nanoseconds: 0) })
    let queue = ComparisonQueue(log: log, now: { Instant(nanoseconds: 0) })
    let large = exchange(bytes: ComparisonQueue.byteLimit / 2 - 10)
    for _ in 0..<3 { queue.offer(large) }
    #expect(queue.dropped == 1)
  }
}

@Suite("ComparisonService")
struct ComparisonServiceTests {
  private actor Sink: ComparisonSink {
    private(set) var pairs: [ComparedPair] = []
    private let (received, inbox) = AsyncStream<Void>.makeStream()

    func receive(_ pairs: [ComparedPair]) async -> String {
      self.pairs += pairs
      inbox.yield()
      return "shadow"
    }

    func waitForOne() async { for await _ in received { return } }
  }

  private struct NoLines: LineSink {
    let isTerminal = false
    func write(_ line: [UInt8]) -> Bool { true }
  }

  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("compared-\(UUID().uuidString)")

  /// Everything captured is compared before this returns.
  private func run(_ exchanges: [CapturedExchange], _ policy: ComparePolicy) async throws -> [ComparedPair] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    _ = try Journal(path: path)
    let clock = ProcessClock()
    let log = EventLog(sink: NoLines(), level: .info, now: { clock.now })
    let sink = Sink()
    let service = try ComparisonService(
      playbook: Captured.playbook(policy), storePath: path, log: log, clock: clock, sink: sink)
    for exchange in exchanges { service.queue.offer(exchange) }
    service.queue.close()
    try await service.run()
    return await sink.pairs
  }

  private var path: String { folder.appendingPathComponent("s.db").path }

  private let captured = Captured.exchange(
    Captured.answer(.live, Captured.chat("write to jane@example.org")),
    [
      Captured.answer(
        .shadow, Captured.stream(["my key is sk-or-", "v1-0123456789abcdef", " ACM", "E-7"]), type: "text/event-stream")
    ], request: #"{"model":"m","messages":[{"role":"user","content":"card 4111 1111 1111 1111"}]}"#)

  @Test("pairs reach the sink and the store, redacted also where a secret is spread over events")
  func kept() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pairs = try await run([captured], ComparePolicy(redact: ["ACME-[0-9]+"]))
    #expect(pairs.count == 1)
    let sample = try #require(try Journal.reading(path: path).samples(exchange: "00000000000000ab").first)
    #expect(sample.candidate == "cand" && sample.stage == "shadow" && sample.model == "m" && sample.rollout == "r")
    #expect(sample.bodies?.request.text == #"{"model":"m","messages":[{"role":"user","content":"card [card]"}]}"#)
    #expect(sample.bodies?.baseline.text.contains("write to [email]") == true)
    #expect(
      sample.bodies?.answer.text == #"{"choices":[{"text":"my key is [key] [redacted]","finish_reason":"stop"}]}"#)
    let excerpts = sample.comparison.differences.flatMap { [$0.baseline, $0.candidate] }.compactMap(\.self).joined()
    for secret in ["jane", "sk-or", "ACME"] { #expect(!excerpts.contains(secret), "\(excerpts)") }
  }

  @Test("with samples off nothing is stored, and what was stored before is gone")
  func off() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await run([captured], ComparePolicy())
    #expect(try Journal.reading(path: path).samples().count == 1)
    let pairs = try await run([captured], ComparePolicy(samples: nil))
    #expect(pairs.count == 1)
    #expect(try Journal.reading(path: path).samples() == [])
  }

  @Test("an embeddings endpoint that nobody answers at changes no comparison")
  func semanticFault() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "/v1")
    let policy = ComparePolicy(semantic: SemanticCheck(url: url, model: "e", share: 1))
    let pairs = try await run([captured], policy)
    #expect(pairs.count == 1)
    #expect(pairs[0].comparison.differences.allSatisfy { $0.kind != .semantic })
  }
}
