/// Measures one attempt from a copy of its answer: what was said, when content began, what it cost, how it ended.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// One per attempt that counts. Its start is in the ledger before it exists; `end` is called exactly once.
final class AttemptMeter {
  let start: AttemptStart
  let endpoints: EndpointPair?
  /// Nil where the request's body was not read: any form of answer will do.
  private(set) var expectsStream: Bool?
  private var asksForChoices = false
  /// Pictures, sizes and lengths that it asks for; nil of what is neither a picture's request nor a video's.
  private(set) var amount: MediaAmount?
  private(set) var asked = AskedMedia()
  private(set) var mayAnswerLater = true
  private let isRetry: Bool
  private(set) var price: Price?
  /// The price where nobody names one: as much as the dearest at most.
  let boundPrice: Price
  /// What the arm states is multiplied by this: its fee that no answer tells of.
  let costFactor: Double
  private let askedModel: String?
  private(set) var bound = CostBound()
  private var labels: ExchangeLabels?
  /// Where the answer is kept to be compared.
  var recorder: AnswerRecorder?
  /// Of an attempt that was a job.
  var jobNote: JobNote?
  /// Nil without guards.
  var guarded: GuardedAttempt?
  /// Told the id of a video whose making was taken on.
  var videoBegan: ((String) -> Void)?
  private(set) var status: Int?
  private(set) var hasRetryAfter = false
  private var retryAfter: Int64?
  private(set) var headerCost: Double?
  private(set) var headID = AnswerID()
  private var firstByte: Int64?
  private(set) var ttft: Int64?
  private var firstVisible: Int64?
  /// When the last piece of the answer was read, and the longest wait for one since content began.
  private var readAt: Int64 = 0
  private var longestGap: Int64?
  /// Nanoseconds in which the answer waited for whoever reads it.
  private var leftOut: Int64 = 0
  private(set) var reader: AnswerReader?
  private var decoder: ContentDecoder?
  /// Decoded bytes of a copy that are looked at in all, a piece of them at a time; nil for a live attempt.
  private let decodedLimit: Int?
  /// Coded bytes whose turn has yet to come.
  private var behind: [UInt8] = []
  private var decodedBytes = 0
  /// The content coding was unknown or broken, or hid more than is looked at: the content counts for nothing.
  private(set) var isUnreadable = false
  private(set) var hasBrokenCoding = false
  /// It unpacks into more than is looked at. That is Crossfade's own limit: a copy then counts for nobody.
  private(set) var isTooLong = false

  init(
    start: AttemptStart, endpoints: EndpointPair?, request: InboundRequest? = nil, isRetry: Bool, price: Price?,
    labels: ExchangeLabels?, askedModel: String? = nil, boundPrice: Price = ArmTarget.unknownPrice,
    costFactor: Double = 1, decodedLimit: Int? = nil
  ) {
    self.start = start
    self.endpoints = endpoints
    self.isRetry = isRetry
    self.price = price
    self.labels = labels
    self.askedModel = askedModel
    self.boundPrice = boundPrice
    self.costFactor = costFactor
    bound.requestBytes = request?.body.readableBytes ?? 0
    self.decodedLimit = decodedLimit
    if let request { learn(request) }
  }

  /// Each fact by itself: all of them are too much to copy.
  private func learn(_ request: InboundRequest) {
    guard request.isReadable else { return }
    expectsStream = request.facts?.stream
    asksForChoices = request.facts?.asksForChoices ?? false
    if endpoints?.spoken.isMedia == true {
      let body = request.body
      amount = request.facts?.mediaAmount(in: body.readableBytesSpan)
    }
    asked = request.facts?.media ?? asked
    mayAnswerLater = request.facts?.runsInBackground ?? true
    bound.maxTokens = request.facts?.maxTokens
  }

  /// Learns what the request asks for, read only once it was on its way to the baseline.
  func learn(from exchange: Exchange, of baseline: Arm) {
    learn(exchange.request)
    price = exchange.request.facts?.model.flatMap { baseline.prices[$0] }
    labels = exchange.labels
  }

  /// - Parameter now: when the last byte of the head was read.
  func headReceived(_ head: ResponseHead, _ bytes: RawSpan, at now: Instant) {
    status = head.status
    firstByte = now.nanoseconds - start.at.nanoseconds
    recorder?.headReceived(head, bytes)
    var format = AnswerFormat.other
    var coding = ""
    for field in head.fields {
      switch field.id {
      case .contentType: format = AnswerFormat.contentType(bytes.extracting(field.value))
      case .contentEncoding: coding.add(coding: bytes.lowercasedText(field.value))
      case .retryAfter, .retryAfterMilliseconds:
        hasRetryAfter = true
        let unit: Int64 = field.id == .retryAfter ? 1_000_000_000 : 1_000_000
        retryAfter = Int64(bytes.text(field.value)).flatMap { (0...86_400_000).contains($0) ? $0 * unit : nil }
      case .liteLLMCost, .edenAICost: headerCost = Dialects.headerCost(bytes.extracting(field.value))
      case .generationID: headID = AnswerID(bytes.extracting(field.value))
      default: break
      }
    }
    if !coding.isEmpty { open(coding: coding) }
    // LiteLLM's cost header means nothing on a stream, and its zero nothing beside an error.
    if format == .eventStream || headerCost == 0 && head.status >= 300 { headerCost = nil }
    guard !isUnreadable else { return }
    reader = AnswerReader(
      endpoint: endpoints?.spoken, status: head.status, format: format, tellsChoicesApart: asksForChoices,
      askedPictures: amount?.pictures ?? 1)
  }

  private func open(coding: String) {
    let codings = coding.split(separator: ",").map(\.trimmingSpace).filter { $0 != "identity" && !$0.isEmpty }
    guard let coding = codings.first else { return }
    decoder =
      codings.count == 1 ? ContentDecoder(coding: String(coding), limit: decodedLimit ?? Self.liveDecodedLimit) : nil
    isUnreadable = decoder == nil
  }

  /// - Parameter now: read by the caller once for each burst.
  /// - Returns: what has come for the first time.
  func payloadReceived(_ bytes: RawSpan, at now: Instant) -> AnswerProgress {
    recorder?.payloadReceived(bytes)
    if ttft != nil, now.nanoseconds > readAt { longestGap = max(longestGap ?? 0, now.nanoseconds - readAt) }
    readAt = now.nanoseconds
    guard !isUnreadable else { return AnswerProgress() }
    guard let decoder else { return read(bytes, at: now) }
    guard isBehind else { return decode(bytes, by: decoder, at: now) }
    bytes.withUnsafeBytes { behind.append(contentsOf: $0) }
    return AnswerProgress()
  }

  private func decode(_ bytes: RawSpan, by decoder: ContentDecoder, at now: Instant) -> AnswerProgress {
    var progress = AnswerProgress()
    let before = decoder.decoded
    let isCopy = decodedLimit != nil
    var state = decoder.decode(bytes, atMost: isCopy ? Self.decodedPiece : Self.liveDecodedPiece) {
      progress.formUnion(read($0, at: now))
    }
    decodedBytes += decoder.decoded - before
    if decoder.hasMore {
      if isCopy {
        behind = bytes.extracting(last: decoder.unused).withUnsafeBytes { Array($0) }
      } else {
        state = .tooLong
      }
    }
    guard state != .holds, !isStreamOver else { return progress }
    isUnreadable = true
    hasBrokenCoding = state == .broken
    isTooLong = state == .tooLong
    reader = nil
    behind = []
    return progress
  }

  /// Bytes of a live answer that are looked at.
  private static let liveDecodedLimit = 64 << 20
  /// The most of them a read may bring: honest answers unpack into a third of it, and the loop's other clients wait.
  private static let liveDecodedPiece = 4 << 20
  /// The most of them that are undone in a turn: some tenth of a millisecond's work.
  private static let decodedPiece = 64 << 10

  private func read(_ bytes: RawSpan, at now: Instant) -> AnswerProgress {
    bound.answerBytes += bytes.byteCount
    recorder?.decodedReceived(bytes)
    guard let progress = reader?.read(bytes), !progress.isEmpty else { return AnswerProgress() }
    if progress.contains(.begunAnew) { (ttft, firstVisible, longestGap) = (nil, nil, nil) }
    let since = now.nanoseconds - start.at.nanoseconds - leftOut
    if ttft == nil, progress.contains(.firstContent) { ttft = since }
    if firstVisible == nil, progress.contains(.firstVisible) { firstVisible = since }
    return progress
  }

  /// Nobody took the answer for so long: that is no time of the arm's.
  func leaveOut(nanoseconds: Int64) {
    leftOut += nanoseconds
    readAt += nanoseconds
  }

  /// Of the answer as it would be if it ended here.
  func signsSoFar() -> AnswerSigns? { reader?.signs() }

  /// - Parameter transport: how the connection ended, as the proxy saw it.
  func end(_ transport: TransportEnd, at now: Instant) -> AttemptEnd {
    // What a copy unpacks into is no fault of the arm's.
    let transport = isTooLong && decodedLimit != nil ? TransportEnd.clientGone : transport
    // Each fact from where it is: all of them are too much to copy.
    let signs = reader?.finish()
    let finish = reader.fact { $0.finish }
    let usage = reader.fact { $0.usage }
    let pictures = reader.fact { $0.pictures } ?? 0
    let (cost, costSource) = cost(reported: reader.fact { $0.reportedCost }, usage, pictures: pictures)
    let outcome = outcome(transport, signs)
    var end = AttemptEnd(
      attempt: start.attempt, exchange: start.exchange, arm: start.arm, population: start.population, outcome: outcome,
      at: now, latency: now.nanoseconds - start.at.nanoseconds - leftOut, ttft: ttft, cost: cost, isRetry: isRetry,
      isNormalFinish: outcome == .ok && finish?.isNormal ?? true, costSource: costSource, usage: usage,
      finish: finish, firstByte: firstByte, firstVisible: firstVisible, retryAfter: retryAfter,
      longestGap: signs?.format == .eventStream ? longestGap : nil, labels: labels, askedModel: askedModel,
      servedModel: reader.fact { $0.model }, costAtMost: cost == nil ? costAtMost(outcome, transport, usage) : nil)
    end.status = status
    end.pictures = Int32(clamping: pictures)
    end.jobNote = jobNote
    if outcome.countsAsError { noteMistake(reader.fact { $0.error }, in: &end) }
    if outcome.isOk, let videoBegan, let id = reader.fact({ $0.id }) { videoBegan(id) }
    recorder?.ended(end, isUnreadable: isUnreadable)
    return end
  }
}

// MARK: a copy's turns

extension AttemptMeter {
  /// Some of what has come has still to be undone.
  var isBehind: Bool { !isUnreadable && (decoder?.hasMore ?? false) }

  /// Undoes the next piece.
  func catchUp(at now: Instant) {
    guard isBehind, let decoder else { return }
    let bytes = behind
    behind = []
    _ = decode(bytes.span.bytes, by: decoder, at: now)
  }

  /// Decoded bytes since this was asked last.
  func takeDecodedBytes() -> Int {
    defer { decodedBytes = 0 }
    return decodedBytes
  }
}
