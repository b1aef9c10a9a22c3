/// One of a job's small answers: read whole, within a bound, and told as a value.

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

  private let unitsHeader: [UInt8]?
  private var done: ((Reply) -> Void)?
  private let sent: (() -> Void)?
  private var wasSent = false
  private var status = 0
  private var facts = Facts()
  private var body: [UInt8] = []
  private var isTooLong = false
  /// Far more than any vendor says of a job.
  private static let bodyLimit = 1 << 20

  /// - Parameters:
  ///   - unitsHeader: in small letters.
  ///   - done: called once, unless the call is cancelled.
  init(unitsHeader: String? = nil, sent: (() -> Void)? = nil, done: @escaping (Reply) -> Void) {
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
      if field.id == .retryAfter, let seconds = Double(span.text(field.value)), seconds >= 0, seconds < 86_400 {
        facts.retryAfter = .seconds(seconds)
      }
      if let unitsHeader, span.reads(field.name, caseInsensitively: unitsHeader) {
        facts.units = Double(span.text(field.value)).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
      }
    }
  }

  func bodyReceived(_ bytes: ByteBuffer) {
    guard body.count + bytes.readableBytes <= Self.bodyLimit else {
      isTooLong = true
      return
    }
    body.append(contentsOf: bytes.readableBytesView)
  }

  func callEnded(_ ending: CallEnding) {
    let done = done
    self.done = nil
    guard ending == .complete else { return done?(.ended(ending, wasSent: wasSent)) ?? () }
    done?(.answered(status: status, body: isTooLong ? [] : body, facts))
  }

  func payloadReceived(_ bytes: RawSpan) {}
  func bodyComplete() {}
  func readBurstEnded() {}
  func writabilityChanged(_ isWritable: Bool) {}
  func timeToWake() {}
}
