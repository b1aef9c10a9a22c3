/// Asks an embeddings endpoint how alike texts are in meaning: sampled, few at a time, and never anyone's fault.

import AsyncHTTPClient
import Dialects
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import OperatorLog
import RolloutJudge
import SidecarProxy
import Synchronization
import TrafficSplit

/// Failures are counted and logged; they are no difference between answers.
final class SemanticAsking: Sendable {
  let check: SemanticCheck
  private let client: HTTPClient
  private let log: EventLog
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  /// Requests under way.
  static let limit = 2
  static let timeout = TimeAmount.seconds(10)
  /// Characters of one text; embedding models take some thousand tokens.
  static let textLimit = 8000
  static let answerLimit = 4 << 20

  private struct State {
    var underWay = 0
    var counts = Counts()
    var loggedAt: Instant?
  }

  struct Counts: Sendable, Equatable {
    var asked = 0
    /// Not asked, because enough requests were under way.
    var skipped = 0
    var failed = 0
  }

  init(check: SemanticCheck, log: EventLog, now: @escaping @Sendable () -> Instant) {
    self.check = check
    self.log = log
    self.now = now
    client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: .impatient)
  }

  var counts: Counts { state.withLock(\.counts) }

  /// Whether an exchange is among those that are asked about, by its id alone.
  func concerns(_ exchange: UInt64) -> Bool {
    var hasher = UnitHasher(seed: 0x5E3A)
    hasher.combine(exchange)
    return Double(hasher.finish() >> 11) * 0x1p-53 < check.share
  }

  /// A place among the requests under way; false where there is none, which is counted.
  func begin() -> Bool {
    state.withLock { state in
      guard state.underWay < Self.limit else {
        state.counts.skipped += 1
        return false
      }
      state.underWay += 1
      state.counts.asked += 1
      return true
    }
  }

  /// To be called after `begin`.
  ///
  /// - Returns: the cosine of each further text with the first; nil where it could not be found out.
  func cosines(of texts: [String]) async -> [Double]? {
    defer { state.withLock { $0.underWay -= 1 } }
    do {
      return try await ask(texts)
    } catch {
      fail("\(error)")
      return nil
    }
  }

  func shutdown() async throws { try await client.shutdown() }

  private struct Question: Encodable {
    var model: String
    var input: [String]
  }

  struct Unusable: Error, CustomStringConvertible {
    var description: String
  }

  private func ask(_ texts: [String]) async throws -> [Double] {
    var request = HTTPClientRequest(url: check.url.description + "/embeddings")
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    if let key = check.key { request.headers.add(name: "authorization", value: "Bearer \(key.exposed)") }
    let question = Question(model: check.model, input: texts.map { String($0.prefix(Self.textLimit)) })
    request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(question)))
    let response = try await client.execute(request, timeout: Self.timeout)
    // An error's body could quote what was asked.
    guard response.status == .ok else { throw Unusable(description: "status \(response.status.code)") }
    let body = try await response.body.collect(upTo: Self.answerLimit)
    return try Self.cosines(in: body, count: texts.count)
  }

  static func cosines(in body: ByteBuffer, count: Int) throws -> [Double] {
    let content = AnswerContent(endpoint: .embeddings, status: 200, body: body.readableBytesUInt8Span.bytes)
    guard content.embeddings.count == count, let first = content.embeddings.first, !first.isEmpty else {
      throw Unusable(description: "\(content.embeddings.count) embeddings for \(count) texts")
    }
    return try content.embeddings.dropFirst().map { other in
      guard let cosine = cosine(first, other) else { throw Unusable(description: "embeddings that cannot be compared") }
      return cosine
    }
  }

  /// Nil for different dimensions and for vectors without a length.
  private static func cosine(_ a: [Float], _ b: [Float]) -> Double? {
    guard a.count == b.count else { return nil }
    var (dot, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    let length = (aa * bb).squareRoot()
    return length > 0 && length.isFinite ? dot / length : nil
  }

  private func fail(_ reason: String) {
    let count = state.withLock { state -> Int? in
      state.counts.failed += 1
      let now = now()
      if let loggedAt = state.loggedAt, now - loggedAt < .seconds(60) { return nil }
      state.loggedAt = now
      return state.counts.failed
    }
    guard let count else { return }
    log.logger(label: "comparison").warning(
      "the embeddings endpoint \(check.url.host) did not answer as it should (\(count) times so far): \(reason)")
  }
}
