/// One of a job's small answers: read whole, within a bound, and told as a value.

import Dialects
import HTTPFraming
import MediaJobs
import NIOCore

final class JobDocument: CallReceiver {
  /// The way in which a request about a job was answered.
  enum Reply {
    case answered(status: Int, body: [UInt8], Facts)
    /// - Parameter wasSent: some of the request had left.
    case ended(CallEnding, wasSent: Bool)
  }

  /// What a head says beside its status.
  struct Facts {
    var retryAfter: Duration?
    /// The value of the header that the vendor bills by.
    var units: Double?
  }

  private let loop: LoopState
  private let unitsHeader: [UInt8]?
  /// Nobody asks for one, and some send one.
  private var coding = ""
  private var done: ((Reply) -> Void)?
  private let sent: (() -> Void)?
  /// Ends the call that it reads the answer of.
  var cancel: (() -> Void)?
  private var wasSent = false
  private var status = 0
  private var facts = Facts()
  private var body: [UInt8] = []
  /// Far more than any vendor says of a job.
  private static let bodyLimit = 1 << 20

  /// - Parameters:
  ///   - unitsHeader: in small letters.
  ///   - done: called once, unless the call is cancelled.
  init(_ loop: LoopState, unitsHeader: String? = nil, sent: (() -> Void)? = nil, done: @escaping (Reply) -> Void) {
    self.loop = loop
    self.unitsHeader = unitsHeader.map { Array($0.utf8) }
    self.sent = sent
    self.done = done
  }

  var wantsPayloadOnly: Bool { true }

  func callSent() {
    wasSent = true
    sent?()
  }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    status = head.status
    let span = bytes.readableBytesSpan
    for field in head.fields {
      if field.id == .retryAfter { facts.retryAfter = RetryAfter.duration(span.text(field.value), at: loop.now()) }
      if field.id == .contentEncoding { coding.add(coding: span.lowercasedText(field.value)) }
      if let unitsHeader, span.reads(field.name, caseInsensitively: unitsHeader) {
        facts.units = PlausibleCost.of(Double(span.text(field.value)))
      }
    }
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    guard body.count + bytes.readableBytes <= Self.bodyLimit else { return tooLong() }
    body.append(contentsOf: bytes.readableBytesView)
  }

  /// Who goes on talking is not listened to.
  private func tooLong() {
    guard let done else { return }
    (self.done, body) = (nil, [])
    cancel?()
    cancel = nil
    done(.answered(status: status, body: [], facts))
  }

  func callEnded(_ ending: CallEnding) {
    let done = done
    (self.done, cancel) = (nil, nil)
    guard ending == .complete else { return done?(.ended(ending, wasSent: wasSent)) ?? () }
    done?(.answered(status: status, body: plain, facts))
  }

  /// Without its content coding; empty, and so unreadable, where that cannot be undone.
  private var plain: [UInt8] {
    let codings = coding.split(separator: ",").map(\.trimmingSpace).filter { $0 != "identity" && !$0.isEmpty }
    let body = body
    guard let name = codings.first else { return body }
    guard codings.count == 1, let decoder = ContentDecoder(coding: String(name), limit: Self.bodyLimit) else {
      return []
    }
    var plain: [UInt8] = []
    let state = decoder.decode(body.span.bytes) { piece in piece.withUnsafeBytes { plain.append(contentsOf: $0) } }
    return state == .holds ? plain : []
  }

  func payloadReceived(_ bytes: RawSpan) {}
  func bodyComplete() {}
  func readBurstEnded() {}
  func writabilityChanged(_ isWritable: Bool) {}
  func timeToWake() {}
}
