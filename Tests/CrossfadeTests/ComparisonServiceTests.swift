/// What judge and store are told of captured exchanges, by way of the service as it runs.

import Dialects
import Foundation
import Journal
import Logging
import OperatorLog
import ResponseDiff
import RolloutJudge
import SidecarProxy
import Testing

@testable import crossfade

@Suite("ComparisonService")
struct ComparisonServiceTests {
  private actor Sink: ComparisonSink {
    private(set) var pairs: [ComparedPair] = []
    private let (received, inbox) = AsyncStream<Void>.makeStream()

    func receive(_ pairs: [ComparedPair], generation: Int) async -> String {
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
