/// One request of the application and the answer it gets: what the client connection remembers while it is open.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

final class Exchange {
  private let loop: LoopState
  let id: ExchangeID
  let request: InboundRequest
  /// Random bits of this exchange; they choose its copies, and its arm where nothing makes it stick.
  let draw: UInt64
  var assignment = Assignment.baseline
  /// The unit's hash.
  var unit: UInt64
  /// How the candidate failed that the baseline answers for.
  var fallback: String?
  var isRetry = false
  /// Its client says that it is one, and no failure of it is known.
  var retriesUnknown = false
  /// The arm that it was assigned to; nil where it names one, and counts for nobody.
  var countsFor: ArmIndex?
  /// Nil where the request was not looked into.
  var labels: ExchangeLabels?
  /// Where its client may have to wait for a picture.
  var waiting: WaitingReceiver?
  /// What guards remember of it; nil without guards.
  var guarded: GuardedExchange?
  /// The model that its arm is asked for, by the arm's own id; nil on the baseline.
  var model: String?
  private var hasFacts = false
  /// The attempt that the client waits for.
  var attempt: Attempt?
  /// The last request byte was read.
  var readAt = Instant(nanoseconds: 0)
  /// Copies still to be sent once the live request is on its way.
  var owesCopies = false
  /// The arm whose answer is forwarded.
  var arm = ArmIndex.baseline
  /// Nanoseconds that Crossfade itself has held the exchange up so far; nil where that is not measured.
  var overhead: Int64?
  /// The dialect that its answer is translated from.
  var translatedFrom: Endpoint?
  /// A body that only the closing of the connection ends.
  var endsByClosing = false

  /// Bytes of the request that count among the loop's kept bodies.
  private var keptBytes = 0

  init(id: ExchangeID, request: InboundRequest, draw: UInt64, loop: LoopState) {
    self.loop = loop
    self.id = id
    self.request = request
    self.draw = draw
    unit = draw
  }

  /// Reads what the body asks for, for the split and for measuring.
  func readFacts(for loop: LoopState) {
    guard !hasFacts else { return }
    hasFacts = true
    // A body under a content coding is none of what its bytes may happen to say.
    let body = request.hasCodedBody ? ByteBuffer() : request.body
    request.facts = loop.requestReader.read(body.readableBytesSpan)
    if loop.shared.translates { request.translations.targets = loop.shared.targets }
    labels = loop.labelTable.labels(of: request)
  }

  /// The request's fingerprint, by which its retries are told.
  private(set) lazy var fingerprint: UInt64 = request.fingerprint

  /// Once an answer is under way the body is needed no more, and a stream may last for minutes.
  func forgetBody() {
    // An SDK that counts its retries needs no fingerprint.
    if request.saysRetry == nil { _ = fingerprint } else { fingerprint = 0 }
    request.body = ByteBuffer()
    letGoOfBytes()
  }

  deinit { letGoOfBytes() }

  // MARK: what is kept of the body

  /// - Returns: false where the loop keeps as much as it may.
  func keeps(bytes: Int) -> Bool {
    guard bytes > keptBytes else { return true }
    guard loop.keptBodies.take(bytes - keptBytes) else { return false }
    keptBytes = bytes
    return true
  }

  /// All of the body is here.
  func noteKept(bytes: Int) {
    guard bytes > keptBytes else { return }
    loop.keptBodies.note(bytes - keptBytes)
    keptBytes = bytes
  }

  private func letGoOfBytes() {
    guard keptBytes > 0 else { return }
    loop.keptBodies.release(keptBytes)
    keptBytes = 0
  }

  /// - Parameters:
  ///   - model: the arm's own id; nil on the baseline.
  ///   - at: when the attempt's clock starts.
  func meter(
    _ target: ArmTarget, _ population: Population, model: String?, at: Instant, loop: LoopState
  ) -> AttemptMeter? {
    guard let endpoint = request.endpoint else { return nil }
    let start = AttemptStart(
      attempt: loop.serial(), exchange: id.bits, arm: target.index, population: population, unit: unit,
      shares: assignment.shares, at: at, model: labels?.model, bytes: request.body.readableBytes)
    loop.record(.started(start))
    let price = target.arm.prices.isEmpty ? nil : (model ?? request.facts?.model).flatMap { target.arm.prices[$0] }
    let meter = AttemptMeter(
      start: start, endpoints: EndpointPair(asked: endpoint, spoken: target.spoken(for: endpoint) ?? endpoint),
      request: request, isRetry: isRetry, price: price,
      labels: labels, askedModel: model ?? request.facts?.model, boundPrice: target.boundPrice,
      costFactor: target.arm.costFactor,
      decodedLimit: population == .shadow || population == .noise ? loop.shared.limits.shadowAnswerBytes : nil)
    if let guarded, population != .shadow, population != .noise { meter.guarded = guarded.attempt() }
    if endpoint == .videos, !target.index.isBaseline, population == .live || population == .override {
      let (arms, name) = (loop.shared.videoArms, target.arm.name)
      meter.videoBegan = { arms.note(video: $0, at: name, counts: population == .live) }
    }
    return meter
  }
}
