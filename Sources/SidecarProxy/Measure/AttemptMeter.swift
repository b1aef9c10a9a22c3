/// Measures one attempt from a copy of its answer: what was said, when content began, what it cost, how it ended.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// One per attempt that counts. Its start is in the ledger before it exists; `end` is called exactly once.
final class AttemptMeter {
  let start: AttemptStart
  private let endpoints: EndpointPair?
  /// Nil where the request's body was not read: any form of answer will do.
  private var expectsStream: Bool?
  private let isRetry: Bool
  private var price: Price?
  private var labels: ExchangeLabels?
  /// Where the answer is kept to be compared.
  var recorder: AnswerRecorder?
  private var status: Int?
  private var hasRetryAfter = false
  private var retryAfter: Int64?
  private var headerCost: Double?
  private var firstByte: Int64?
  private var ttft: Int64?
  private var firstVisible: Int64?
  /// When the last piece of the answer was read, and the longest wait for one since content began.
  private var readAt: Int64 = 0
  private var longestGap: Int64?
  private var reader: AnswerReader?
  private var decoder: ContentDecoder?
  /// The content coding was unknown or broken, so the content counts for nothing.
  private(set) var isUnreadable = false

  init(
    start: AttemptStart, endpoints: EndpointPair?, expectsStream: Bool?, isRetry: Bool, price: Price?,
    labels: ExchangeLabels?
  ) {
    self.start = start
    self.endpoints = endpoints
    self.expectsStream = expectsStream
    self.isRetry = isRetry
    self.price = price
    self.labels = labels
  }

  /// What the request asks for, read only once it was on its way to the baseline.
  func learn(from exchange: Exchange, of baseline: Arm) {
    expectsStream = exchange.request.facts?.stream
    price = exchange.request.facts?.model.flatMap { baseline.prices[$0] }
    labels = exchange.labels
  }

  /// - Parameter now: when the last byte of the head was read.
  func headReceived(_ head: ResponseHead, _ bytes: RawSpan, at now: Instant) {
    status = head.status
    firstByte = now.nanoseconds - start.at.nanoseconds
    recorder?.headReceived(head, bytes)
    var format = AnswerFormat.other
    for field in head.fields {
      switch field.id {
      case .contentType: format = AnswerFormat.contentType(bytes.extracting(field.value))
      case .contentEncoding: open(coding: bytes.lowercasedText(field.value))
      case .retryAfter, .retryAfterMilliseconds:
        hasRetryAfter = true
        let unit: Int64 = field.id == .retryAfter ? 1_000_000_000 : 1_000_000
        retryAfter = Int64(bytes.text(field.value)).flatMap { (0...86_400_000).contains($0) ? $0 * unit : nil }
      case .liteLLMCost, .edenAICost: headerCost = Dialects.headerCost(bytes.extracting(field.value))
      default: break
      }
    }
    // LiteLLM's cost header means nothing on a stream.
    if format == .eventStream { headerCost = nil }
    if !isUnreadable { reader = AnswerReader(endpoint: endpoints?.spoken, status: head.status, format: format) }
  }

  private func open(coding: String) {
    guard coding != "identity", !coding.isEmpty else { return }
    decoder = ContentDecoder(coding: coding)
    isUnreadable = decoder == nil
  }

  /// - Parameter now: read by the caller once for each burst.
  func payloadReceived(_ bytes: RawSpan, at now: Instant) {
    recorder?.payloadReceived(bytes)
    if ttft != nil, now.nanoseconds > readAt { longestGap = max(longestGap ?? 0, now.nanoseconds - readAt) }
    readAt = now.nanoseconds
    guard !isUnreadable else { return }
    guard let decoder else { return read(bytes, at: now) }
    if !decoder.decode(bytes, take: { read($0, at: now) }) {
      isUnreadable = true
      reader = nil
    }
  }

  private func read(_ bytes: RawSpan, at now: Instant) {
    guard let progress = reader?.read(bytes) else { return }
    guard !progress.isEmpty else { return }
    let since = now.nanoseconds - start.at.nanoseconds
    if ttft == nil, progress.contains(.firstContent) { ttft = since }
    if firstVisible == nil, progress.contains(.firstVisible) { firstVisible = since }
  }

  /// - Parameter transport: how the connection ended, as the proxy saw it.
  func end(_ transport: TransportEnd, at now: Instant) -> AttemptEnd {
    let facts = reader?.end()
    let (format, finish, usage) = (facts?.format, facts?.finish, facts?.usage)
    let (cost, costSource) = cost(reported: facts?.reportedCost, usage)
    let outcome = Dialects.outcome(
      of: AttemptEnding(
        transport: transport, status: status, hasRetryAfter: hasRetryAfter, endpoint: endpoints?.spoken, answer: facts,
        expectsStream: expectsStream ?? (format == .eventStream)))
    let end = AttemptEnd(
      attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population, outcome: outcome,
      at: now, latency: now.nanoseconds - start.at.nanoseconds, ttft: ttft, cost: cost, isRetry: isRetry,
      isNormalFinish: outcome == .ok && finish?.isNormal ?? true, costSource: costSource, usage: usage,
      finish: finish, firstByte: firstByte, firstVisible: firstVisible, retryAfter: retryAfter,
      longestGap: format == .eventStream ? longestGap : nil, labels: labels)
    recorder?.ended(end)
    return end
  }

  /// What the arm reports, else the playbook's prices, else unknown.
  private func cost(reported: Double?, _ usage: TokenUsage?) -> (Double?, CostSource) {
    if let reported = reported ?? headerCost { return (reported, .reported) }
    guard let usage, let price else { return (nil, .unknown) }
    let derived = derivedCost(
      usage: usage, input: price.input, output: price.output, cachedInput: price.cachedInput,
      cacheWrite: price.cacheWrite)
    return (derived, derived == nil ? .unknown : .derived)
  }
}

extension RawSpan {
  /// Short header values only.
  func lowercasedText(_ range: Range<Int>) -> String { text(range).lowercased() }

  func text(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
